"""The stages of an operation: what is sent for it, as data.

`applying` carries exactly these out, in this order, one request for each; `planning/requests.py` counts them. If what
is read is not as planned, an operation ends early or takes more readings; nothing else is ever sent, but for an update
that is refused for the steps that were executed: it is sent once more without them.
"""

from __future__ import annotations

from enum import StrEnum

from reconciler.model.operations import Action, Operation, Origin
from reconciler.model.statuses import TradeStatus


class Stage(StrEnum):
    """One request of an operation.

    Attributes:
        READ: Read the trade, and check that it is as planned.
        READ_ORDERS: Read its orders, and check its averaging orders.
        RATES: Read the prices of its pair, unless that was done a moment ago, and check them against the review.
        ANNOUNCE: Write a note that says that the entry is being changed.
        COUNT: Write a note that counts the averaging order.
        UPDATE: Change it.
        NOTE: Write the note that the operation leaves.
        READ_BACK: Read it after a change.
        CANCEL: Cancel it.
        CLOSE: Close it at market.
        AWAIT_END: Read it until it has ended.
        TAKE_BACK: Cancel the rest of a partly filled entry.
        AWAIT_REST: Read it until it has ended, and what it holds.
        LOTS: Read the smallest sizes of its pair, unless its prices were read a moment ago.
        OPEN_SALE: Open a trade on what is held.
        AWAIT_SALE: Read that trade until it can be closed.
        SELL: Close that trade at market.
        AWAIT_SOLD: Read it until it has ended.
        CREATE: Open a trade.
        AWAIT_CREATED: Read the newest trades until the new one has settled and is listed.
        CANCEL_STEP: Cancel one of its steps.
        AWAIT_STEP: Read it until the step is gone.
        ADD_FUNDS: Send an averaging order.
        AWAIT_ORDER: Read its orders until that one is placed.
        CANCEL_ORDER: Cancel an averaging order.
        AWAIT_CANCELLED: Read its orders until that one is gone.
        READ_CANCELLED: Read the trade after that.
    """

    READ = "read"
    READ_ORDERS = "read_orders"
    RATES = "rates"
    ANNOUNCE = "announce"
    COUNT = "count"
    UPDATE = "update"
    NOTE = "note"
    READ_BACK = "read_back"
    CANCEL = "cancel"
    CLOSE = "close"
    AWAIT_END = "await_end"
    TAKE_BACK = "take_back"
    AWAIT_REST = "await_rest"
    LOTS = "lots"
    OPEN_SALE = "open_sale"
    AWAIT_SALE = "await_sale"
    SELL = "sell"
    AWAIT_SOLD = "await_sold"
    CREATE = "create"
    AWAIT_CREATED = "await_created"
    CANCEL_STEP = "cancel_step"
    AWAIT_STEP = "await_step"
    ADD_FUNDS = "add_funds"
    AWAIT_ORDER = "await_order"
    CANCEL_ORDER = "cancel_order"
    AWAIT_CANCELLED = "await_cancelled"
    READ_CANCELLED = "read_cancelled"


# The second half of a replace: a run that was interrupted goes on here.
OPENING_STAGES = (Stage.RATES, Stage.CREATE, Stage.AWAIT_CREATED)
# Stages that read prices and limits of a pair.
RATES_STAGES = frozenset({Stage.RATES, Stage.LOTS})
_SALE = (Stage.LOTS, Stage.OPEN_SALE, Stage.AWAIT_SALE, Stage.SELL, Stage.AWAIT_SOLD)
# Many creates share this stage: it is carried out for all that were sent a moment ago.
SHARED_STAGES = frozenset({Stage.AWAIT_CREATED})
_STAGES = {
    Action.CREATE: OPENING_STAGES,
    Action.REPLACE: (Stage.READ, Stage.RATES, Stage.ANNOUNCE, Stage.CANCEL, Stage.AWAIT_END, *OPENING_STAGES),
    Action.CANCEL: (Stage.READ, Stage.CANCEL, Stage.AWAIT_END),
    Action.CANCEL_STEP: (Stage.READ, Stage.CANCEL_STEP, Stage.AWAIT_STEP),
    Action.CLOSE: (Stage.READ, Stage.RATES, Stage.CLOSE, Stage.AWAIT_END),
    Action.SET_NOTE: (Stage.READ, Stage.NOTE),
    Action.RELEASE: (Stage.READ, Stage.NOTE),
    Action.CANCEL_AVERAGING: (
        Stage.READ,
        Stage.READ_ORDERS,
        Stage.CANCEL_ORDER,
        Stage.AWAIT_CANCELLED,
        Stage.READ_CANCELLED,
    ),
}


def list_stages(operation: Operation) -> tuple[Stage, ...]:
    """List what is sent for an operation of a plan, in order.

    Args:
        operation: Any operation with the origin `file`, or a close of a partly filled entry.
    """
    if operation.sells_rest:
        return _list_sale(operation)
    if operation.action is Action.UPDATE:
        return _list_update(operation)
    if operation.action is Action.ADD_FUNDS:
        rates = (Stage.RATES,) if operation.executes else ()
        sending = (Stage.COUNT, Stage.ADD_FUNDS, Stage.AWAIT_ORDER)
        return (Stage.READ, Stage.READ_ORDERS, *rates, *sending)
    return _STAGES[operation.action]


def _list_sale(operation: Operation) -> tuple[Stage, ...]:
    """List what closes a partly filled entry; if its cancel was sent by an earlier run, only what comes after it."""
    is_cancelled = operation.precondition is not None and operation.precondition.status == TradeStatus.CANCELLED
    # By hand nothing is held against reviewed prices: in an emergency it is closed at any.
    rates = (Stage.RATES,) if operation.origin is Origin.FILE else ()
    first = () if is_cancelled else (Stage.TAKE_BACK, Stage.AWAIT_REST)
    return (Stage.READ, *rates, *first, *_SALE)


def changes_entry(operation: Operation) -> bool:
    """Return whether an update changes the entry, so that it is announced first."""
    return any(change.path.startswith("position") for change in operation.changes)


def _list_update(operation: Operation) -> tuple[Stage, ...]:
    stages = [Stage.READ]
    stages += [Stage.RATES] if operation.executes else []
    stages += [Stage.ANNOUNCE] if changes_entry(operation) else []
    stages += [Stage.UPDATE, Stage.NOTE if operation.note_after else Stage.READ_BACK]
    return tuple(stages)
