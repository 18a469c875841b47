"""Statuses of SmartTrades and their orders, and the titles that the API gives them.

Source: SmartTrade page, statuses; final ones other than `cancelled` and `failed` from public clients.
"""

from __future__ import annotations

from enum import StrEnum


class TradeStatus(StrEnum):
    """Status of a SmartTrade.

    Source: SmartTrade page, `status`.
    """

    CREATED = "created"
    WAITING_POSITION = "waiting_position"
    WAITING_TARGETS = "waiting_targets"
    PENDING_REDUCE_FUNDS = "pending_reduce_funds"
    REDUCE_FUNDS_IN_PROGRESS = "reduce_funds_in_progress"
    CANCELLATION_PENDING = "cancellation_pending"
    CANCELLATION_IN_PROGRESS = "cancellation_in_progress"
    CANCELLED = "cancelled"
    PANIC_SELL_PENDING = "panic_sell_pending"
    PANIC_SELL_IN_PROGRESS = "panic_sell_in_progress"
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


# Statuses in which the exits of an open position watch the market.
GUARDED_STATUSES = frozenset(
    {TradeStatus.WAITING_TARGETS, TradeStatus.PENDING_REDUCE_FUNDS, TradeStatus.REDUCE_FUNDS_IN_PROGRESS}
)


class OrderStatus(StrEnum):
    """Status of an entry, a step, a stop or another order of a trade.

    Source: SmartTrade page, `position.status`; `smart_sell` is an entry of own funds.
    """

    IDLE = "idle"
    TO_PROCESS = "to_process"
    ORDER_PLACED = "order_placed"
    TRAILING_ACTIVATED = "trailing_activated"
    ASYNC_ORDER_PLACEMENT = "async_order_placement"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PANIC_SELL_PENDING = "panic_sell_pending"
    PANIC_SOLD = "panic_sold"
    OWN_FUNDS = "smart_sell"
    SUSPENDED = "suspended"
    NEED_RESET = "need_reset"


OPEN_STATUSES = frozenset(
    {OrderStatus.IDLE, OrderStatus.TO_PROCESS, OrderStatus.ORDER_PLACED, OrderStatus.TRAILING_ACTIVATED}
)

# An order that waits for a price.
WATCHING_STATUSES = frozenset({OrderStatus.TO_PROCESS, OrderStatus.TRAILING_ACTIVATED})

# An order that has done everything that it was created for.
DONE_STATUSES = frozenset({OrderStatus.FINISHED, OrderStatus.PANIC_SOLD, OrderStatus.OWN_FUNDS})

# Statuses of a stop that is no longer active.
# Source: public clients name these statuses; that a stop can end in them is from user reports.
INACTIVE_STOP_STATUSES = frozenset({OrderStatus.FAILED, OrderStatus.SUSPENDED, OrderStatus.NEED_RESET})

# Statuses in which neither take-profit steps nor profit are shown.
# Source: SmartTrade page, published answers in `cancelled` and `failed`.
STEPLESS_STATUSES = frozenset({TradeStatus.CANCELLED, TradeStatus.FAILED})

TRADE_TITLES = {
    TradeStatus.CREATED: "Pending",
    TradeStatus.WAITING_POSITION: "Pending Position Opened",
    TradeStatus.WAITING_TARGETS: "Waiting Targets",
    TradeStatus.PENDING_REDUCE_FUNDS: "Pending reduce funds",
    TradeStatus.CANCELLATION_PENDING: "Cancelling",
    TradeStatus.CANCELLED: "Cancelled",
    TradeStatus.PANIC_SELL_PENDING: "Closing at Market Price",
    # Titles from here on are assumed, but for "Failed".
    TradeStatus.REDUCE_FUNDS_IN_PROGRESS: "Reduce Funds In Progress",
    TradeStatus.CANCELLATION_IN_PROGRESS: "Cancelling",
    TradeStatus.PANIC_SELL_IN_PROGRESS: "Closing at Market Price",
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
    OrderStatus.TRAILING_ACTIVATED: "Trailing activated",
    OrderStatus.ASYNC_ORDER_PLACEMENT: "Placing",
    OrderStatus.FINISHED: "Finished",
    OrderStatus.FAILED: "Failed",
    OrderStatus.CANCELLED: "Cancelled",
    OrderStatus.PANIC_SELL_PENDING: "Panic closing",
    OrderStatus.PANIC_SOLD: "Panic closed",
    OrderStatus.OWN_FUNDS: "Own funds",
    OrderStatus.SUSPENDED: "Suspended",
    OrderStatus.NEED_RESET: "Need reset",
}
