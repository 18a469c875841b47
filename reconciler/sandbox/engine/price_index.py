"""The price levels that could move a trade: an index, so that a tick reads only the trades that it may move.

An order that trails is checked when its level is reached, and when the watched price is better than ever. A running
timeout is checked when the price comes back, and when the time is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reconciler.sandbox.engine.stop_loss import find_level
from reconciler.sandbox.engine.trade import FundsOrder, SmartTrade, Step, Stop
from reconciler.sandbox.values.market import Pair, PriceType
from reconciler.sandbox.values.statuses import GUARDED_STATUSES, WATCHING_STATUSES, OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import Crossing, Side
from reconciler.sandbox.values.trailing import trail_level


@dataclass(frozen=True, slots=True)
class WatchedLevel:
    """One level: the trade is checked when the watched price has reached it.

    Args:
        price_type: The price that is watched.
        crossing: From which side the price must come.
        level: The level in quote currency.
        is_passed: Whether the price must go beyond the level, not only reach it.
    """

    price_type: PriceType
    crossing: Crossing
    level: Decimal
    is_passed: bool = False

    def count_steps(self, pair: Pair) -> int:
        """Return the first price on the grid that counts, as a whole number of price steps."""
        steps = self.level / pair.price_step
        if self.crossing is Crossing.UPWARDS:
            return int(steps.to_integral_value(ROUND_FLOOR)) + 1 if self.is_passed else _round(steps, ROUND_CEILING)
        return int(steps.to_integral_value(ROUND_CEILING)) - 1 if self.is_passed else _round(steps, ROUND_FLOOR)


def list_levels(trade: SmartTrade) -> list[WatchedLevel]:
    """List all levels at which a trade may move; none if nothing can move it."""
    if trade.status is TradeStatus.WAITING_POSITION:
        return [*_watch_entry(trade), *_watch_averaging(trade)]
    if trade.status in GUARDED_STATUSES:
        return [*_watch_exits(trade), *_watch_averaging(trade)]
    if trade.status is TradeStatus.STOP_LOSS_IN_PROGRESS and trade.stop is not None:
        return list(_watch_stop(trade, trade.stop))
    return []


def find_timeout(trade: SmartTrade) -> int | None:
    """Sandbox time in milliseconds at which the timeout of the stop ends; None if none runs."""
    stop = trade.stop
    if stop is None or stop.beyond_since_ms is None or stop.terms.timeout_s is None:
        return None
    is_running = trade.status in GUARDED_STATUSES and stop.status in WATCHING_STATUSES
    return stop.beyond_since_ms + stop.terms.timeout_s * 1000 if is_running else None


def _round(steps: Decimal, rounding: str) -> int:
    return int(steps.to_integral_value(rounding))


def _watch_entry(trade: SmartTrade) -> Iterator[WatchedLevel]:
    position, terms = trade.position, trade.position.terms
    if position.status is OrderStatus.ORDER_PLACED and terms.price is not None:
        yield _watch_limit(terms.side, terms.price)
    elif position.status is OrderStatus.TRAILING_ACTIVATED and position.extreme is not None and terms.trigger_type:
        yield from _watch_trailing(
            terms.trigger_type, position.extreme, terms.trailing_pct or Decimal(0), is_rising=not trade.is_long
        )
    elif position.status is OrderStatus.TO_PROCESS and terms.trigger and terms.trigger_type and position.crossing:
        yield WatchedLevel(terms.trigger_type, position.crossing, terms.trigger)


def _watch_averaging(trade: SmartTrade) -> Iterator[WatchedLevel]:
    for order in trade.averaging:
        yield from _watch_funds(order, trade.position.terms.side)


def _watch_exits(trade: SmartTrade) -> Iterator[WatchedLevel]:
    for step in trade.steps:
        if step.price is not None:
            yield from _watch_step(trade, step, step.price)
    for order in trade.reductions:
        yield from _watch_funds(order, trade.exit_side)
    if trade.stop is not None:
        yield from _watch_stop(trade, trade.stop)


def _watch_funds(order: FundsOrder, side: Side) -> Iterator[WatchedLevel]:
    if order.status is OrderStatus.ORDER_PLACED and order.terms.price is not None:
        yield _watch_limit(side, order.terms.price)


def _watch_step(trade: SmartTrade, step: Step, level: Decimal) -> Iterator[WatchedLevel]:
    if step.status is OrderStatus.ORDER_PLACED:
        yield _watch_limit(trade.exit_side, level)
    elif step.status is OrderStatus.TO_PROCESS:
        yield WatchedLevel(step.terms.price_type, _gaining(trade), level)
    elif step.status is OrderStatus.TRAILING_ACTIVATED and step.extreme is not None:
        distance_pct = step.terms.trailing_pct or Decimal(0)
        yield from _watch_trailing(step.terms.price_type, step.extreme, distance_pct, is_rising=trade.is_long)


def _watch_stop(trade: SmartTrade, stop: Stop) -> Iterator[WatchedLevel]:
    if stop.status is OrderStatus.ORDER_PLACED and stop.terms.limit_price is not None:
        yield _watch_limit(trade.exit_side, stop.terms.limit_price)
        return
    level = find_level(trade, stop)
    if stop.status not in WATCHING_STATUSES or level is None:
        return
    if stop.beyond_since_ms is None:
        yield WatchedLevel(stop.terms.price_type, _losing(trade), level)
    else:
        yield WatchedLevel(stop.terms.price_type, _gaining(trade), level, is_passed=True)
    if stop.extreme is not None:
        yield WatchedLevel(stop.terms.price_type, _gaining(trade), stop.extreme, is_passed=True)


def _watch_trailing(
    price_type: PriceType, extreme: Decimal, distance_pct: Decimal, *, is_rising: bool
) -> Iterator[WatchedLevel]:
    better, worse = Crossing.UPWARDS, Crossing.DOWNWARDS
    if not is_rising:
        better, worse = worse, better
    yield WatchedLevel(price_type, better, extreme, is_passed=True)
    yield WatchedLevel(price_type, worse, trail_level(extreme, distance_pct, is_rising=is_rising))


def _gaining(trade: SmartTrade) -> Crossing:
    return Crossing.UPWARDS if trade.is_long else Crossing.DOWNWARDS


def _losing(trade: SmartTrade) -> Crossing:
    return Crossing.DOWNWARDS if trade.is_long else Crossing.UPWARDS


def _watch_limit(side: Side, level: Decimal) -> WatchedLevel:
    if side is Side.BUY:
        return WatchedLevel(PriceType.ASK, Crossing.DOWNWARDS, level)
    return WatchedLevel(PriceType.BID, Crossing.UPWARDS, level)
