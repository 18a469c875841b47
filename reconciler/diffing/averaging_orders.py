"""Compare the averaging orders of a file with those that were sent before; for `plan` and `drift`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.numbers import truncate
from reconciler.matching.sighting import owned_marker
from reconciler.model.averaging import AveragingOrder, AveragingReading, SentOrder
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.specs import TradeSpec

NOTHING_SENT = AveragingReading()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderComparison:
    """A file's averaging orders beside those that were sent.

    Attributes:
        unsent: Places in the file of the orders that were never sent, as far as can be seen.
        lost: Orders of the file that were cancelled, or failed.
        surplus: Pending orders that the file does not list.
        missing: How many orders were counted as sent and are not listed.
        foreign: How many orders are listed beyond those that were counted.
    """

    unsent: tuple[int, ...]
    lost: tuple[SentOrder, ...]
    surplus: tuple[SentOrder, ...]
    missing: int
    foreign: int


def compare_orders(
    spec: TradeSpec, live: LiveTrade, reading: AveragingReading, rates: Rates | None = None
) -> OrderComparison:
    """Compare a file's averaging orders with those that were sent.

    Args:
        spec: What the file wants.
        live: Its trade.
        reading: What was sent before.
        rates: Limits of the pair for lot and tick rounding; without them no rounding is assumed.
    """
    price_step, lot_step = _grids(rates)
    left = list(reading.orders)
    unsent: list[int] = []
    lost: list[SentOrder] = []
    for place, order in enumerate(spec.averaging):
        same = find_sent(order, left) or find_sent(order, left, price_step=price_step, lot_step=lot_step)
        if not same:
            unsent.append(place)
            continue
        left.remove(same[0])
        if not (same[0].is_pending or same[0].is_executed):
            lost.append(same[0])
    counted = owned_marker(live).averaging_sent - reading.unsent
    return OrderComparison(
        unsent=tuple(unsent),
        lost=tuple(lost),
        surplus=tuple(sent for sent in left if sent.is_pending),
        missing=max(counted - len(reading.orders), 0),
        foreign=max(len(reading.orders) - counted, 0),
    )


def find_sent(
    wanted: AveragingOrder,
    orders: Sequence[SentOrder],
    *,
    price_step: Decimal = Decimal(0),
    lot_step: Decimal = Decimal(0),
) -> tuple[SentOrder, ...]:
    """Find the listed orders that an order may be: pending and executed ones first, then the others.

    Args:
        wanted: The order.
        orders: What the API lists; it cuts off what is finer than its grids.
        price_step: Tick size in quote currency; zero if it is not known.
        lot_step: Lot size in base currency; zero if it is not known.
    """
    prices = (wanted.price, truncate(wanted.price, price_step))
    units = (wanted.units, truncate(wanted.units, lot_step))
    same = [sent for sent in orders if sent.order.price in prices and sent.order.units in units]
    return tuple(sorted(same, key=lambda sent: not (sent.is_pending or sent.is_executed)))


def _grids(rates: Rates | None) -> tuple[Decimal, Decimal]:
    return (rates.price_step, rates.lot_step) if rates else (Decimal(0), Decimal(0))
