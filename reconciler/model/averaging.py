"""Averaging orders: limit orders that add to a held position, as the file wants them and as the API lists them.

Source: SmartTradesV2 page, add funds (body) and trades (a pending order is a Trade of its own).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reconciler.model.statuses import OrderStatus

# Source: SmartTradesV2 page, statuses of Trades. All others may still be filled; `pending_cancellation` too.
_OVER = frozenset({OrderStatus.FINISHED, OrderStatus.FAILED, OrderStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragingOrder:
    """One limit order that adds to a position, on the side of its entry.

    Attributes:
        price: Limit price in quote currency.
        units: Size in base currency.
    """

    price: Decimal
    units: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOrder:
    """An averaging order as the API lists it below its SmartTrade.

    Attributes:
        id: Trade id.
        order: What was asked for.
        status: Status word of the API.
        filled_units: Filled so far, base currency.
        cancelable: Whether the API offers to cancel it.
    """

    id: int
    order: AveragingOrder
    status: str
    filled_units: Decimal
    cancelable: bool

    @property
    def is_pending(self) -> bool:
        """Return whether it may still be filled."""
        return self.status not in _OVER

    @property
    def is_executed(self) -> bool:
        """Return whether it was filled: such an order is history."""
        return self.status == OrderStatus.FINISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragingReading:
    """The averaging orders of one live trade, as far as they were read.

    Attributes:
        orders: Those that the API lists, of every status, by id.
        unsent: How many counted orders are proven never to have been sent.
        doubt: Why the list proves nothing, or empty.
        cancelled_here: Ids of those that a plan of this tool has cancelled, as far as a journal knows.
    """

    orders: tuple[SentOrder, ...] = ()
    unsent: int = 0
    doubt: str = ""
    cancelled_here: frozenset[int] = frozenset()
