"""`sandbox set`, `schedule` and `fill`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.program import Cli


def show(cli: Cli) -> Any:
    return json.loads(cli("sandbox", "show").out)


def test_settings_are_set_and_shown(cli: Cli, workspace: Path) -> None:
    assert cli("sandbox", "set", "trailing_stop", "moved").out == "trailing_stop is moved\n"
    assert cli("sandbox", "set", "pending_reads", "clock").out == "pending_reads is clock\n"
    settings = show(cli)["settings"]

    assert (settings["trailing_stop"], settings["pending_reads"]) == ("moved", "clock")


def test_orders_fill_and_fail_on_demand(cli: Cli, workspace: Path) -> None:
    assert cli("apply", "--auto-approve").code == 0
    told = cli("sandbox", "fill", "btc-dip", "0.004").out.splitlines()
    assert told == [
        "Order 1000000001 of #30000001: 0.004 units filled so far",
        "btc-dip: entered 0.004 BTC at 60000",
    ]
    assert cli("sandbox", "schedule", "fill_on_cancel", "50").out == "Scheduled: fill_on_cancel (50)\n"
    assert cli("sandbox", "schedule", "refuse", "kyc", "--id", "30000001").out.endswith(" for #30000001\n")

    assert [event["event"] for event in show(cli)["events"]] == ["fill_on_cancel", "refuse"]
