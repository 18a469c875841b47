from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from reconciler.model.drift import Topic
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.news import News
from reconciler.model.news_codes import NewsCode
from reconciler.model.reasons import Amount, reason
from reconciler.model.remedies import Remedy
from reconciler.model.status import StatusReport
from reconciler.rendering.status_json import render_status_json
from reconciler.rendering.status_text import render_status
from reconciler.rendering.style import Style, printable
from reconciler.status.rows import make_row, sum_profits
from tests.support import builders
from tests.support.golden_files import check_golden

HELD = reason(NewsCode.COINS_HELD, status="cancelled", units=Amount(Decimal("0.01"), "BTC"))


def report(**lives: LiveTrade | None) -> StatusReport:
    """All trades of some names; those in no file begin with `orphan`."""
    specs = {name: builders.spec(name=name) for name in lives if not name.startswith("orphan")}
    trades = [make_row(name, specs.get(name), live, live.prices if live else None) for name, live in lives.items()]
    return StatusReport(
        workspace="test",
        target="sandbox",
        mode="paper",
        made_at=builders.NOW,
        trades=tuple(trades),
        totals=sum_profits(trades),
        requests=3,
    )


def with_profit(live: LiveTrade, profit: str, percent: str) -> LiveTrade:
    return replace(live, profit=Decimal(profit), profit_pct=Decimal(percent))


ENDED = replace(with_profit(builders.live(phase=Phase.ENDED, id=4), "-3.1", "-0.5"), closed_at=builders.NOW)
BARE = builders.terms(steps=(), stop_loss=None)
REPORT = report(
    waiting=builders.live(id=1),
    filling=builders.live(phase=Phase.FILLING, entered="0.004", id=2),
    open=with_profit(builders.live(phase=Phase.OPEN, id=3, step_statuses=["finished"]), "12.50", "2.08"),
    ended=ENDED,
    stopped=replace(ENDED, status="stop_loss_finished"),
    cancelled=replace(ENDED, status="cancelled", profit=None, closed_at=None),
    missing=None,
    bare=builders.live(builders.spec(BARE, name="bare"), Phase.OPEN, id=5),
    unprotected=builders.live(phase=Phase.OPEN, id=6, stop_status="failed"),
    unmarked=builders.unmarked(builders.live(phase=Phase.OPEN, id=7)),
    busy=builders.live(phase=Phase.BUSY, id=8, status="cancellation_pending"),
    orphan=builders.live(id=9),
)


def test_every_trade_has_a_line() -> None:
    check_golden("status.txt", render_status(REPORT))
    check_golden("status.ansi", render_status(REPORT, Style(is_on=True)))


def test_the_document_has_every_trade() -> None:
    check_golden("status.json", render_status_json(REPORT))
    line = render_status_json(REPORT, is_line=True)
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(render_status_json(REPORT))


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


def test_what_is_not_printable_is_written_out() -> None:
    assert printable("plain, schön, 漢字") == "plain, schön, 漢字"
    assert printable("\x1b[2J\x9b\u202e\U000e0001\n") == "\\x1b[2J\\x9b\\u202e\\U000e0001\\x0a"


def test_paint_is_optional() -> None:
    assert Style().paint("x", "red") == "x"
    assert Style(is_on=True).paint("x") == "x"
    assert Style(is_on=True).paint("", "red") == ""
    assert Style(is_on=True).paint("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"


def test_bad_news_is_marked_in_the_row_and_counted_below() -> None:
    told = News(
        topic=Topic.COINS_HELD, trade="btc-dip", live_id=7, reason=HELD, hint=reason(Remedy.TAKE_COINS_OVER, live_id=7)
    )
    cancelled = builders.live(phase=Phase.ENDED, status="cancelled", entered="0.01")
    one = make_row("btc-dip", builders.spec(), cancelled, None, [told, told])
    shown = render_status(replace(REPORT, trades=(one,), totals={}, unmanaged=(8,)))
    assert "cancelled, COINS HELD" in shown
    assert shown.endswith(
        "1 trade needs attention: reconciler drift shows why, and what to do.\n"
        "Not managed: 1 live trade on accounts of this target: #8\n"
    )
    assert "2 trades need attention" in render_status(replace(REPORT, trades=(one, one), totals={}))
    assert json.loads(render_status_json(replace(REPORT, trades=(one,))))["trades"][0]["attention"] == ["coins_held"]
