"""Averaging orders: limit orders that add to a held position, as the file wants them and as the API lists them.

Source: SmartTradesV2 page, add funds (body) and trades (a pending order is a Trade of its own).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.numbers import plain, to_decimal, truncate

# Source: SmartTradesV2 page, statuses of Trades. All others may still be filled; `pending_cancellation` too.
_EXECUTED = frozenset({"finished"})
_OVER = frozenset({"finished", "failed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragingOrder:
    """One limit order that adds to a position, on the side of its entry.

    Attributes:
        price: Limit price in quote currency.
        units: Size in base currency.
    """

    price: Decimal
    units: Decimal

    def __str__(self) -> str:
        return f"{plain(self.units)} at {plain(self.price)}"

    def is_shown_as(self, shown: AveragingOrder, *, price_step: Decimal, lot_step: Decimal) -> bool:
        """Whether the API, which cuts off what is finer than its grids, may show it so.

        Args:
            shown: What the API lists.
            price_step: Tick size in quote currency; zero where it is not known.
            lot_step: Lot size in base currency; zero where it is not known.
        """
        return shown.price in (self.price, truncate(self.price, price_step)) and shown.units in (
            self.units,
            truncate(self.units, lot_step),
        )


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
        """Whether it may still be filled."""
        return self.status not in _OVER

    @property
    def is_executed(self) -> bool:
        """Whether it was filled: such an order is history."""
        return self.status in _EXECUTED


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragingReading:
    """What was read of the averaging orders of one live trade.

    Attributes:
        orders: Those that the API lists, of every status, by id.
        unsent: How many counted orders are proven never to have been sent.
        doubt: Why the list proves nothing, or empty.
        cancelled_here: Ids of those that a plan of ours has cancelled, as far as a journal knows.
    """

    orders: tuple[SentOrder, ...] = ()
    unsent: int = 0
    doubt: str = ""
    cancelled_here: frozenset[int] = frozenset()


def find_sent(
    wanted: AveragingOrder,
    orders: Sequence[SentOrder],
    *,
    price_step: Decimal = Decimal(0),
    lot_step: Decimal = Decimal(0),
) -> tuple[SentOrder, ...]:
    """The listed orders that an order may be: those that are at work or were executed first, then the others."""
    same = [sent for sent in orders if wanted.is_shown_as(sent.order, price_step=price_step, lot_step=lot_step)]
    return tuple(sorted(same, key=lambda sent: not (sent.is_pending or sent.is_executed)))


def write_averaging(order: AveragingOrder) -> dict[str, object]:
    """The body of an add funds request, which is the canonical form of a plan file, too."""
    return {
        "order_type": "limit",
        "units": {"value": plain(order.units)},
        "price": {"value": plain(order.price)},
    }


def read_averaging(body: object) -> AveragingOrder:
    """An order from its canonical form.

    Raises:
        ValueError: Something is missing or has an impossible value.
    """
    if not isinstance(body, Mapping):
        raise ValueError("averaging holds something that is no object")
    return AveragingOrder(price=_read_value(body, "price"), units=_read_value(body, "units"))


def _read_value(body: Mapping[str, object], key: str) -> Decimal:
    group = body.get(key)
    if not isinstance(group, Mapping) or group.get("value") is None:
        raise ValueError(f"averaging has no {key}")
    return to_decimal(group["value"])
