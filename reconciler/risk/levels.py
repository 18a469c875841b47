"""The prices that matter to a trade, before and after an operation, with the result at each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from reconciler.model.live import Prices
from reconciler.model.risk import Level, LevelChange, LevelKind, LevelResult
from reconciler.model.terms import OrderType
from reconciler.risk.exits import StepExit, find_stop_trigger
from reconciler.risk.position import price_of
from reconciler.risk.trade_risk import Measured

_ZERO, _HUNDRED = Decimal(0), Decimal(100)
# What makes a level the same before and after, whatever its number is.
_Key: TypeAlias = "tuple[LevelKind, Decimal | None, Decimal | None, Decimal | None, str]"
# Kinds of which there is one, that follows from the others: a new value does not make it a new level.
_DERIVED = (LevelKind.LAST, LevelKind.BREAKEVEN)
_NOTHING = LevelResult()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A level of a trade in one state."""

    level: Level
    result: LevelResult

    @property
    def key(self) -> _Key:
        level = self.level
        if level.kind in _DERIVED:
            return (level.kind, None, None, None, "")
        return (level.kind, level.price, level.share_pct, level.trailing_pct, level.order_type)


def make_levels(before: Measured | None, after: Measured | None, prices: Prices | None) -> tuple[Level, ...]:
    """Make the levels of a trade, by falling price, those without a price last.

    Args:
        before: The trade before an operation, or None if it is not there.
        after: The trade after it, or None if it is not there then.
        prices: Present prices of its pair, or None.
    """
    old = list(_list_levels(before, prices)) if before else []
    new = list(_list_levels(after, prices)) if after else []
    change = LevelChange.WORSE if _is_worse(before, after) else LevelChange.NEW
    levels: list[Level] = []
    for each in new:
        same = next((known for known in old if known.key == each.key), None)
        if same is not None:
            old.remove(same)
        levels.append(_join(same, each, change))
    levels += [replace(each.level, before=each.result, change=_change_of_removed(each.level)) for each in old]
    last = prices.last if prices else None
    return tuple(_add_distance(level, last) for level in sorted(levels, key=_by_falling_price))


def _join(before: _Found | None, after: _Found, stop_change: LevelChange) -> Level:
    if before is not None or after.level.kind is LevelKind.LAST:
        return replace(after.level, before=before.result if before else None, after=after.result)
    change = stop_change if after.level.kind is LevelKind.STOP else LevelChange.NEW
    return replace(after.level, after=after.result, change=change)


def _change_of_removed(level: Level) -> LevelChange:
    return LevelChange.KEPT if level.kind is LevelKind.LAST else LevelChange.REMOVED


def _list_levels(trade: Measured, prices: Prices | None) -> Iterator[_Found]:
    if trade.risk.units is None:
        return
    loss = _loss_of_unit(trade)
    yield from _list_entries(trade)
    for step in trade.steps:
        yield _describe_step(trade, step, loss)
    if trade.state.stop is not None:
        yield _describe_stop(trade, loss)
    if trade.risk.breakeven is not None:
        found = Level(kind=LevelKind.BREAKEVEN, price=trade.risk.breakeven)
        yield _Found(level=found, result=LevelResult(profit=_ZERO, r=None if loss is None else _ZERO))
    if trade.risk.liquidation.value is not None:
        profit = None if trade.risk.margin is None else -trade.risk.margin
        found = Level(kind=LevelKind.LIQUIDATION, price=trade.risk.liquidation.value)
        yield _Found(level=found, result=LevelResult(profit=profit))
    if prices is not None:
        yield _Found(
            level=Level(kind=LevelKind.LAST, price=prices.last), result=LevelResult(profit=trade.risk.at_market)
        )


def _list_entries(trade: Measured) -> Iterator[_Found]:
    """Yield where it is entered, where averaging orders add to it, and the average once they are filled."""
    state, position = trade.state, trade.position
    entry, units = state.terms.entry, state.held_units + state.waiting_units
    condition = entry.condition
    waits = state.waiting_units > 0 and not state.is_held
    level = Level(
        kind=LevelKind.ENTRY,
        price=position.waiting_price if waits else position.average,
        units=units,
        trailing_pct=condition.trailing_pct if condition and waits else None,
        order_type=entry.order_type.value if state.waiting_units else "",
    )
    yield _Found(level=level, result=_NOTHING)
    for index, order in enumerate(state.adds, start=1):
        add = Level(
            kind=LevelKind.ADD, index=index, price=order.price, units=order.units, order_type=OrderType.LIMIT.value
        )
        yield _Found(level=add, result=_NOTHING)
    if state.adds:
        price = price_of(state.terms, position.units, position.cost)
        yield _Found(level=Level(kind=LevelKind.AVERAGE, price=price, units=position.units), result=_NOTHING)


def _describe_step(trade: Measured, step: StepExit, loss: Decimal | None) -> _Found:
    terms = step.step.terms
    level = Level(
        kind=LevelKind.STEP,
        index=step.step.index,
        price=step.price,
        share_pct=terms.volume_pct,
        units=step.units,
        trailing_pct=terms.trailing_pct,
        order_type=terms.order_type.value,
    )
    return _Found(level=level, result=_result_at(trade, step.units, step.least, loss))


def _describe_stop(trade: Measured, loss: Decimal | None) -> _Found:
    stop, units = trade.state.stop, trade.position.units
    level = Level(
        kind=LevelKind.STOP,
        price=find_stop_trigger(trade.state, trade.position),
        share_pct=_HUNDRED,
        units=units,
        trailing_pct=stop.trailing_pct if stop else None,
        order_type=stop.order_type.value if stop else "",
    )
    return _Found(level=level, result=_result_at(trade, units, trade.stop_price, loss))


def _result_at(trade: Measured, units: Decimal, price: Decimal | None, loss: Decimal | None) -> LevelResult:
    profit = None if price is None else trade.position.result_of(units, price)
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


def _by_falling_price(level: Level) -> tuple[bool, Decimal, Sequence[str]]:
    return (level.price is None, -(level.price or _ZERO), (level.kind.value, str(level.index)))


def _add_distance(level: Level, last: Decimal | None) -> Level:
    if last is None or level.price is None or not last:
        return level
    return replace(level, distance_pct=(level.price - last) / last * _HUNDRED)
