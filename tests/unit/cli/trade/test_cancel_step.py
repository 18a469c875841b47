"""`trade cancel-step`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.usefixtures("workspace")
AVERAGING = "    averaging:\n      - {price: 59500, units: 0.005}\n"


def waiting_buys(cli: Cli, *selector: str) -> list[str]:
    """Ids of the orders that wait to add to the position."""
    listed = json.loads(cli("trade", "trades", *(selector or ["btc-dip"]), "--format", "json").out)
    return [
        str(each["id"])
        for each in listed
        if each["order_side"] == "buy" and each["status"] in ("order_placed", "to_process")
    ]


@pytest.mark.usefixtures("held")
def test_a_waiting_order_of_added_funds_is_cancelled_by_its_id(cli: Cli) -> None:
    cli("trade", "add-funds", "btc-dip", "--units", "0.005", "--price", "50000", "--auto-approve")
    listed = json.loads(cli("trade", "trades", "btc-dip", "--format", "json").out)
    order_id = str(listed[-1]["id"])
    done = cli("trade", "cancel-step", "btc-dip", "--step-id", order_id, "--auto-approve")
    assert done.code == 0
    assert f"order {order_id} (limit buy of 0.005 BTC) will not be executed" in done.err
    assert json.loads(cli("trade", "trades", "btc-dip", "--format", "json").out)[-1]["status"] == "cancelled"


@pytest.mark.usefixtures("held")
def test_an_averaging_order_that_is_cancelled_by_id_is_not_sent_again(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + AVERAGING)
    cli("apply", "--auto-approve")
    (order_id,) = waiting_buys(cli)
    done = cli("trade", "cancel-step", "btc-dip", "--step-id", order_id, "--auto-approve")
    assert "Next plan: does not send this order again; if the file lists it, remove it there." in done.err
    planned = cli("plan", "--detailed-exitcode")
    assert (planned.code, "is cancelled and is not sent a second time" in planned.flat) == (0, True)
    assert cli("drift").code == 2
    (workspace / "btc-dip.yaml").write_text(BTC_DIP)
    assert cli("plan", "--detailed-exitcode").code == cli("drift").code == 0


@pytest.mark.usefixtures("held")
def test_a_step_is_cancelled_and_the_hint_says_what_to_do_in_the_file(cli: Cli, workspace: Path) -> None:
    step_id = cli("trade", "trades", "btc-dip").out.splitlines()[3].split()[1]
    done = cli("trade", "cancel-step", "btc-dip", "--step-id", step_id, "--auto-approve")
    assert (done.code, done.out) == (0, "[1/1] btc-dip: cancel step #30000001: done\n")
    assert "`unallocated`" in done.err
    kept = "      steps: [{order_type: limit, price: 63000, volume: 50}]\n      unallocated: 50\n"
    steps, _, rest = BTC_DIP.partition("      - {order_type: limit, price: 63000, volume: 50}\n")
    (workspace / "btc-dip.yaml").write_text(steps + kept + rest.partition("\n")[2])
    assert "-50" not in cli("plan").out
    assert "Blocked" not in cli("plan").out
