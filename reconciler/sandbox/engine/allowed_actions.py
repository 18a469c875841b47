"""Actions that a trade allows in its current status.

The same functions check requests and set the flags of the entity.

Source: the flags in the published answers of every status; add funds, force start and close trade pages for the rest.
"""

from __future__ import annotations

from reconciler.sandbox.engine.trade import FundsOrder, Order, SmartTrade, Step
from reconciler.sandbox.values.statuses import WATCHING_STATUSES, OrderStatus, TradeStatus

_RUNNING = frozenset({TradeStatus.WAITING_POSITION, TradeStatus.WAITING_TARGETS})
_BUSY_HOLDING = frozenset(
    {
        TradeStatus.STOP_LOSS_IN_PROGRESS,
        TradeStatus.PENDING_REDUCE_FUNDS,
        TradeStatus.REDUCE_FUNDS_IN_PROGRESS,
    }
)
_ENDING = frozenset(
    {
        TradeStatus.CANCELLATION_PENDING,
        TradeStatus.CANCELLATION_IN_PROGRESS,
        TradeStatus.PANIC_SELL_PENDING,
        TradeStatus.PANIC_SELL_IN_PROGRESS,
    }
)
_STARTABLE_ENTRY = WATCHING_STATUSES | {OrderStatus.IDLE, OrderStatus.ORDER_PLACED}


def can_edit(trade: SmartTrade) -> bool:
    """Return whether PATCH is allowed."""
    return trade.status in _RUNNING


def can_close(trade: SmartTrade) -> bool:
    """Return whether the position may be closed at market."""
    return trade.status is TradeStatus.WAITING_TARGETS or trade.status in _BUSY_HOLDING


def can_add_funds(trade: SmartTrade) -> bool:
    """Return whether funds may be added: never to a simple trade, and never if something trails."""
    return trade.status in _RUNNING and not trade.is_instant and not _has_trailing(trade)


def can_reduce_funds(trade: SmartTrade) -> bool:
    """Return whether funds may be reduced."""
    return trade.status is TradeStatus.WAITING_TARGETS


def can_force_start(trade: SmartTrade) -> bool:
    """Return whether a waiting entry may become a market entry; own funds have no entry."""
    is_waiting = trade.status in (TradeStatus.CREATED, TradeStatus.WAITING_POSITION)
    return is_waiting and not trade.skip_enter_step and trade.position.status in _STARTABLE_ENTRY


def can_force_process(trade: SmartTrade) -> bool:
    """Return whether the trade may be asked to check the market again."""
    return not trade.is_terminal


def can_cancel(trade: SmartTrade) -> bool:
    """Return whether the whole trade may be cancelled."""
    return trade.status in _RUNNING or trade.status in _BUSY_HOLDING


def can_cancel_part(trade: SmartTrade, order: Order) -> bool:
    """Return whether one Trade entity may be cancelled."""
    if trade.is_terminal:
        return False
    if order is trade.position:
        return not trade.is_entered and can_cancel(trade)
    if isinstance(order, FundsOrder):
        return order.is_open and trade.status not in _ENDING
    if isinstance(order, Step):
        return can_edit(trade) and order.is_open
    return order is trade.stop and can_cancel(trade)


def can_close_step(trade: SmartTrade, step: Step) -> bool:
    """Return whether one step may be closed at market."""
    is_waiting = step.status in WATCHING_STATUSES or step.status is OrderStatus.ORDER_PLACED
    return trade.status is TradeStatus.WAITING_TARGETS and is_waiting


def _has_trailing(trade: SmartTrade) -> bool:
    distances = [trade.position.terms.trailing_pct, *(step.terms.trailing_pct for step in trade.steps)]
    has_trailing_stop = trade.stop is not None and trade.stop.terms.is_trailing
    return has_trailing_stop or any(distance is not None for distance in distances)
