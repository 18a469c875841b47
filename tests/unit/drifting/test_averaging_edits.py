"""Averaging orders that were added or cancelled outside the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.drifting.averaging_edits import (
    find_averaged,
    find_averaged_units,
    find_averaging_edits,
    has_averaging_changes,
)
from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.matching.sighting import index_active
from reconciler.model.averaging import AveragingOrder, AveragingReading, SentOrder
from reconciler.model.drift import FindingKind
from reconciler.model.drift_codes import DriftCode
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.reasons import Amount, reason
from reconciler.model.remedies import Remedy
from reconciler.model.specs import DesiredState
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


def sent(order: AveragingOrder, status: str = "order_placed", *, live_id: int = 1, filled: str = "0") -> SentOrder:
    return SentOrder(id=live_id, order=order, status=status, filled_units=Decimal(filled), cancelable=True)


def compared(counted: int, *orders: SentOrder, doubt: str = "", cancelled: Sequence[int] = ()) -> ComparedTrade:
    reading = AveragingReading(orders=orders, doubt=doubt, cancelled_here=frozenset(cancelled))
    return ComparedTrade(
        name=SPEC.name, spec=SPEC, live=held(counted), applied=None, rates=None, averaging=reading if counted else None
    )


def amount(number: str, unit: str) -> Amount:
    return Amount(Decimal(number), unit)


SECOND_WORDS = reason(DriftCode.AVERAGING_ORDER, units=amount("0.02", "BTC"), price=amount("59000", "USDT"))


def edits_of(trade: ComparedTrade) -> list[tuple[FindingKind, object, object]]:
    return [(each.kind, each.reason, each.hint) for each in find_averaging_edits(trade, SPEC)]


def test_orders_as_sent_are_not_edits() -> None:
    assert edits_of(compared(2, sent(FIRST), sent(SECOND, "finished", live_id=2))) == []


def test_an_order_that_nothing_here_sent_is_drift_and_named_if_it_waits() -> None:
    other = AveragingOrder(price=Decimal(50000), units=Decimal(1))
    words = reason(DriftCode.AVERAGING_ORDER, units=amount("1", "BTC"), price=amount("50000", "USDT"))
    added = reason(DriftCode.AVERAGING_ADDED, count=1, waiting=(words,))
    trade = compared(2, sent(FIRST), sent(SECOND, live_id=2), sent(other, live_id=3))
    assert edits_of(trade) == [(FindingKind.DRIFT, added, None)]
    filled = compared(2, sent(FIRST), sent(SECOND, live_id=2), sent(other, "finished", live_id=3))
    assert edits_of(filled) == [(FindingKind.DRIFT, reason(DriftCode.AVERAGING_ADDED, count=1), None)]


def test_a_counted_order_that_is_not_listed_is_a_loss() -> None:
    unlisted = (FindingKind.LOSS, reason(DriftCode.AVERAGING_UNLISTED), reason(Remedy.PLAN_SHOWS_CHECKS))
    assert edits_of(compared(2, sent(FIRST))) == [unlisted]


@pytest.mark.parametrize(("status", "kind"), [("cancelled", FindingKind.DRIFT), ("failed", FindingKind.LOSS)])
def test_an_order_that_is_over_unfilled_is_drift_or_if_it_failed_a_loss(status: str, kind: FindingKind) -> None:
    over = reason(DriftCode.AVERAGING_CANCELLED, order=SECOND_WORDS, status=status)
    assert edits_of(compared(2, sent(FIRST), sent(SECOND, status, live_id=2))) == [(kind, over, None)]


def test_an_order_that_a_plan_has_cancelled_is_not_an_edit() -> None:
    trade = compared(2, sent(FIRST), sent(SECOND, "cancelled", live_id=2), cancelled=[2])
    assert edits_of(trade) == []


def test_nothing_is_an_edit_without_a_reading_that_can_be_trusted() -> None:
    assert edits_of(compared(0)) == edits_of(compared(2, doubt="not read")) == []


def test_plan_has_orders_to_send_or_to_cancel_only_for_an_open_trade() -> None:
    assert has_averaging_changes(compared(0))
    assert has_averaging_changes(compared(1, sent(FIRST)))
    assert not has_averaging_changes(compared(2, sent(FIRST), sent(SECOND, live_id=2)))
    assert not has_averaging_changes(compared(1, sent(FIRST), doubt="not read"))
    assert not has_averaging_changes(replace(compared(0), spec=None))
    assert not has_averaging_changes(replace(compared(0), spec=replace(SPEC, state=DesiredState.CLOSED)))
    assert not has_averaging_changes(replace(compared(0), live=builders.live()))


def test_the_added_size_is_the_sum_of_the_fills_or_not_known() -> None:
    reading = AveragingReading(orders=(sent(FIRST, filled="0.01"), sent(SECOND, live_id=2, filled="0.005")))
    assert find_averaged_units(held(2), reading) == Decimal("0.015")
    assert find_averaged_units(held(0), None) == 0
    assert find_averaged_units(held(2), None) is None
    assert find_averaged_units(held(2), AveragingReading(doubt="not read")) is None


def test_orders_are_read_of_open_positions_whose_marker_counts_some() -> None:
    counting, bare = held(2), builders.live(builders.spec(name="bare"), Phase.OPEN, id=9)
    index = index_active([counting, bare], {builders.WORKSPACE})
    assert find_averaged(index, [SPEC, builders.spec(name="bare"), builders.spec(name="missing")]) == (counting,)
