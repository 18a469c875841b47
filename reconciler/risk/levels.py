"""The prices that matter to a trade, before and after an operation, with the result at each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from reconciler.model.live import Prices
from reconciler.model.risk import Level, LevelChange, LevelKind, LevelResult
from reconciler.model.terms import OrderType
from reconciler.risk.exits import StepExit, find_stop_trigger
from reconciler.risk.position import price_of
from reconciler.risk.trade_risk import Measured

_ZERO, _HUNDRED = Decimal(0), Decimal(100)
# Kinds of which there is one, that follows from the others: a new value does not make it a new level.
_DERIVED = (LevelKind.LAST, LevelKind.BREAKEVEN)
_NOTHING = LevelResult()


class _Found(NamedTuple):
    """A level of a trade in one state; see `Level`. A tuple, since there are many of them."""

    kind: LevelKind
    price: Decimal | None
    share_pct: Decimal | None = None
    trailing_pct: Decimal | None = None
    order_type: str = ""
    number: int | None = None
    units: Decimal | None = None
    result: LevelResult = _NOTHING

    def is_same(self, other: _Found) -> bool:
        """Return whether it is the same level in another state, whatever its number and size are there."""
        if self.kind is not other.kind:
            return False
        return self[1:5] == other[1:5] or self.kind in _DERIVED


def make_levels(before: Measured | None, after: Measured | None, prices: Prices | None) -> tuple[Level, ...]:
    """Make the levels of a trade, by falling price, those without a price last.

    Args:
        before: The trade before an operation, or None if it is not there.
        after: The trade after it, or None if it is not there then.
        prices: Present prices of its pair, or None.
    """
    last = prices.last if prices else None
    profits = _find_profits(before)
    old = list(_list_levels(before, last, profits)) if before else []
    stop_change = LevelChange.WORSE if _is_worse(before, after) else LevelChange.NEW
    levels: list[Level] = []
    if before is None or after is None or after.steps is not before.steps or after.position is not before.position:
        profits = _find_profits(after)
    for each in _list_levels(after, last, profits) if after else ():
        known = _take(old, each)
        levels.append(_make(each, known.result if known else None, each.result, last, stop_change))
    levels += [_make(each, each.result, None, last, stop_change) for each in old]
    return _sort(levels)


def _take(levels: list[_Found], wanted: _Found) -> _Found | None:
    """Take the same level out of those of another state; None if it is not among them."""
    for place, level in enumerate(levels):
        if level.is_same(wanted):
            return levels.pop(place)
    return None


def _sort(levels: Sequence[Level]) -> tuple[Level, ...]:
    """Sort levels by falling price; those without a price come last."""
    priced = [(level.price, level) for level in levels if level.price is not None]
    priced.sort(key=itemgetter(0), reverse=True)
    return (*(level for _, level in priced), *(level for level in levels if level.price is None))


def _make(
    found: _Found,
    before: LevelResult | None,
    after: LevelResult | None,
    last: Decimal | None,
    stop_change: LevelChange,
) -> Level:
    price = found.price
    return Level(
        kind=found.kind,
        index=found.number,
        price=price,
        distance_pct=(price - last) / last * _HUNDRED if last and price is not None else None,
        share_pct=found.share_pct,
        units=found.units,
        trailing_pct=found.trailing_pct,
        order_type=found.order_type,
        before=before,
        after=after,
        change=_find_change(found.kind, before, after, stop_change),
    )


def _find_change(
    kind: LevelKind, before: LevelResult | None, after: LevelResult | None, stop_change: LevelChange
) -> LevelChange:
    if kind is LevelKind.LAST or (before is not None and after is not None):
        return LevelChange.KEPT
    if after is None:
        return LevelChange.REMOVED
    return stop_change if kind is LevelKind.STOP else LevelChange.NEW


def _find_profits(trade: Measured | None) -> Sequence[Decimal | None]:
    """Find what each step brings."""
    if trade is None:
        return ()
    position = trade.position
    costs = (position.cost_of(step.units) for step in trade.steps)
    return [
        None if step.value is None or cost is None else position.sign * (step.value - cost)
        for step, cost in zip(trade.steps, costs, strict=True)
    ]


def _list_levels(trade: Measured, last: Decimal | None, profits: Sequence[Decimal | None]) -> Iterator[_Found]:
    risk = trade.risk
    if risk.units is None:
        return
    loss = _loss_of_unit(trade)
    yield from _list_entries(trade)
    for step, profit in zip(trade.steps, profits, strict=True):
        yield _describe_step(step, profit, loss)
    if trade.state.stop is not None:
        yield _describe_stop(trade, loss)
    if risk.breakeven is not None:
        yield _Found(LevelKind.BREAKEVEN, risk.breakeven, result=LevelResult(profit=_ZERO, r=_ZERO if loss else None))
    if risk.liquidation.value is not None:
        result = LevelResult(profit=None if risk.margin is None else -risk.margin)
        yield _Found(LevelKind.LIQUIDATION, risk.liquidation.value, result=result)
    if last is not None:
        yield _Found(LevelKind.LAST, last, result=LevelResult(profit=risk.at_market))


def _list_entries(trade: Measured) -> Iterator[_Found]:
    """Yield where it is entered, where averaging orders add to it, and the average once they are filled."""
    state, position = trade.state, trade.position
    entry, condition = state.terms.entry, state.terms.entry.condition
    waits = state.waiting_units > 0 and not state.is_held
    yield _Found(
        LevelKind.ENTRY,
        position.waiting_price if waits else position.average,
        None,
        condition.trailing_pct if condition and waits else None,
        entry.order_type if state.waiting_units else "",
        None,
        state.held_units + state.waiting_units,
    )
    for number, order in enumerate(state.adds, start=1):
        yield _Found(LevelKind.ADD, order.price, order_type=OrderType.LIMIT, number=number, units=order.units)
    if state.adds:
        price = price_of(state.terms, position.units, position.cost)
        yield _Found(LevelKind.AVERAGE, price, units=position.units)


def _describe_step(step: StepExit, profit: Decimal | None, loss: Decimal | None) -> _Found:
    terms = step.step.terms
    return _Found(
        LevelKind.STEP,
        step.price,
        terms.volume_pct,
        terms.trailing_pct,
        terms.order_type,
        step.step.index,
        step.units,
        _in_multiples(profit, step.units, loss),
    )


def _describe_stop(trade: Measured, loss: Decimal | None) -> _Found:
    stop, units, risk = trade.state.stop, trade.position.units, trade.risk
    known = risk.loss_at_stop is not None and risk.locked_in is not None
    profit = (risk.locked_in or _ZERO) - (risk.loss_at_stop or _ZERO) if known else None
    return _Found(
        LevelKind.STOP,
        find_stop_trigger(trade.state, trade.position),
        _HUNDRED,
        stop.trailing_pct if stop else None,
        stop.order_type if stop else "",
        units=units,
        result=_in_multiples(profit, units, loss),
    )


def _in_multiples(profit: Decimal | None, units: Decimal, loss: Decimal | None) -> LevelResult:
    return LevelResult(profit=profit, r=profit / units / loss if profit is not None and units and loss else None)


def _loss_of_unit(trade: Measured) -> Decimal | None:
    """Return the loss of one unit at the stop; None if it would not lose, or if that is not known."""
    loss = trade.risk.loss_at_stop
    return loss / trade.position.units if loss and trade.position.units else None


def _is_worse(before: Measured | None, after: Measured | None) -> bool:
    """Return whether the stop afterwards protects one unit less than the stop before."""
    if before is None or after is None or before.stop_price is None or after.stop_price is None:
        return False
    is_lower = after.stop_price < before.stop_price
    return is_lower if after.position.is_long else after.stop_price > before.stop_price
