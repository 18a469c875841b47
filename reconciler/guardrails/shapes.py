"""Stage 7b: limits on the shape of a trade that is opened or changed: leverage, distances, and reward to risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconciler.guardrails.measures import Subject, judge_worst
from reconciler.guardrails.trade_changes import Facts, TradeChange, commits, find_terms, lowers_risk, may_raise_loss
from reconciler.model.field_groups import FieldGroup
from reconciler.model.fires import AVERAGING_FIRES
from reconciler.model.guardrails import Guardrail, Limit
from reconciler.model.operations import Action, Operation
from reconciler.model.risk import Level, LevelKind, OperationRisk, TradeRisk
from reconciler.model.terms import OrderType, Side, Terms

_HUNDRED = Decimal(100)
_PERCENT = "%"
# A limit order that waits; what executes at market has no distance.
_WAITING = frozenset({OrderType.LIMIT, OrderType.CONDITIONAL})


def judge_reward(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the smallest ratio of reward to loss at stop; a trade that cannot lose at its stop has none."""
    subjects = [
        Subject(
            trade=change.name,
            before=change.before.reward_risk if change.before else None,
            after=change.after.reward_risk if change.after else None,
            can_raise=True,
        )
        for change in facts.changes
        if _is_changed(change) and not _cannot_lose(change)
    ]
    yield from _judge_least(limit, subjects, "")


def judge_leverage(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the highest leverage of a trade that is opened or enlarged; if the API chooses it, it is not known."""
    subjects = [
        Subject(
            trade=operation.trade,
            before=_find_leverage(operation.precondition.terms) if operation.precondition else None,
            after=_find_leverage(operation.after),
            can_raise=True,
        )
        for operation in facts.operations
        if _may_be_leveraged(operation) and not lowers_risk(operation) and _sets_leverage(operation)
    ]
    if subjects:
        yield judge_worst(limit, subjects, limit.most)


def judge_liquidation(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the least room between stop and liquidation, in percent of the entry, of trades with leverage."""
    subjects = [
        Subject(
            trade=operation.trade,
            before=None,
            after=_find_buffer(operation, risk),
            can_raise=True,
            unit=_PERCENT,
        )
        for operation, risk in _list_pairs(facts)
        if _may_be_leveraged(operation) and may_raise_loss(operation)
    ]
    yield from _judge_least(limit, subjects, _PERCENT)


def judge_entry_distance(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the largest distance of a waiting entry or averaging order from the last price, in percent of it."""
    subjects = [
        Subject(
            trade=operation.trade,
            before=None,
            after=_find_entry_distance(operation, risk),
            can_raise=True,
            unit=_PERCENT,
        )
        for operation, risk in _list_pairs(facts)
        if _sets_waiting_entry(operation) or _sets_waiting_order(operation)
    ]
    if subjects:
        yield judge_worst(limit, subjects, limit.most, unit=_PERCENT)


def judge_stop_distance(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the largest and the least distance of a stop from the entry, in percent of the entry."""
    subjects = [
        Subject(
            trade=operation.trade, before=None, after=find_stop_distance(operation, risk), can_raise=True, unit=_PERCENT
        )
        for operation, risk in _list_pairs(facts)
        if operation.after is not None and operation.after.stop_loss is not None and _sets_stop(operation)
    ]
    if subjects and limit.most is not None:
        yield judge_worst(limit, subjects, limit.most, unit=_PERCENT)
    if limit.least is not None:
        yield from _judge_least(limit, subjects, _PERCENT)


def find_stop_distance(operation: Operation, risk: OperationRisk | None) -> Decimal | None:
    """Return the distance of the stop from the entry, in percent of the entry; None if it is not known."""
    terms = operation.after
    if terms is None or terms.stop_loss is None:
        return None
    trigger = terms.stop_loss.trigger
    if trigger.value is None:
        return trigger.percent
    entry = find_entry_price(operation, risk)
    return abs(entry - trigger.value) / entry * _HUNDRED if entry else None


def find_entry_price(operation: Operation, risk: OperationRisk | None) -> Decimal | None:
    """Return the price at which the position is, or will be, entered; None if it is not known."""
    held = _find_level(risk, LevelKind.AVERAGE) or _find_level(risk, LevelKind.ENTRY)
    if held is not None and held.price is not None:
        return held.price
    terms = find_terms(operation)
    if terms is None:
        return None
    if terms.entry.price is not None:
        return terms.entry.price
    if terms.entry.condition is not None:
        return terms.entry.condition.price
    prices = operation.reviewed_prices
    if prices is None:
        return None
    return prices.ask if terms.entry.side is Side.BUY else prices.bid


def _judge_least(limit: Limit, subjects: Sequence[Subject], unit: str) -> Iterator[Guardrail]:
    if subjects:
        yield judge_worst(limit, subjects, limit.least, unit=unit, is_least=True)


def _list_pairs(facts: Facts) -> Iterator[tuple[Operation, OperationRisk | None]]:
    for change in facts.changes:
        yield from zip(change.operations, change.risks, strict=True)


def _is_changed(change: TradeChange) -> bool:
    """Return whether a trade stays, and an operation changes what it may gain or lose."""
    stays = change.after is not None or not change.is_known
    return stays and any(not lowers_risk(operation) for operation in change.operations)


def _cannot_lose(change: TradeChange) -> bool:
    risk: TradeRisk | None = change.after
    return risk is not None and risk.has_stop and risk.loss_at_stop == 0


def _may_be_leveraged(operation: Operation) -> bool:
    """Return whether there is leverage, or may be: on a contract that names none the exchange has its own."""
    terms = operation.after
    return terms is not None and (terms.leverage is not None or terms.market.is_contract)


def _sets_leverage(operation: Operation) -> bool:
    """Return whether leverage is stated, or a position is opened or enlarged without it."""
    return commits(operation) or (operation.after is not None and operation.after.leverage is not None)


def _find_leverage(terms: Terms | None) -> Decimal | None:
    if terms is None or terms.leverage is None:
        return None
    return terms.leverage.value


def _find_buffer(operation: Operation, risk: OperationRisk | None) -> Decimal | None:
    """Return how far behind the stop the liquidation is, in percent of the entry; below 0 if it comes first."""
    terms, after = operation.after, risk.after if risk else None
    if terms is None or after is None:
        return None
    stop, entry = _find_level(risk, LevelKind.STOP), find_entry_price(operation, risk)
    price, liquidation = stop.price if stop else None, after.liquidation.value
    if price is None or liquidation is None or not entry:
        return None
    room = price - liquidation if terms.entry.side is Side.BUY else liquidation - price
    return room / entry * _HUNDRED


def _find_entry_distance(operation: Operation, risk: OperationRisk | None) -> Decimal | None:
    level = _find_level(risk, LevelKind.ENTRY)
    if operation.averaging is not None and risk is not None:
        orders = (each for each in risk.levels if each.kind is LevelKind.ADD)
        level = next((each for each in orders if each.price == operation.averaging.price), None)
    return None if level is None or level.distance_pct is None else abs(level.distance_pct)


def _find_level(risk: OperationRisk | None, kind: LevelKind) -> Level | None:
    return None if risk is None else next((level for level in risk.levels if level.kind is kind), None)


def _sets_waiting_entry(operation: Operation) -> bool:
    terms = operation.after
    if terms is None or terms.skip_enter_step or terms.entry.order_type not in _WAITING:
        return False
    changed = any(change.group is FieldGroup.POSITION for change in operation.changes)
    return operation.opens or (changed and commits(operation))


def _sets_waiting_order(operation: Operation) -> bool:
    is_added = operation.action is Action.ADD_FUNDS and operation.averaging is not None
    return is_added and AVERAGING_FIRES not in operation.fires


def _sets_stop(operation: Operation) -> bool:
    changed = any(change.group in (FieldGroup.STOP_LOSS, FieldGroup.POSITION) for change in operation.changes)
    return operation.opens or (changed and not lowers_risk(operation))
