from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import LiveTrade, Phase, Prices
from reconciler.model.status import StatusRow, Total
from reconciler.model.terms import PriceType, Side
from reconciler.status.rows import make_row, sum_profits
from tests.support import builders

PRICES = Prices(bid=Decimal(60000), ask=Decimal(60600), last=Decimal(60300))


def row_of(live: LiveTrade | None, prices: Prices | None = PRICES) -> StatusRow:
    return make_row("btc-dip", builders.spec(), live, prices)


def test_a_stop_and_the_nearest_step_are_measured_from_the_price_that_they_watch() -> None:
    terms = builders.terms(
        stop_loss=builders.stop(57000, watched=PriceType.BID),
        steps=[builders.step(66000, 50), builders.step(63315, 50)],
    )
    status = row_of(builders.live(builders.spec(terms), Phase.OPEN))
    assert (status.stop, status.stop_distance_pct) == (Decimal(57000), Decimal("-5.00"))
    assert (status.next, status.next_price, status.next_distance_pct) == ("step", Decimal(63315), Decimal("5.00"))


def test_a_step_that_was_hit_is_not_the_next() -> None:
    status = row_of(builders.live(phase=Phase.OPEN, step_statuses=["finished"]))
    assert (status.steps_hit, status.steps, status.next_price) == (1, 2, Decimal(66000))


def test_before_the_entry_the_entry_is_next_and_the_stop_far_away() -> None:
    status = row_of(builders.live())
    assert (status.next, status.next_price, status.next_distance_pct) == ("entry", Decimal(60000), Decimal("-0.99"))
    assert status.stop is None
    assert status.entered_pct == 0
    triggered = builders.terms(entered_by=builders.entry(None, trigger=61206, side=Side.BUY))
    assert row_of(builders.live(shown=triggered)).next_distance_pct == Decimal("1.00")
    assert row_of(builders.live(shown=builders.terms(entered_by=builders.entry(None)))).next is None


def test_what_is_filled_is_shown_as_a_share_of_the_wanted_size() -> None:
    assert row_of(builders.live(phase=Phase.FILLING, entered="0.004")).entered_pct == 40
    assert row_of(builders.live(phase=Phase.OPEN, entered="0.0099")).entered_pct == 100
    held = builders.live(builders.spec(builders.terms(is_own_funds=True)), Phase.OPEN)
    assert row_of(held).entered_pct is None


def test_without_prices_there_is_no_distance() -> None:
    status = row_of(builders.live(phase=Phase.OPEN), None)
    assert status.stop == 58500
    assert status.stop_distance_pct is status.price is None


def test_levels_in_percent_have_no_price_yet() -> None:
    terms = builders.terms(steps=[builders.step(None, 100, percent=5)], stop_loss=builders.stop(None, percent=3))
    status = row_of(builders.live(phase=Phase.OPEN, shown=terms))
    assert (status.stop, status.next) == (None, None)


def test_a_lost_stop_and_a_lost_marker_are_seen() -> None:
    assert row_of(builders.live(phase=Phase.OPEN, stop_status="failed")).is_stop_lost
    assert not row_of(builders.live(stop_status="failed")).is_stop_lost
    assert not row_of(builders.unmarked(builders.live())).has_marker


def test_what_was_never_opened_and_what_has_ended() -> None:
    never = row_of(None)
    assert (never.phase, never.live_id, never.pair, never.has_marker) == (None, None, "USDT_BTC", True)
    ended = replace(builders.live(phase=Phase.ENDED), closed_at=builders.NOW)
    assert (row_of(ended).ended_at, row_of(ended).next, row_of(ended).stop) == (builders.NOW, None, None)


def test_profits_are_summed_by_quote_currency_open_and_ended_apart() -> None:
    def with_profit(phase: Phase, profit: int | None, pair: str = "USDT_BTC") -> StatusRow:
        live = builders.live(phase=phase, shown=builders.terms(pair=pair))
        return row_of(replace(live, profit=None if profit is None else Decimal(profit)))

    trades = [
        with_profit(Phase.OPEN, 5),
        with_profit(Phase.OPEN, -2),
        with_profit(Phase.ENDED, 7),
        with_profit(Phase.ENTERING, None),
        with_profit(Phase.OPEN, 1, "BTC_ETH"),
    ]
    assert sum_profits(trades) == {
        "USDT": Total(open=Decimal(3), ended=Decimal(7)),
        "BTC": Total(open=Decimal(1), ended=Decimal(0)),
    }
