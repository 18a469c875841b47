"""Read a plan from its JSON document; whatever is wrong in it is a ValueError, a TypeError or a KeyError.

A plan file may come from anywhere. Nothing in it is believed before it has the right type, and every reason must have a
known code and all values of its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reconciler.codec.averaging import read_averaging
from reconciler.codec.body import read_step, read_terms
from reconciler.codec.fires import read_fire
from reconciler.codec.instants import read_instant
from reconciler.codec.json_fields import as_integer, as_list, as_object
from reconciler.codec.numbers import to_decimal
from reconciler.codec.reasons import read_reason
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
from reconciler.model.reasons import Reason
from reconciler.model.review import ConfigChange
from reconciler.model.targets import Mode, TargetKind
from reconciler.model.terms import Side
from reconciler.rendering.reasons import describe, find_code
from reconciler.saved_plan.guardrails import read_guardrails

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
    target, requests = _object(document["target"]), _object(document["requests"])
    prices = {pair: _read_prices(_object(each)) for pair, each in _object(document["prices"]).items()}
    summary = _object(document["summary"])
    return Plan(
        context=PlanContext(
            workspace=str(document["workspace"]),
            target=str(target["name"]),
            target_kind=TargetKind(str(target["kind"])),
            base_url=str(target["base_url"]),
            mode=Mode(str(target["mode"])),
            accounts={alias: _int(number) for alias, number in _object(target["accounts"]).items()},
            git_commit=_optional_text(document["git_commit"]),
            made_at=read_instant(str(document["made_at"])),
            expires_at=read_instant(str(document["expires_at"])),
        ),
        operations=tuple(_read_operation(_object(each)) for each in _list(document["operations"])),
        blocked=tuple(_read_blocked(_object(each)) for each in _list(document["blocked"])),
        notices=tuple(_read_notice(_object(each)) for each in _list(document["notices"])),
        prices=prices,
        unchanged=_int(summary["unchanged"]),
        requests_used=_int(requests["used"]),
        requests_needed=_int(requests["needed"]),
        seconds_needed=float(_int(requests["seconds_needed"])),
        is_whole=document["is_whole"] is True,
        names=tuple(str(name) for name in _list(document["trade_names"])),
        released=tuple(_int(number) for number in _list(document["released"])),
        warnings=tuple(_read_warning(_object(each)) for each in _list(document["warnings"])),
        config_base=_optional_text(document["config_base"]),
        config_changes=tuple(_read_config_change(_object(each)) for each in _list(document["config_changes"])),
        guardrails=read_guardrails(document["guardrails"]),
        unmanaged=tuple(_int(live_id) for live_id in _list(document["not_managed"])),
        outside=tuple(_int(live_id) for live_id in _list(document["outside"])),
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
        generation=_int(operation["generation"]),
        cause=_read_cause(str(operation["cause"])),
        effect=Effect(str(operation["effect"])),
        money=tuple(_read_reason(each) for each in _list(operation["money"])),
        after=read_terms(_object(operation["after"])).on(market) if operation["after"] is not None else None,
        changes=_read_changes(operation["changes"]),
        note_after=_optional_text(operation["note_after"]),
        step=read_step(_object(operation["step"])) if operation["step"] is not None else None,
        copies_left=_int(operation["copies_left"]),
        averaging=read_averaging(averaging) if averaging is not None else None,
        fires=tuple(read_fire(str(fire)) for fire in _list(operation["fires"])),
        former_names=tuple(str(name) for name in _list(operation["former_names"])),
        ignored=tuple(str(path) for path in _list(operation["ignored"])),
        side_effects=tuple(Effect(str(effect)) for effect in _list(operation["side_effects"])),
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
    read = _object(market)
    size = _optional_number(read["unit_size"])
    if size is not None and size <= 0:
        raise ValueError(f"found the size {size} of a unit, expected more than 0")
    return Market(kind=MarketKind(str(read["kind"])), unit_size=size)


def _read_precondition(value: object, operation: Mapping[str, object], market: Market) -> Precondition:
    precondition, after = _object(value), operation["after"]
    terms = read_terms(_object(operation["before"]))
    is_same_pair = after is None or _object(after).get("pair") == terms.pair
    return Precondition(
        live_id=_int(precondition["live_id"]),
        status=str(precondition["status"]),
        note=str(precondition["note"]),
        terms=terms.on(market) if is_same_pair else terms,
        finished_steps=_int(precondition["finished_steps"]),
    )


def _read_blocked(blocked: Mapping[str, object]) -> Blocked:
    return Blocked(
        trade=str(blocked["trade"]),
        live_id=_optional_int(blocked["live_id"]),
        reason=_read_reason(blocked["reason"]),
        hint=_read_reason(blocked["hint"]),
        changes=_read_changes(blocked["changes"]),
    )


def _read_notice(notice: Mapping[str, object]) -> Notice:
    return Notice(
        kind=NoticeKind(str(notice["kind"])),
        trade=str(notice["trade"]),
        live_id=_optional_int(notice["live_id"]),
        reason=_read_reason(notice["reason"]),
        needs_attention=notice["needs_attention"] is True,
    )


def _read_warning(warning: Mapping[str, object]) -> Problem:
    return Problem(
        file=str(warning["file"]),
        line=_int(warning["line"]),
        column=_int(warning["column"]),
        path=str(warning["path"]),
        message=str(warning["message"]),
        severity=Severity(str(warning["severity"])),
    )


def _read_config_change(change: Mapping[str, object]) -> ConfigChange:
    return ConfigChange(
        path=str(change["path"]), before=_optional_text(change["before"]), after=_optional_text(change["after"])
    )


def _read_closing(value: object) -> Closing | None:
    if value is None:
        return None
    closing = _object(value)
    return Closing(
        moment=Moment(str(closing["moment"])),
        parts=tuple(read_fire(str(part)) for part in _list(closing["parts"])),
        side=Side(str(closing["side"])),
        share_pct=to_decimal(closing["share"]),
        units=to_decimal(closing["units"]),
        price=_optional_number(closing["price"]),
        result=_optional_number(closing["result"]),
    )


def _read_liquidation(value: object) -> Liquidation | None:
    if value is None:
        return None
    liquidation = _object(value)
    is_before = liquidation["is_before_stop"]
    return Liquidation(
        basis=Basis(str(liquidation["basis"])),
        price=_optional_number(liquidation["price"]),
        stop=_optional_number(liquidation["stop"]),
        is_before_stop=None if is_before is None else is_before is True,
    )


def _read_previous(value: object) -> PreviousGeneration | None:
    if value is None:
        return None
    previous = _object(value)
    return PreviousGeneration(
        generation=_int(previous["generation"]),
        live_id=_int(previous["live_id"]),
        status=str(previous["status"]),
        held_units=to_decimal(previous["held_units"]),
        profit=_optional_number(previous["profit"]),
    )


def _read_changes(changes: object) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(
            path=str(change["path"]),
            live=_optional_text(change["live"]),
            wanted=_optional_text(change["wanted"]),
        )
        for change in map(_object, _list(changes))
    )


def _read_reason(value: object) -> Reason:
    """Read a reason, and make sure that its sentence can be written: its text in the file is not used."""
    found = read_reason(value, find_code)
    try:
        describe(found)
    except KeyError as error:
        raise ValueError(f"{found.code} has no value {error}") from None
    return found


def _read_optional_prices(value: object) -> Prices | None:
    return None if value is None else _read_prices(_object(value))


def _read_prices(prices: Mapping[str, object]) -> Prices:
    return Prices(bid=to_decimal(prices["bid"]), ask=to_decimal(prices["ask"]), last=to_decimal(prices["last"]))


def _object(value: object) -> Mapping[str, object]:
    return as_object(value, "a part of the plan")


def _list(value: object) -> Sequence[object]:
    return as_list(value, "a list of the plan")


def _int(value: object) -> int:
    return as_integer(value, "a number of the plan")


def _optional_int(value: object) -> int | None:
    return None if value is None else _int(value)


def _optional_text(value: object) -> str | None:
    return None if value is None else str(value)


def _optional_number(value: object) -> Decimal | None:
    return None if value is None else to_decimal(value)
