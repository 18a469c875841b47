"""The phase of a trade, from the API's status words.

Source: SmartTradesV2 page, statuses; those in progress and the ended ones beside `cancelled` and `failed` from public
clients.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.live import Phase
from reconciler.model.statuses import OrderStatus, TradeStatus

ENDED_STATUSES = frozenset(
    {
        TradeStatus.CANCELLED,
        TradeStatus.FAILED,
        TradeStatus.FINISHED,
        TradeStatus.LIQUIDATED,
        TradeStatus.PANIC_SOLD,
        TradeStatus.SETTLED,
        TradeStatus.STOP_LOSS_FINISHED,
    }
)
# What is on its way to its end. Source: SmartTradesV2 page, cancel and close_by_market; public clients.
ENDING_STATUSES = frozenset(
    {
        TradeStatus.CANCELLATION_IN_PROGRESS,
        TradeStatus.CANCELLATION_PENDING,
        TradeStatus.PANIC_SELL_IN_PROGRESS,
        TradeStatus.PANIC_SELL_PENDING,
        TradeStatus.STOP_LOSS_IN_PROGRESS,
    }
)
# All words for a trade that has not ended; any other is not known, and may mean anything.
ACTIVE_STATUSES = ENDING_STATUSES | {
    TradeStatus.CREATED,
    TradeStatus.PENDING_REDUCE_FUNDS,
    TradeStatus.REDUCE_FUNDS_IN_PROGRESS,
    TradeStatus.WAITING_POSITION,
    TradeStatus.WAITING_TARGETS,
}
# The entry is on its way into the market or out of it, so its state is not known now. After force_start the
# trade itself still says waiting_position. Source: SmartTradesV2 page, force_start answer.
_MOVING_ENTRY_STATUSES = frozenset(
    {
        OrderStatus.ASYNC_ORDER_PLACEMENT,
        OrderStatus.PANIC_SELL_ORDER_PLACED,
        OrderStatus.PANIC_SELL_PENDING,
        OrderStatus.PENDING_CANCELLATION,
    }
)


def phase_of(status: str, entered_units: Decimal, entry_status: str = "") -> Phase:
    """Return the phase of a trade.

    Args:
        status: `status.type` of the SmartTrade.
        entered_units: `data.entered_amount`, base currency.
        entry_status: `position.status.type`.

    Returns:
        `BUSY` for all that is in progress and for words that are not known.
    """
    if status in ENDED_STATUSES:
        return Phase.ENDED
    if status == TradeStatus.WAITING_TARGETS:
        return Phase.OPEN
    if status != TradeStatus.WAITING_POSITION or entry_status in _MOVING_ENTRY_STATUSES:
        return Phase.BUSY
    return Phase.FILLING if entered_units > 0 else Phase.ENTERING
