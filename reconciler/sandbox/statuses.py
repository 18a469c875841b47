"""Where a SmartTrade and its orders can be in their life, and how the API titles it.

Source: SmartTrade page, statuses; those of the end beside `cancelled` and `failed` from public clients.
"""

from __future__ import annotations

from enum import StrEnum


class TradeStatus(StrEnum):
    """Where a SmartTrade is in its life.

    Source: SmartTrade page, `status`.
    """

    CREATED = "created"
    WAITING_POSITION = "waiting_position"
    WAITING_TARGETS = "waiting_targets"
    CANCELLATION_PENDING = "cancellation_pending"
    CANCELLED = "cancelled"
    PANIC_SELL_PENDING = "panic_sell_pending"
    PANIC_SOLD = "panic_sold"
    STOP_LOSS_IN_PROGRESS = "stop_loss_in_progress"
    STOP_LOSS_FINISHED = "stop_loss_finished"
    FINISHED = "finished"
    FAILED = "failed"


TERMINAL_STATUSES = frozenset(
    {
        TradeStatus.CANCELLED,
        TradeStatus.PANIC_SOLD,
        TradeStatus.STOP_LOSS_FINISHED,
        TradeStatus.FINISHED,
        TradeStatus.FAILED,
    }
)


class OrderStatus(StrEnum):
    """Where an entry, a step, a stop or a market close is in its life.

    Source: SmartTrade page, `position.status`; `smart_sell` is an entry of own funds.
    """

    IDLE = "idle"
    TO_PROCESS = "to_process"
    ORDER_PLACED = "order_placed"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PANIC_SELL_PENDING = "panic_sell_pending"
    PANIC_SOLD = "panic_sold"
    OWN_FUNDS = "smart_sell"


OPEN_STATUSES = frozenset({OrderStatus.IDLE, OrderStatus.TO_PROCESS, OrderStatus.ORDER_PLACED})

# Statuses of which the take-profit steps are shown as gone, and no profit is shown.
# Source: SmartTrade page, published answers in `cancelled` and `failed`.
STEPLESS_STATUSES = frozenset({TradeStatus.CANCELLED, TradeStatus.FAILED})

TRADE_TITLES = {
    TradeStatus.CREATED: "Pending",
    TradeStatus.WAITING_POSITION: "Pending Position Opened",
    TradeStatus.WAITING_TARGETS: "Waiting Targets",
    TradeStatus.CANCELLATION_PENDING: "Cancelling",
    TradeStatus.CANCELLED: "Cancelled",
    TradeStatus.PANIC_SELL_PENDING: "Closing at Market Price",
    # Titles from here on are assumed, but for "Failed".
    TradeStatus.PANIC_SOLD: "Closed at Market Price",
    TradeStatus.STOP_LOSS_IN_PROGRESS: "Stop Loss In Progress",
    TradeStatus.STOP_LOSS_FINISHED: "Stop Loss Finished",
    TradeStatus.FINISHED: "Finished",
    TradeStatus.FAILED: "Failed",
}

ORDER_TITLES = {
    OrderStatus.IDLE: "Pending",
    OrderStatus.TO_PROCESS: "Pending",
    OrderStatus.ORDER_PLACED: "Placed",
    OrderStatus.FINISHED: "Finished",
    OrderStatus.FAILED: "Failed",
    OrderStatus.CANCELLED: "Cancelled",
    OrderStatus.PANIC_SELL_PENDING: "Panic closing",
    OrderStatus.PANIC_SOLD: "Panic closed",
    OrderStatus.OWN_FUNDS: "Own funds",
}
