"""Read a plan from its JSON document; whatever is wrong in it is a ValueError, a TypeError or a KeyError.

A plan file may come from anywhere. Nothing in it is believed before it has the right type, and every reason must have a
known code and all values of its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.codec.averaging import read_averaging
from reconciler.codec.body import read_step, read_terms
from reconciler.codec.fires import read_fire
from reconciler.codec.instants import read_instant
from reconciler.codec.numbers import to_decimal
from reconciler.model.consequences import Basis, Closing, Liquidation, Moment, PreviousGeneration
from reconciler.model.live import Prices
from reconciler.model.markets import UNTOLD, Market, MarketKind
from reconciler.model.operations import (
    BY_HAND_ACTIONS,
    Action,
    Cause,
    Effect,
    FieldChange,
    Operation,
    Precondition,
)
from reconciler.model.plan import Blocked, Notice, NoticeKind, Plan, PlanContext
from reconciler.model.problems import Problem, Severity
from reconciler.model.review import ConfigChange, GitState
from reconciler.model.specs import Origin
from reconciler.model.targets import Mode, TargetKind
from reconciler.model.terms import Side
from reconciler.saved_plan.fields import (
    read_described,
    read_integer,
    read_list,
    read_object,
    read_optional_integer,
    read_optional_number,
    read_optional_text,
    read_texts,
)
from reconciler.saved_plan.guardrail_parts import read_guardrail
from reconciler.saved_plan.hold_parts import read_freezes, read_policies
from reconciler.saved_plan.review_parts import read_acknowledged, read_base
from reconciler.saved_plan.risk_parts import read_operation_risk, read_workspace_risk

_HAS_TERMS = frozenset({Action.CREATE, Action.REPLACE, Action.UPDATE})
_HAS_AVERAGING = frozenset({Action.ADD_FUNDS, Action.CANCEL_AVERAGING})
_HAS_NOTE = frozenset({Action.CREATE, Action.REPLACE, Action.SET_NOTE, Action.RELEASE})


def read_document(document: Mapping[str, object]) -> Plan:
    """Read the plan that a document holds.

    Raises:
        ValueError: A value is impossible, or an operation lacks what it needs.
        TypeError: A value is of another type.
        KeyError: A key is missing.
        ArithmeticError: A number is absurd.
    """
    target, requests = read_object(document["target"]), read_object(document["requests"])
    prices = {pair: read_object(each) for pair, each in read_object(document["prices"]).items()}
    operations = [read_object(each) for each in read_list(document["operations"])]
    summary = read_object(document["summary"])
    return Plan(
        context=PlanContext(
            workspace=str(document["workspace"]),
            target=str(target["name"]),
            target_kind=TargetKind(str(target["kind"])),
            base_url=str(target["base_url"]),
            mode=Mode(str(target["mode"])),
            accounts={alias: read_integer(number) for alias, number in read_object(target["accounts"]).items()},
            git_commit=read_optional_text(document["git_commit"]),
            made_at=read_instant(str(document["made_at"])),
            expires_at=read_instant(str(document["expires_at"])),
        ),
        operations=tuple(map(_read_operation, operations)),
        blocked=tuple(_read_blocked(read_object(each)) for each in read_list(document["blocked"])),
        notices=tuple(_read_notice(read_object(each)) for each in read_list(document["notices"])),
        prices={pair: _read_prices(each) for pair, each in prices.items()},
        unchanged=read_integer(summary["unchanged"]),
        requests_used=read_integer(requests["used"]),
        requests_needed=read_integer(requests["needed"]),
        seconds_needed=float(read_integer(requests["seconds_needed"])),
        is_whole=document["is_whole"] is True,
        names=tuple(str(name) for name in read_list(document["trade_names"])),
        released=tuple(read_integer(number) for number in read_list(document["released"])),
        newest_id=read_integer(document["newest_id"]),
        warnings=tuple(_read_warning(read_object(each)) for each in read_list(document["warnings"])),
        base=read_base(document),
        acknowledged=read_acknowledged(document),
        config_base=read_optional_text(document["config_base"]),
        config_changes=tuple(_read_config_change(read_object(each)) for each in read_list(document["config_changes"])),
        unmanaged=tuple(read_integer(live_id) for live_id in read_list(document["not_managed"])),
        outside=tuple(read_integer(live_id) for live_id in read_list(document["outside"])),
        risk=read_workspace_risk(document, tuple(map(read_operation_risk, operations))),
        guardrails=tuple(read_guardrail(read_object(each)) for each in read_list(document["guardrails"])),
        sources=_read_sources(document),
        seen_at={pair: read_instant(str(each["seen_at"])) for pair, each in prices.items() if each["seen_at"]},
        git=_read_git(document["git"]),
        freezes=read_freezes(document),
        policies=read_policies(document),
    )


def _read_action(text: str) -> Action:
    """Read what an operation does; a plan holds nothing that is by hand only."""
    action = Action(text)
    if action in BY_HAND_ACTIONS:
        raise ValueError(f"found the action {text}, expected one of a plan: this one is by hand only")
    return action


def _read_cause(text: str) -> Cause:
    """Read why an operation is planned; a command is never part of a plan."""
    cause = Cause(text)
    if cause is Cause.COMMAND:
        raise ValueError(f"found the cause {text}, expected one of a plan")
    return cause


def _read_operation(operation: Mapping[str, object]) -> Operation:
    precondition, averaging = operation["precondition"], operation["averaging"]
    market = _read_market(operation.get("market"))
    read = Operation(
        action=_read_action(str(operation["action"])),
        trade=str(operation["trade"]),
        generation=read_integer(operation["generation"]),
        cause=_read_cause(str(operation["cause"])),
        effect=Effect(str(operation["effect"])),
        money=tuple(read_described(each) for each in read_list(operation["money"])),
        after=read_terms(read_object(operation["after"])).on(market) if operation["after"] is not None else None,
        changes=_read_changes(operation["changes"]),
        note_after=read_optional_text(operation["note_after"]),
        step=read_step(read_object(operation["step"])) if operation["step"] is not None else None,
        copies_left=read_integer(operation["copies_left"]),
        averaging=read_averaging(averaging) if averaging is not None else None,
        fires=tuple(read_fire(str(fire)) for fire in read_list(operation["fires"])),
        former_names=tuple(str(name) for name in read_list(operation["former_names"])),
        ignored=tuple(str(path) for path in read_list(operation["ignored"])),
        side_effects=tuple(Effect(str(effect)) for effect in read_list(operation["side_effects"])),
        closing=_read_closing(operation["closing"]),
        liquidation=_read_liquidation(operation["liquidation"]),
        previous=_read_previous(operation["previous"]),
        reviewed_prices=_read_optional_prices(operation["reviewed_prices"]),
        precondition=_read_precondition(precondition, operation, market) if precondition is not None else None,
    )
    _check_operation(read)
    return read


def _check_operation(operation: Operation) -> None:
    """Refuse an operation that lacks what carrying it out needs, or has what does not belong to it."""
    action = operation.action
    for what, is_there, is_needed in (
        ("after", operation.after is not None, action in _HAS_TERMS),
        ("precondition", operation.precondition is not None, action is not Action.CREATE),
        ("step", operation.step is not None, action is Action.CANCEL_STEP),
        ("averaging", operation.averaging is not None, action in _HAS_AVERAGING),
    ):
        if is_there != is_needed:
            raise ValueError(f"{action} {'needs' if is_needed else 'has no'} {what}")
    if action in _HAS_NOTE and not operation.note_after:
        raise ValueError(f"{action} needs note_after")


def _read_market(market: object) -> Market:
    """Read the market of an operation; plans of older versions do not say it."""
    if market is None:
        return UNTOLD
    read = read_object(market)
    size = read_optional_number(read["unit_size"])
    if size is not None and size <= 0:
        raise ValueError(f"found the size {size} of a unit, expected more than 0")
    return Market(kind=MarketKind(str(read["kind"])), unit_size=size)


def _read_precondition(value: object, operation: Mapping[str, object], market: Market) -> Precondition:
    precondition, after = read_object(value), operation["after"]
    terms = read_terms(read_object(operation["before"]))
    is_same_pair = after is None or read_object(after).get("pair") == terms.pair
    return Precondition(
        live_id=read_integer(precondition["live_id"]),
        status=str(precondition["status"]),
        note=str(precondition["note"]),
        terms=terms.on(market) if is_same_pair else terms,
        finished_steps=read_integer(precondition["finished_steps"]),
    )


def _read_blocked(blocked: Mapping[str, object]) -> Blocked:
    return Blocked(
        trade=str(blocked["trade"]),
        live_id=read_optional_integer(blocked["live_id"]),
        reason=read_described(blocked["reason"]),
        hint=read_described(blocked["hint"]),
        changes=_read_changes(blocked["changes"]),
    )


def _read_notice(notice: Mapping[str, object]) -> Notice:
    return Notice(
        kind=NoticeKind(str(notice["kind"])),
        trade=str(notice["trade"]),
        live_id=read_optional_integer(notice["live_id"]),
        reason=read_described(notice["reason"]),
        needs_attention=notice["needs_attention"] is True,
    )


def _read_warning(warning: Mapping[str, object]) -> Problem:
    return Problem(
        file=str(warning["file"]),
        line=read_integer(warning["line"]),
        column=read_integer(warning["column"]),
        path=str(warning["path"]),
        message=str(warning["message"]),
        severity=Severity(str(warning["severity"])),
    )


def _read_config_change(change: Mapping[str, object]) -> ConfigChange:
    return ConfigChange(
        path=str(change["path"]),
        before=read_optional_text(change["before"]),
        after=read_optional_text(change["after"]),
        trades=read_texts(change["trades"]),
    )


def _read_sources(document: Mapping[str, object]) -> Mapping[str, Origin]:
    """Read where the trades of operations, blocks and notices are written."""
    parts = (read_object(each) for key in ("operations", "blocked", "notices") for each in read_list(document[key]))
    found = {str(part["trade"]): read_object(part["source"]) for part in parts if part["source"] is not None}
    return {
        trade: Origin(
            file=str(source["file"]), line=read_integer(source["line"]), column=read_integer(source["column"])
        )
        for trade, source in found.items()
    }


def _read_git(value: object) -> GitState | None:
    if value is None:
        return None
    git = read_object(value)
    return GitState(
        commit=str(git["commit"]),
        tree=read_optional_text(git["tree"]),
        base_commit=read_optional_text(git["base_commit"]),
        is_dirty=git["dirty"] is not False,
    )


def _read_closing(value: object) -> Closing | None:
    if value is None:
        return None
    closing = read_object(value)
    return Closing(
        moment=Moment(str(closing["moment"])),
        parts=tuple(read_fire(str(part)) for part in read_list(closing["parts"])),
        side=Side(str(closing["side"])),
        share_pct=to_decimal(closing["share"]),
        units=to_decimal(closing["units"]),
        price=read_optional_number(closing["price"]),
        result=read_optional_number(closing["result"]),
    )


def _read_liquidation(value: object) -> Liquidation | None:
    if value is None:
        return None
    liquidation = read_object(value)
    is_before = liquidation["is_before_stop"]
    return Liquidation(
        basis=Basis(str(liquidation["basis"])),
        price=read_optional_number(liquidation["price"]),
        stop=read_optional_number(liquidation["stop"]),
        is_before_stop=None if is_before is None else is_before is True,
    )


def _read_previous(value: object) -> PreviousGeneration | None:
    if value is None:
        return None
    previous = read_object(value)
    return PreviousGeneration(
        generation=read_integer(previous["generation"]),
        live_id=read_integer(previous["live_id"]),
        status=str(previous["status"]),
        held_units=to_decimal(previous["held_units"]),
        profit=read_optional_number(previous["profit"]),
    )


def _read_changes(changes: object) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(
            path=str(change["path"]),
            live=read_optional_text(change["live"]),
            wanted=read_optional_text(change["wanted"]),
        )
        for change in map(read_object, read_list(changes))
    )


def _read_optional_prices(value: object) -> Prices | None:
    return None if value is None else _read_prices(read_object(value))


def _read_prices(prices: Mapping[str, object]) -> Prices:
    return Prices(bid=to_decimal(prices["bid"]), ask=to_decimal(prices["ask"]), last=to_decimal(prices["last"]))
