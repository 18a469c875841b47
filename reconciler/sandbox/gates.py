"""Which action a trade allows in its present status.

The same answers gate the requests and are shown as the flags of the entity.

Source: the flags in the published answers of every status; add funds, force start and close trade pages for the rest.
"""

from __future__ import annotations

from reconciler.sandbox.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.trade import SmartTrade, Step

_RUNNING = frozenset({TradeStatus.WAITING_POSITION, TradeStatus.WAITING_TARGETS})
_STARTABLE_ENTRY = frozenset({OrderStatus.IDLE, OrderStatus.TO_PROCESS, OrderStatus.ORDER_PLACED})


def can_edit(trade: SmartTrade) -> bool:
    """Whether PATCH is allowed."""
    return trade.status in _RUNNING


def can_close(trade: SmartTrade) -> bool:
    """Whether the position may be closed at market."""
    return trade.status in (TradeStatus.WAITING_TARGETS, TradeStatus.STOP_LOSS_IN_PROGRESS)


def can_add_funds(trade: SmartTrade) -> bool:
    """Whether funds may be added: never to a simple trade, nor where something trails."""
    return trade.status in _RUNNING and not trade.is_instant and not _has_trailing(trade)


def can_reduce_funds(trade: SmartTrade) -> bool:
    """Whether funds may be reduced."""
    return trade.status is TradeStatus.WAITING_TARGETS


def can_force_start(trade: SmartTrade) -> bool:
    """Whether a waiting entry may be turned into a market entry."""
    is_waiting = trade.status in (TradeStatus.CREATED, TradeStatus.WAITING_POSITION)
    return is_waiting and trade.position.status in _STARTABLE_ENTRY


def can_force_process(trade: SmartTrade) -> bool:
    """Whether the trade may be told to look at the market again."""
    return not trade.is_terminal


def can_cancel(trade: SmartTrade) -> bool:
    """Whether the whole trade may be cancelled."""
    return trade.status in _RUNNING or trade.status is TradeStatus.STOP_LOSS_IN_PROGRESS


def can_cancel_step(step: Step) -> bool:
    """Whether one step may be cancelled."""
    return step.is_open


def can_close_step(step: Step) -> bool:
    """Whether one step may be closed at market."""
    return step.status in (OrderStatus.TO_PROCESS, OrderStatus.ORDER_PLACED)


def _has_trailing(trade: SmartTrade) -> bool:
    distances = [trade.position.terms.trailing_pct, *(step.terms.trailing_pct for step in trade.steps)]
    if trade.stop is not None:
        distances.append(trade.stop.terms.trailing_pct)
    return any(distance is not None for distance in distances)
