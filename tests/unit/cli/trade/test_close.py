"""`trade close` of one trade."""

from __future__ import annotations

import json

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.mark.usefixtures("held")
def test_close_asks_with_the_money_and_the_plan_then_opens_nothing(cli: Cli) -> None:
    done = cli("trade", "close", "btc-dip", typed="yes\n")
    assert done.code == 0
    assert "sells 0.01 BTC at market, about 599 USDT, result about -1.6 USDT; profit now" in done.err
    assert "[1/1] btc-dip: close #30000001: done: panic_sold, profit" in done.out
    assert "lists it as ended and opens nothing" in done.err
    plan = cli("plan", "--detailed-exitcode")
    assert (plan.code, "ended btc-dip" in plan.out) == (0, True)


@pytest.mark.usefixtures("waiting")
def test_what_the_trade_does_not_allow_is_refused_with_its_status(cli: Cli) -> None:
    done = cli("trade", "close", "btc-dip", "--auto-approve")
    assert done.code == 12
    assert "cannot close btc-dip #30000001: it is waiting_position and does not allow that now" in done.err
    assert "`trade cancel` takes its entry back" in done.err


def fill(cli: Cli) -> None:
    """Fill a part of the entry."""
    assert cli("sandbox", "fill", "30000001", "0.004").code == 0


@pytest.mark.usefixtures("waiting")
def test_of_a_partly_filled_entry_both_amounts_are_said_and_nothing_is_left(cli: Cli) -> None:
    fill(cli)
    done = cli("trade", "close", "btc-dip", typed="yes\n")

    assert done.code == 0
    assert "sells 0.004 BTC at market" in done.err
    assert "the rest of the entry is cancelled first, which frees 360 USDT" in done.err
    assert "its entry is cancelled, and #30000002 closed 0.004 BTC: panic_sold" in done.out
    assert cli("trade", "close", "--all", "--auto-approve").out == "Nothing to do.\n"
    assert cli("drift").code == 0


@pytest.mark.usefixtures("waiting")
def test_close_all_closes_a_partly_filled_entry_too(cli: Cli) -> None:
    fill(cli)
    left = cli("trade", "cancel", "--all", "--auto-approve")
    assert (left.code, left.out) == (12, "Nothing to do.\n")
    assert "1 with a partly filled entry (`trade close --all` takes the rest back" in left.err

    done = cli("trade", "close", "--all", "--auto-approve")
    assert (done.code, "Complete: 1 of 1 closed." in done.out) == (0, True)
    assert "#30000002 closed 0.004 BTC" in done.out


@pytest.mark.usefixtures("waiting")
def test_status_and_drift_say_that_what_is_filled_has_no_stop(cli: Cli) -> None:
    fill(cli)

    assert "NONE YET" in cli("status").out
    assert "1 filling (what is filled has no stop yet)" in cli("drift").out
    (row,) = json.loads(cli("status", "--format", "json").out)["trades"]
    assert (row["phase"], row["held"]["value"], row["is_unprotected"]) == ("filling", "0.004", True)
    (finding,) = json.loads(cli("drift", "--format", "json").out)["findings"]
    assert finding["text"] == "0.004 BTC of its entry filled, and no stop protects them until it is filled"
