"""`trade close` of one trade."""

from __future__ import annotations

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
