"""`sandbox act`: what a person does in the app."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Cli


def test_a_trade_is_opened_by_hand_and_is_not_managed(cli: Cli, workspace: Path) -> None:
    done = cli("sandbox", "act", "open", "USDT_ETH", "1", "--take-profit", "4000", "--stop", "3000")

    assert (done.code, done.out) == (0, "#30000001: opened by hand\n#30000001: entered 1 ETH at 3375.05\n")
    assert cli("plan").code == 0
    assert cli("trade", "list").out.count("30000001") <= 1


def test_a_trade_is_named_by_its_marker_until_its_note_is_replaced(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    dragged = cli("sandbox", "act", "drag-stop", "btc-dip", "59000")
    assert (dragged.code, dragged.out) == (0, "btc-dip: stop moved to 59000 by hand\n")

    assert cli("sandbox", "act", "note", "btc-dip", "mine now").out == "btc-dip: note replaced by 'mine now'\n"
    closed = cli("sandbox", "act", "close", "#30000001")
    assert closed.out.splitlines()[:2] == [
        "#30000001: closed by hand",
        "#30000001: market close sold 0.01 BTC at 59900",
    ]


def test_a_trade_is_cancelled_by_its_id(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")

    assert cli("sandbox", "act", "cancel", "30000001").out == "btc-dip: cancelled by hand\nbtc-dip: ended: cancelled\n"


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("close", "nobody"), 64, "there is no trade nobody in the sandbox: expected an id"),
        (("close", "5"), 64, "there is no trade 5 in the sandbox"),
        (("open", "USDT_BTC", "much"), 64, "much is not a number of units"),
        (("open", "USDT_BTC", "1", "--stop", "low"), 64, "low is not a price"),
        (("open", "USDT_NOPE", "1"), 1, "unknown pair 'USDT_NOPE'"),
        (("open", "USDT_BTC", "1", "--account", "77"), 1, "there is no account 77"),
    ],
)
def test_what_cannot_be_done_is_an_error(
    cli: Cli, workspace: Path, arguments: tuple[str, ...], code: int, text: str
) -> None:
    done = cli("sandbox", "act", *arguments)

    assert (done.code, done.out) == (code, "")
    assert text in done.err
