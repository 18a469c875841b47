"""The effects of commands: reading a trade shows by them whether a write had its effect.

If the API does not list an order for the write, the trade right before the write is compared with the trade now. In
doubt a write counts as done or as unclear, never as undone: an undone write is sent again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from reconciler.model.journal import Seen, Write, WriteKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.orders import LiveOrder

# Kinds whose traces are here.
TRACED_KINDS = frozenset(
    {
        WriteKind.ADD_FUNDS,
        WriteKind.REDUCE_FUNDS,
        WriteKind.FORCE_START,
        WriteKind.FORCE_PROCESS,
        WriteKind.CLOSE_STEP,
        WriteKind.CANCEL_ORDER,
    }
)
# Of these only the list of orders shows the effect.
ORDER_KINDS = frozenset({WriteKind.ADD_FUNDS, WriteKind.CANCEL_ORDER})
# An entry or a step that was sent to the market by hand. Source: SmartTradesV2 page, statuses.
_SENT_STATUSES = frozenset({"panic_sell_pending", "panic_sell_order_placed", "panic_sold"})
# Source: reduce funds page, answer; the second from public clients.
_REDUCING_STATUSES = frozenset({"pending_reduce_funds", "reduce_funds_in_progress"})


class Trace(StrEnum):
    """The answer to whether a trade shows the effect of a write."""

    FOUND = "found"
    MISSING = "missing"
    UNCLEAR = "unclear"


def find_trace(write: Write, live: LiveTrade, orders: Sequence[LiveOrder] = ()) -> Trace:
    """Find whether a trade shows the effect of a write of `TRACED_KINDS`.

    Args:
        write: The write, with what the trade showed before.
        live: The trade, just read.
        orders: Its orders, just read: for `ORDER_KINDS`.
    """
    match write.kind:
        case WriteKind.ADD_FUNDS:
            return _find_added(_seen(write), live, orders)
        case WriteKind.REDUCE_FUNDS:
            is_reducing = live.status in _REDUCING_STATUSES
            return _found(is_reducing or _has_new(live.reduction_ids, _seen(write)))
        case WriteKind.FORCE_START:
            is_in = live.phase in (Phase.OPEN, Phase.ENDED) or live.entry_status in _SENT_STATUSES
            return _found(is_in)
        case WriteKind.CLOSE_STEP:
            return _found(_is_step_closed(write, live))
        case WriteKind.CANCEL_ORDER:
            return _found(not any(order.id == write.step_id and order.cancelable for order in orders))
        case _:
            # Nothing shows it, and it does no harm to send it again. Source: assumed, force_process by its name only.
            return Trace.MISSING


def list_added(orders: Sequence[LiveOrder]) -> tuple[int, ...]:
    """Return the trade ids of all orders that are neither step nor stop: those of added funds are among them.

    Source: issue threads of the docs repository: added funds show up as one more order; their purpose is assumed.
    """
    return tuple(order.id for order in orders if not order.is_exit)


def _find_added(seen: Seen, live: LiveTrade, orders: Sequence[LiveOrder]) -> Trace:
    if _has_new(list_added(orders), seen):
        return Trace.FOUND
    if live.entered_units == seen.entered_units:
        return Trace.MISSING
    # Of a position that was held in full only added funds make more; of one that was still entered its entry may.
    return Trace.FOUND if seen.phase is Phase.OPEN else Trace.UNCLEAR


def _is_step_closed(write: Write, live: LiveTrade) -> bool:
    step = next((step for step in live.steps if step.id == write.step_id), None)
    if step is None:
        return live.phase is Phase.ENDED or live.closed_units > _seen(write).closed_units
    return step.is_finished or step.status in _SENT_STATUSES


def _has_new(order_ids: Collection[int], seen: Seen) -> bool:
    return not set(order_ids) <= set(seen.order_ids)


def _found(is_found: bool) -> Trace:  # noqa: FBT001 - one flag in, its word out
    return Trace.FOUND if is_found else Trace.MISSING


def _seen(write: Write) -> Seen:
    if write.seen is None:
        raise AssertionError(f"{write.kind} is settled by comparing with what was seen before")
    return write.seen
