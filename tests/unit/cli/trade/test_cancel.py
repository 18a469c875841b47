"""`trade cancel` of one trade."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.usefixtures("workspace")
FIRST = "30000001"
AVERAGING = "    averaging:\n      - {price: 59500, units: 0.005}\n"


def waiting_buys(cli: Cli, *selector: str) -> list[str]:
    """Ids of the orders that wait to add to the position."""
    listed = json.loads(cli("trade", "trades", *(selector or ["btc-dip"]), "--format", "json").out)
    return [
        str(each["id"])
        for each in listed
        if each["order_side"] == "buy" and each["status"] in ("order_placed", "to_process")
    ]


@pytest.mark.usefixtures("waiting")
def test_cancel_of_a_waiting_trade_frees_money(cli: Cli) -> None:
    done = cli("trade", "cancel", "btc-dip", "--auto-approve")
    assert (done.code, done.out) == (0, "[1/1] btc-dip: cancel #30000001: done\n")
    assert "frees 600 USDT" in done.err
    plan = cli("plan", "--detailed-exitcode")
    assert (plan.code, "ended btc-dip" in plan.out) == (0, True)


@pytest.mark.usefixtures("held")
def test_cancel_of_a_position_says_that_it_stays_unprotected(cli: Cli) -> None:
    done = cli("trade", "cancel", "btc-dip", "--auto-approve")
    assert "keeps 0.01 BTC without steps and stop; THE POSITION STAYS, UNPROTECTED" in done.err
    assert (done.code, done.out) == (
        0,
        "[1/1] btc-dip: cancel #30000001: done: 0.01 BTC stay, without steps and stop\n",
    )


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("selector", [("btc-dip",), ("--all",), ("--id", FIRST)])
def test_what_is_printed_for_an_entry_that_fills_while_being_cancelled_can_be_pasted_and_applied(
    cli: Cli, workspace: Path, selector: tuple[str, ...]
) -> None:
    cli("sandbox", "schedule", "fill_on_cancel", "40")
    done = cli("trade", "cancel", *selector, "--auto-approve")
    assert done.code != 0
    assert "FILLED WHILE CANCELLING: 0.004 BTC were filled at" in done.out
    block = done.out.partition("manages them:\n\n")[2].partition("\n\n")[0]
    (workspace / "held.yaml").write_text(block + "\n")
    assert "+ btc-dip-held  USDT_BTC  will be created" in cli("plan").out
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    "command",
    [("cancel", "btc-dip"), ("close", "btc-dip"), ("cancel", "--all", "--with-positions"), ("close", "--all")],
)
def test_with_a_trade_its_averaging_orders_end_and_none_is_sent_again(
    cli: Cli, workspace: Path, command: tuple[str, ...]
) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + AVERAGING)
    cli("apply", "--auto-approve")
    assert len(waiting_buys(cli)) == 1
    assert cli("trade", *command, "--auto-approve").code == 0
    assert waiting_buys(cli, "--id", FIRST) == []
    planned = json.loads(cli("plan", "--format", "json").out)
    # A cancel leaves coins without a stop, which is said until somebody has taken over.
    assert (planned["operations"], planned["summary"]["attention"]) == ([], command[0] == "cancel")
