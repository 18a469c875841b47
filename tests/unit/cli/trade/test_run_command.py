"""The question before a command, and what is kept of it."""

from __future__ import annotations

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.mark.usefixtures("waiting")
def test_only_yes_is_a_yes_and_without_a_terminal_nobody_is_asked(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed in ("y\n", "\n", "no\n", "1\n"):
        assert cli("trade", "cancel", "btc-dip", typed=typed).code == 1
    assert cli("trade", "cancel", "btc-dip").code == 64
    monkeypatch.setenv("RECONCILER_TRADE_CANCEL_AUTO_APPROVE", "1")
    done = cli("trade", "cancel", "btc-dip")
    assert (done.code, "--auto-approve" in done.err) == (64, True)
    assert "waiting_position" in cli("trade", "show", "btc-dip").out


@pytest.mark.usefixtures("waiting")
def test_where_the_trade_changes_while_the_user_thinks_the_question_is_asked_again(cli: Cli) -> None:
    price = 'POST /sandbox/price {"pair": "USDT_BTC", "last": "59900"}'
    cli("sandbox", "fault", "add", "act", "--method", "GET", "--path", "/v2/smart_trades/*", "--request", price)
    done = cli("trade", "cancel", "btc-dip", typed="yes\nno\n")
    assert done.code == 1
    assert "Nothing was sent yet: #30000001 is waiting_targets now, it was waiting_position before." in done.err
    assert "frees 600 USDT" in done.err
    assert "THE POSITION STAYS, UNPROTECTED" in done.err
    assert "waiting_targets" in cli("trade", "show", "btc-dip").out


@pytest.mark.usefixtures("waiting")
def test_the_journal_keeps_commands_beside_operations(cli: Cli) -> None:
    cli("trade", "cancel", "btc-dip", "--auto-approve")
    shown = cli("journal", "show", "--run", "2").out
    assert "DELETE /v2/smart_trades/30000001 (cancel of btc-dip#1 #30000001): applied" in shown
    assert "btc-dip: cancel #30000001: applied" in shown
