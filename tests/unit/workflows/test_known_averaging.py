"""Averaging orders that the journal knows need no request."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.support.program import BTC_DIP, Cli

ORDERS = "    averaging: [{price: 59500, units: 0.005}, {price: 59000, units: 0.01}]\n"


def open_with_orders(cli: Cli, workspace: Path) -> str:
    """Open a trade and send its averaging orders."""
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + ORDERS)
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    assert cli("apply", "--auto-approve").code == 0
    return "30000001"


def status(cli: Cli) -> Any:
    """The document of `status`."""
    return json.loads(cli("status", "--format", "json").out)


def notional(cli: Cli) -> object:
    return status(cli)["trades"][0]["risk"]["notional"]


def test_status_shows_orders_that_wait_without_reading_them(cli: Cli, workspace: Path) -> None:
    open_with_orders(cli, workspace)
    with_orders, notional_before = status(cli)["requests"], notional(cli)
    assert status(cli)["averaging_not_read"] == ["btc-dip"]
    assert "btc-dip: averaging orders as sent; reconciler drift shows whether they still wait" in cli("status").out
    (workspace / "btc-dip.yaml").write_text(BTC_DIP)
    assert status(cli)["requests"] == with_orders + 1
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + ORDERS)
    # What is filled costs its fee, too, and what waits counts as filled.
    assert notional_before == "1488.1"
    cli("sandbox", "price", "USDT_BTC", "59400")
    assert (status(cli)["requests"], notional(cli)) == (with_orders, "1488.3975")


def test_what_the_journal_does_not_explain_is_read(cli: Cli, workspace: Path) -> None:
    live_id = open_with_orders(cli, workspace)
    known = status(cli)["requests"]
    (entry,) = [line for line in cli("trade", "trades", "btc-dip").out.splitlines() if "59500" in line]
    assert cli("sandbox", "fill", live_id, "0.002", "--order", re.findall(r"\d{6,}", entry)[0]).code == 0
    assert status(cli)["requests"] == known + 1


def test_a_plan_reads_orders_until_all_were_executed(cli: Cli, workspace: Path) -> None:
    open_with_orders(cli, workspace)

    def used() -> int:
        return int(json.loads(cli("plan", "--format", "json").out)["requests"]["used"])

    waiting = used()
    cli("sandbox", "price", "USDT_BTC", "59400")
    assert used() == waiting
    cli("sandbox", "price", "USDT_BTC", "58900")
    assert used() == waiting - 1
    assert cli("plan", "--detailed-exitcode").code == 0
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + ORDERS.replace("59500", "58800"))
    assert cli("plan", "--detailed-exitcode").code == 2
