from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import Phase
from reconciler.rendering.status import render_status
from reconciler.rendering.style import Style, printable
from tests import builders


def test_every_trade_has_a_line() -> None:
    specs = [builders.spec(name=name) for name in ("waiting", "open", "ended", "missing", "bare")]
    bare = builders.spec(builders.terms(steps=(), stop_loss=None), name="bare")
    lives = {
        "waiting": builders.live(specs[0], id=1),
        "open": replace(
            builders.live(specs[1], Phase.OPEN, id=2, step_statuses=["finished"]),
            profit=Decimal("12.50"),
            profit_pct=Decimal("2.08"),
        ),
        "ended": replace(builders.live(specs[2], Phase.ENDED, id=3), profit=Decimal(-3)),
        "bare": builders.live(bare, Phase.OPEN, id=4),
        "orphan": builders.live(builders.spec(name="orphan"), id=5),
    }
    assert render_status(specs, lives) == (
        "TRADE                ID  PAIR      PHASE            ENTERED   STEPS  STOP        PROFIT\n"
        "waiting              #1  USDT_BTC  entering         0 BTC     0/2    idle        -\n"
        "open                 #2  USDT_BTC  open             0.01 BTC  1/2    to_process  12.5 USDT (2.08 %)\n"
        "ended                #3  USDT_BTC  ended: finished  0 BTC     0/2    idle        -3 USDT\n"
        "missing              -   USDT_BTC  not opened       -         -      -           -\n"
        "bare                 #4  USDT_BTC  open             0.01 BTC  -      -           -\n"
        "orphan (in no file)  #5  USDT_BTC  entering         0 BTC     0/2    idle        -\n"
    )


def test_no_text_of_the_api_draws_on_the_terminal() -> None:
    live = builders.live(
        phase=Phase.ENDED,
        status="\x1b[2J",
        stop_status="\x9b2J",
        shown=builders.terms(pair="USDT\x1b_BTC\x1b"),
    )
    assert all(character == "\n" or character.isprintable() for character in render_status([], {"x": live}))


def test_no_trades_leave_the_head_alone() -> None:
    assert render_status([], {}).startswith("TRADE  ID  PAIR")


def test_what_is_not_printable_is_written_out() -> None:
    assert printable("plain, schön, 漢字") == "plain, schön, 漢字"
    assert printable("\x1b[2J\x9b\u202e\U000e0001\n") == "\\x1b[2J\\x9b\\u202e\\U000e0001\\x0a"


def test_paint_is_optional() -> None:
    assert Style().paint("x", "red") == "x"
    assert Style(is_on=True).paint("x") == "x"
    assert Style(is_on=True).paint("", "red") == ""
    assert Style(is_on=True).paint("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
