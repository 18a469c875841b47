"""One attempt to carry out one operation: what its stages have read so far."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reconciler.model.averaging import SentOrder
from reconciler.model.live import LiveStep, LiveTrade
from reconciler.model.operations import Operation
from reconciler.model.terms import Terms


@dataclass(slots=True, kw_only=True)
class Work:
    """The values that the stages of an operation hand on to each other.

    Attributes:
        operation: The operation.
        live_id: SmartTrade id of the trade that it works on; 0 for a create.
        is_later: Whether an earlier operation of the same run has changed that trade.
        left: What that operation left, if it was read.
        read: The trade as it was read before the change.
        changed: The trade as the last answer showed it.
        ended: The trade after its end.
        created: The new trade.
        sold_units: What a sale was opened for, in base currency.
        orders: Averaging orders, as they were read before the change.
        step: The take-profit step to cancel.
        target: The averaging order to cancel.
        remaining: The same order as it was read last; None if it is not listed any more.
        is_note_ours: Whether nobody else has changed the note meanwhile.
    """

    operation: Operation
    live_id: int = 0
    is_later: bool = False
    left: LiveTrade | None = None
    read: LiveTrade | None = None
    changed: LiveTrade | None = None
    ended: LiveTrade | None = None
    created: LiveTrade | None = None
    sold_units: Decimal = Decimal(0)
    orders: tuple[SentOrder, ...] = ()
    step: LiveStep | None = None
    target: SentOrder | None = None
    remaining: SentOrder | None = None
    is_note_ours: bool = True

    @property
    def live(self) -> LiveTrade:
        """The trade as it was read before the change."""
        if self.read is None:
            raise AssertionError("a stage reads the trade before others use it")
        return self.read

    @property
    def after(self) -> LiveTrade:
        """The trade as the last answer showed it."""
        return self.changed or self.live

    @property
    def terms(self) -> Terms:
        """The terms that hold afterwards."""
        if self.operation.after is None:
            raise AssertionError(f"{self.operation.action} has no terms")
        return self.operation.after
