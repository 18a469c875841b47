"""Averaging orders of a file beside those that were sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.diffing.averaging_orders import NOTHING_SENT, OrderComparison, compare_orders
from reconciler.model.averaging import AveragingOrder, AveragingReading, SentOrder
from reconciler.model.live import LiveTrade, Phase
from tests.support import builders

FIRST = AveragingOrder(price=Decimal(59500), units=Decimal("0.01"))
SECOND = AveragingOrder(price=Decimal(59000), units=Decimal("0.02"))
SPEC = replace(builders.spec(), averaging=(FIRST, SECOND))


def held(counted: int) -> LiveTrade:
    """An open position whose marker counts some averaging orders."""
    live = builders.live(phase=Phase.OPEN)
    marker = live.reading.marker
    assert marker is not None
    return replace(live, reading=replace(live.reading, marker=replace(marker, averaging_sent=counted)))


def sent(order: AveragingOrder, status: str = "order_placed", order_id: int = 1) -> SentOrder:
    return SentOrder(id=order_id, order=order, status=status, filled_units=Decimal(0), cancelable=True)


def compared(counted: int, *orders: SentOrder) -> OrderComparison:
    return compare_orders(SPEC, held(counted), AveragingReading(orders=orders))


def test_orders_that_were_never_sent_are_named_by_their_index_in_the_file() -> None:
    assert compare_orders(SPEC, held(0), NOTHING_SENT).unsent == (0, 1)
    assert compared(1, sent(SECOND)).unsent == (0,)


def test_an_order_that_is_over_unfilled_is_lost_and_not_unsent() -> None:
    cancelled = sent(FIRST, "cancelled")
    found = compared(2, cancelled, sent(SECOND, "finished", 2))
    assert (found.lost, found.unsent, found.surplus) == ((cancelled,), (), ())


def test_a_pending_order_that_the_file_does_not_list_is_surplus() -> None:
    other = sent(AveragingOrder(price=Decimal(50000), units=Decimal(1)), order_id=3)
    over = replace(other, status="finished", id=4)
    assert compared(4, sent(FIRST), sent(SECOND, order_id=2), other, over).surplus == (other,)


def test_the_count_of_the_marker_shows_missing_and_foreign_orders() -> None:
    assert (compared(2, sent(FIRST)).missing, compared(2, sent(FIRST)).foreign) == (1, 0)
    assert (compared(0, sent(FIRST)).missing, compared(0, sent(FIRST)).foreign) == (0, 1)
    unsent = compare_orders(SPEC, held(2), AveragingReading(orders=(sent(FIRST),), unsent=1))
    assert (unsent.missing, unsent.foreign) == (0, 0)


def test_a_number_that_the_exchange_has_cut_is_the_same_only_with_its_grids() -> None:
    spec = replace(SPEC, averaging=(replace(FIRST, price=Decimal("59500.123456789")),))
    reading = AveragingReading(orders=(sent(replace(FIRST, price=Decimal("59500.12"))),))
    rates = replace(builders.rates(), price_step=Decimal("0.01"), lot_step=Decimal("0.000001"))
    assert compare_orders(spec, held(1), reading).unsent == (0,)
    assert compare_orders(spec, held(1), reading, rates).unsent == ()
