"""Where a trade is in its life, from the API's status words.

Source: SmartTradesV2 page, statuses; those in progress and the ended ones beside `cancelled` and `failed` from public
clients.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.live import Phase

ENDED_STATUSES = frozenset(
    {"cancelled", "failed", "finished", "liquidated", "panic_sold", "settled", "stop_loss_finished"}
)
# What is on its way to its end. Source: SmartTradesV2 page, cancel and close_by_market; public clients.
ENDING_STATUSES = frozenset(
    {
        "cancellation_in_progress",
        "cancellation_pending",
        "panic_sell_in_progress",
        "panic_sell_pending",
        "stop_loss_in_progress",
    }
)
# All words for a trade that has not ended; any other is not known, and may mean anything.
_OTHER_STATUSES = ("created", "pending_reduce_funds", "reduce_funds_in_progress", "waiting_position", "waiting_targets")
ACTIVE_STATUSES = ENDING_STATUSES.union(_OTHER_STATUSES)
# The entry is on its way into the market or out of it, so nothing can be said about it right now. After force_start the
# trade itself still says waiting_position. Source: SmartTradesV2 page, force_start answer.
_MOVING_ENTRY_STATUSES = frozenset(
    {"async_order_placement", "panic_sell_order_placed", "panic_sell_pending", "pending_cancellation"}
)


def phase_of(status: str, entered_units: Decimal, entry_status: str = "") -> Phase:
    """Where a trade is in its life.

    Args:
        status: `status.type` of the SmartTrade.
        entered_units: `data.entered_amount`, base currency.
        entry_status: `position.status.type`.

    Returns:
        `BUSY` for all that is in progress and for words that are not known.
    """
    if status in ENDED_STATUSES:
        return Phase.ENDED
    if status == "waiting_targets":
        return Phase.OPEN
    if status != "waiting_position" or entry_status in _MOVING_ENTRY_STATUSES:
        return Phase.BUSY
    return Phase.FILLING if entered_units > 0 else Phase.ENTERING
