"""The status words of the API; a word that is not listed here stays readable as the text that it is.

Source: SmartTradesV2 page, statuses; those that only public clients name are marked.
"""

from __future__ import annotations

from enum import StrEnum


class TradeStatus(StrEnum):
    """Status of a SmartTrade (`status.type`)."""

    CREATED = "created"
    WAITING_POSITION = "waiting_position"
    WAITING_TARGETS = "waiting_targets"
    PENDING_REDUCE_FUNDS = "pending_reduce_funds"
    # Source: public clients.
    REDUCE_FUNDS_IN_PROGRESS = "reduce_funds_in_progress"
    CANCELLATION_PENDING = "cancellation_pending"
    # Source: public clients.
    CANCELLATION_IN_PROGRESS = "cancellation_in_progress"
    CANCELLED = "cancelled"
    PANIC_SELL_PENDING = "panic_sell_pending"
    # Source: public clients, to the end of the list but for `failed`.
    PANIC_SELL_IN_PROGRESS = "panic_sell_in_progress"
    PANIC_SOLD = "panic_sold"
    STOP_LOSS_IN_PROGRESS = "stop_loss_in_progress"
    STOP_LOSS_FINISHED = "stop_loss_finished"
    FINISHED = "finished"
    LIQUIDATED = "liquidated"
    SETTLED = "settled"
    FAILED = "failed"


class OrderStatus(StrEnum):
    """Status of an entry, a step, a stop or another order of a trade (`data.status.type` of a group)."""

    IDLE = "idle"
    TO_PROCESS = "to_process"
    ORDER_PLACED = "order_placed"
    TRAILING_ACTIVATED = "trailing_activated"
    ASYNC_ORDER_PLACEMENT = "async_order_placement"
    PENDING_CANCELLATION = "pending_cancellation"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PANIC_SELL_PENDING = "panic_sell_pending"
    PANIC_SELL_ORDER_PLACED = "panic_sell_order_placed"
    PANIC_SOLD = "panic_sold"
    OWN_FUNDS = "smart_sell"
    SUSPENDED = "suspended"
    NEED_RESET = "need_reset"
    INACTIVE = "inactive"
