"""Averaging orders from the plan file to the wire, as a user sees them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.model.targets import TargetKind
from reconciler.workflows.ci_lock import refuse_unlocked_plan
from tests.support.averaging_orders import averaged, open_trade, order
from tests.support.golden_files import check_golden
from tests.support.program import BTC_DIP, Cli
from tests.support.world import World

ORDERS = """\
    averaging:
      - {price: 59500, units: 0.005}
      - {price: 59000, units: 0.01}
"""


def write_orders(workspace: Path, orders: str = ORDERS) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + orders)


def test_orders_are_foretold_then_shown_then_sent_then_executed(cli: Cli, workspace: Path) -> None:
    write_orders(workspace)
    shown = [cli("plan").out]
    cli("apply", "--auto-approve")
    waiting = cli("plan", "--detailed-exitcode")
    assert waiting.code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    shown += [waiting.out, cli("plan", "--out", "review.json").out]
    assert cli("show", "review.json").out == shown[-1]
    applied = cli("apply", "review.json")
    assert applied.code == 0
    assert "btc-dip: add funds #30000001: done" in applied.err
    assert cli("plan", "--detailed-exitcode").code == 0
    cli("sandbox", "price", "USDT_BTC", "59400")
    assert cli("plan", "--detailed-exitcode").code == 0
    write_orders(workspace, "    averaging: [{price: 59500, units: 0.005}, {price: 58900, units: 0.01}]\n")
    shown.append(cli("plan").out)
    # The sandbox runs by the clock of the machine.
    without_times = [re.sub("^Prices seen .*\n", "", text, flags=re.MULTILINE) for text in shown]
    check_golden("averaging.txt", "\n".join(without_times))
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_the_document_of_a_plan_holds_each_order(cli: Cli, workspace: Path) -> None:
    write_orders(workspace)
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    first, second = json.loads(cli("plan", "--format", "json").out)["operations"]
    assert (first["action"], first["actions"], first["effect"]) == ("add_funds", ["update"], "commits")
    assert second["averaging"] == {"order_type": "limit", "units": {"value": "0.01"}, "price": {"value": "59000"}}


def test_a_problem_with_an_order_is_told_with_its_place(cli: Cli, workspace: Path) -> None:
    write_orders(workspace, "    averaging: [{price: 59500, units: 0.005}, {price: 59500, units: 0.01}]\n")
    done = cli("plan")
    assert done.code == 1
    assert "trades.btc-dip.averaging[1].price: found a second order at 59500" in done.err


def test_in_ci_a_lock_in_a_file_is_not_enough_to_send_an_order() -> None:
    with World() as world:
        open_trade(world)
        plan = world.plan(averaged(order(57000)))
        target = replace(world.settings.target, kind=TargetKind.API)
        settings = replace(world.settings, target=target)
        with pytest.raises(UsageError, match="lock: external"):
            refuse_unlocked_plan(replace(world.session, settings=settings), plan, {"CI": "true"})
        locked = replace(settings, target=replace(target, is_locked_outside=True))
        refuse_unlocked_plan(replace(world.session, settings=locked), plan, {"CI": "true"})
