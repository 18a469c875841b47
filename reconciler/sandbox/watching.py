"""Which price levels could move a trade: the index that lets a tick touch only the trades it moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reconciler.sandbox.market import PriceType
from reconciler.sandbox.simulated import is_entry_simulated, is_step_simulated, is_stop_simulated
from reconciler.sandbox.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.terms import Crossing, Side
from reconciler.sandbox.trade import SmartTrade, Step, Stop


@dataclass(frozen=True, slots=True)
class Watch:
    """One level: the trade is looked at when the watched price has reached it.

    Args:
        price_type: The price that is watched.
        crossing: From which side the price must come.
        level: The level in quote currency.
    """

    price_type: PriceType
    crossing: Crossing
    level: Decimal


def list_watches(trade: SmartTrade) -> list[Watch]:
    """All levels at which a settled trade may move; none for one that nothing can move."""
    if trade.status is TradeStatus.WAITING_POSITION:
        return list(_watch_entry(trade))
    if trade.status is TradeStatus.WAITING_TARGETS:
        return list(_watch_exits(trade))
    if trade.status is TradeStatus.STOP_LOSS_IN_PROGRESS and trade.stop is not None:
        return list(_watch_stop(trade, trade.stop))
    return []


def _watch_entry(trade: SmartTrade) -> Iterator[Watch]:
    position, terms = trade.position, trade.position.terms
    if position.status is OrderStatus.ORDER_PLACED and terms.price is not None:
        yield _watch_limit(terms.side, terms.price)
    elif is_entry_simulated(trade) and terms.trigger is not None and terms.trigger_type and position.crossing:
        yield Watch(terms.trigger_type, position.crossing, terms.trigger)


def _watch_exits(trade: SmartTrade) -> Iterator[Watch]:
    for step in trade.steps:
        if is_step_simulated(step) and step.price is not None:
            yield from _watch_step(trade, step, step.price)
    if trade.stop is not None:
        yield from _watch_stop(trade, trade.stop)


def _watch_step(trade: SmartTrade, step: Step, level: Decimal) -> Iterator[Watch]:
    if step.status is OrderStatus.ORDER_PLACED:
        yield _watch_limit(trade.exit_side, level)
    elif step.status is OrderStatus.TO_PROCESS:
        yield Watch(step.terms.price_type, Crossing.UPWARDS if trade.is_long else Crossing.DOWNWARDS, level)


def _watch_stop(trade: SmartTrade, stop: Stop) -> Iterator[Watch]:
    if stop.status is OrderStatus.ORDER_PLACED and stop.terms.limit_price is not None:
        yield _watch_limit(trade.exit_side, stop.terms.limit_price)
    elif stop.status is OrderStatus.TO_PROCESS and is_stop_simulated(stop) and stop.trigger is not None:
        yield Watch(stop.terms.price_type, Crossing.DOWNWARDS if trade.is_long else Crossing.UPWARDS, stop.trigger)


def _watch_limit(side: Side, level: Decimal) -> Watch:
    if side is Side.BUY:
        return Watch(PriceType.ASK, Crossing.DOWNWARDS, level)
    return Watch(PriceType.BID, Crossing.UPWARDS, level)
