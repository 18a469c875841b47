"""A status report as a table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from reconciler.model.drift import Topic
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.news import News
from reconciler.model.news_codes import NewsCode
from reconciler.model.reasons import Amount, reason
from reconciler.model.remedies import Remedy
from reconciler.model.status import StatusRow, UnmanagedTrade
from reconciler.model.terms import Side
from reconciler.model.unreadable import Part, Unreadable
from reconciler.rendering.status_text import render_status
from reconciler.rendering.style import Style
from reconciler.rendering.text_width import measure
from reconciler.status.rows import make_row
from tests.support import builders
from tests.support.golden_files import check_golden
from tests.support.status_reports import REPORT, report, with_profit

HELD = reason(NewsCode.COINS_HELD, status="cancelled", units=Amount(Decimal("0.01"), "BTC"))


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time zone of the reader."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_every_trade_has_a_line() -> None:
    check_golden("status.txt", render_status(REPORT))
    check_golden("status-80.txt", render_status(REPORT, width=80))
    check_golden("status.ansi", render_status(REPORT, Style(is_on=True)))


def test_no_text_of_the_api_draws_on_the_terminal() -> None:
    live = builders.live(
        phase=Phase.OPEN,
        status="\x1b[2J",
        stop_status="\x9b2J",
        shown=builders.terms(pair="USDT\x1b_BTC\x1b"),
    )
    for each in (live, replace(live, phase=Phase.ENDED), replace(live, phase=Phase.BUSY)):
        shown = render_status(report(orphan=with_profit(each, "1", "1")))
        assert all(character == "\n" or character.isprintable() for character in shown)


def test_no_trades_leave_the_head_alone() -> None:
    assert render_status(report()).startswith("TRADE  ID  ACCOUNT  PAIR")


def test_bad_news_is_marked_in_the_row_and_counted_below() -> None:
    held = News(
        topic=Topic.COINS_HELD, trade="btc-dip", live_id=7, reason=HELD, hint=reason(Remedy.TAKE_COINS_OVER, live_id=7)
    )
    cancelled = builders.live(phase=Phase.ENDED, status="cancelled", entered="0.01")
    one = make_row("btc-dip", builders.spec(), cancelled, None, [held, held])
    shown = render_status(replace(REPORT, trades=(one,), totals={}))
    assert shown.endswith(
        "1 trade needs attention: reconciler drift shows why, and what to do.\n  btc-dip: coins held\n"
    )
    assert "2 trades need attention" in render_status(replace(REPORT, trades=(one, one), totals={}))


def row(name: str, live: LiveTrade) -> StatusRow:
    return make_row(name, builders.spec(name=name), live, live.prices)


def footer(*rows: StatusRow) -> list[str]:
    lines = render_status(replace(REPORT, trades=rows, totals={}, risk={})).splitlines()
    return lines[len(rows) + 1 :]


def test_what_is_held_without_an_active_stop_is_named_with_its_size() -> None:
    bare = builders.live(builders.spec(builders.terms(steps=(), stop_loss=None)), Phase.OPEN)
    failed = builders.live(phase=Phase.OPEN, stop_status="failed")
    filling = builders.live(phase=Phase.FILLING, entered="0.004")
    own = builders.live(builders.spec(builders.terms(is_own_funds=True, stop_loss=None)), Phase.OPEN)
    assert footer(row("bare", bare), row("failed", failed), row("filling", filling), row("own", own)) == [
        "UNPROTECTED 4: held without an active stop.",
        "  bare: 0.01 BTC, no stop",
        "  failed: 0.01 BTC, stop failed",
        "  filling: 0.004 BTC, stop idle",
        "  own: 0.01 BTC, no stop",
    ]
    assert footer(row("held", builders.live(phase=Phase.OPEN)), row("waiting", builders.live())) == []


def test_a_stop_that_cannot_be_read_is_not_taken_for_none() -> None:
    bare = builders.live(builders.spec(builders.terms(steps=(), stop_loss=None)), Phase.OPEN)
    unknown = (Unreadable(part=Part.STOP, field="stop_loss", problem="stop_loss.enabled is missing"),)
    shown = row("torn", replace(bare, unreadable=unknown, stop_status=""))
    assert footer(shown)[:2] == [
        "UNPROTECTED 1: held without an active stop.",
        "  torn: 0.01 BTC, its stop cannot be read",
    ]
    assert "UNKNOWN" in render_status(replace(REPORT, trades=(shown,)))
    # Before the entry nothing is held, and a stop that nobody can read is still not none.
    waiting = row("torn", replace(builders.live(shown=bare.terms), unreadable=unknown, stop_status=""))
    assert not any("UNPROTECTED" in line for line in footer(waiting))
    assert "UNKNOWN" in render_status(replace(REPORT, trades=(waiting,)))
    ended = row("torn", replace(builders.live(phase=Phase.ENDED), unreadable=unknown))
    assert "UNKNOWN" not in render_status(replace(REPORT, trades=(ended,)))


@pytest.mark.parametrize(("side", "now", "is_passed"), [("buy", 58000, True), ("sell", 58000, False)])
def test_a_stop_on_the_wrong_side_of_the_price_is_marked(side: str, now: int, is_passed: bool) -> None:
    terms = builders.terms(entered_by=builders.entry(60000, side=Side(side)))
    live = replace(builders.live(builders.spec(terms), Phase.OPEN), prices=builders.prices(now))
    assert ("PASSED" in render_status(replace(REPORT, trades=(row("a", live),)))) == is_passed
    above = replace(live, prices=builders.prices(61000))
    assert ("PASSED" in render_status(replace(REPORT, trades=(row("a", above),)))) != is_passed


def test_a_side_is_named_as_traders_name_it() -> None:
    short = builders.terms(entered_by=builders.entry(60000, side=Side.SELL))
    own = builders.terms(is_own_funds=True)
    cover = replace(own, entry=replace(own.entry, side=Side.SELL))
    for words, terms in {"long": builders.terms(), "short": short, "own": own, "cover": cover}.items():
        one = row("a", builders.live(builders.spec(terms), Phase.OPEN))
        assert f" {words} " in render_status(replace(REPORT, trades=(one,)))


def test_a_waiting_entry_shows_how_long_it_waits() -> None:
    live = replace(builders.live(), created_at=builders.NOW - timedelta(days=3, hours=5))
    assert "waiting 3d" in render_status(replace(REPORT, trades=(row("a", live),)), width=80)


def test_live_trades_that_nothing_manages_are_shown_with_what_they_hold() -> None:
    link = UnmanagedTrade(live_id=6, pair="USDT_LINK", held_units=Decimal("50.0"), has_stop=False)
    waiting = UnmanagedTrade(live_id=8, pair="USDT_ETH", held_units=Decimal(0), has_stop=True)
    lines = render_status(replace(REPORT, trades=(), totals={}, risk={}, unmanaged=(link, waiting))).splitlines()
    assert lines[1:] == [
        "NOT MANAGED 2: to manage them: reconciler import --all",
        "  #6  USDT_LINK  50 LINK, no stop",
        "  #8  USDT_ETH  nothing held, with stop",
    ]
    assert render_status(replace(REPORT, unmanaged=(link,) * 7)).endswith("  and 2 more\n")


def test_profits_in_several_currencies_are_named_and_have_the_digits_of_each() -> None:
    usdt = with_profit(builders.live(phase=Phase.OPEN), "1.239", "0.1")
    btc = with_profit(builders.live(phase=Phase.OPEN, shown=builders.terms(pair="BTC_ETH")), "-0.0000123", "-0.1")
    shown = render_status(replace(REPORT, trades=(row("a", usdt), row("b", btc))))
    assert "+1.24 USDT" in shown
    assert "-0.00001230 BTC" in shown


@pytest.mark.parametrize("width", [60, 72, 80, 100, 120, 160])
def test_no_line_of_the_table_is_wider_than_the_terminal(width: int) -> None:
    name = "a-name-that-is-as-long-as-the-note-of-a-trade-may"
    long = replace(REPORT.trades[2], trade=name, price=Decimal("0.0000012345"), stop=Decimal("0.0000011111"))
    lines = render_status(replace(REPORT, trades=(*REPORT.trades, long)), width=width).splitlines()
    table = lines[: len(REPORT.trades) + 2]
    assert max(map(measure, table)) <= width
    assert all(word in table[0] for word in ("TRADE", "PAIR", "SIDE", "PHASE"))
    assert width < 72 or "LOSS" in table[0]


def test_columns_are_left_out_by_importance() -> None:
    heads = {width: render_status(REPORT, width=width).splitlines()[0].split() for width in (60, 80, 120)}
    assert heads[60] == ["TRADE", "PAIR", "SIDE", "PHASE", "LOSS", "R"]
    assert heads[80] == ["TRADE", "PAIR", "SIDE", "PHASE", "NOW", "LOSS", "P/L", "R"]
    assert heads[120] == ["TRADE", "PAIR", "SIDE", "PHASE", "NOW", "STOP", "LOSS", "NEXT", "P/L", "R", "R/R"]


def test_a_stop_that_has_not_acted_is_named_below_the_table() -> None:
    live = replace(builders.live(phase=Phase.OPEN), prices=builders.prices(58000))
    assert footer(row("a", live)) == [
        "STOP PASSED 1: the price is beyond a stop that has not acted.",
        "  a: stop 58500, last 58000",
    ]


def test_a_wide_terminal_shows_pair_id_units_and_account() -> None:
    head = render_status(REPORT, width=180).splitlines()[0]
    assert all(word in head for word in ("PAIR", "ID", "UNITS", "ACCOUNT", "AGE", "ENDED"))
