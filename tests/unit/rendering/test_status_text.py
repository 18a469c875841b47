"""A status report as a table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.drift import Topic
from reconciler.model.live import Phase
from reconciler.model.news import News
from reconciler.model.news_codes import NewsCode
from reconciler.model.reasons import Amount, reason
from reconciler.model.remedies import Remedy
from reconciler.rendering.status_text import render_status
from reconciler.rendering.style import Style
from reconciler.status.rows import make_row
from tests.support import builders
from tests.support.golden_files import check_golden
from tests.support.status_reports import REPORT, report, with_profit

HELD = reason(NewsCode.COINS_HELD, status="cancelled", units=Amount(Decimal("0.01"), "BTC"))


def test_every_trade_has_a_line() -> None:
    check_golden("status.txt", render_status(REPORT))
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
    assert render_status(report()).startswith("TRADE  ID  PAIR")


def test_bad_news_is_marked_in_the_row_and_counted_below() -> None:
    held = News(
        topic=Topic.COINS_HELD, trade="btc-dip", live_id=7, reason=HELD, hint=reason(Remedy.TAKE_COINS_OVER, live_id=7)
    )
    cancelled = builders.live(phase=Phase.ENDED, status="cancelled", entered="0.01")
    one = make_row("btc-dip", builders.spec(), cancelled, None, [held, held])
    shown = render_status(replace(REPORT, trades=(one,), totals={}, unmanaged=(8,)))
    assert "cancelled, COINS HELD" in shown
    assert shown.endswith(
        "1 trade needs attention: reconciler drift shows why, and what to do.\n"
        "Not managed: 1 live trade on accounts of this target: #8\n"
    )
    assert "2 trades need attention" in render_status(replace(REPORT, trades=(one, one), totals={}))
