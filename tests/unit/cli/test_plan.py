"""`plan`: output, exit codes and what narrows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_plan_without_the_option_exits_zero_though_there_is_something_to_do(cli: Cli) -> None:
    assert cli("plan").code == 0


def test_a_plan_for_machines_is_alone_on_standard_output(cli: Cli) -> None:
    done = cli("plan", "--format", "json")
    document = json.loads(done.out)
    assert document["kind"] == "reconciler-plan"
    assert document["operations"][0]["actions"] == ["create"]
    assert document["summary"] == {
        "add": 1,
        "change": 0,
        "destroy": 0,
        "blocked": 0,
        "unchanged": 0,
        "attention": 0,
        "dangerous": 0,
        "held_back": 0,
        "sent": 1,
    }


def test_narrowing_to_one_trade_looks_for_no_removals(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").unlink()
    assert "No changes." in cli("plan", "--trade", "other").out
    assert "No changes." in cli("plan", "other.yaml").out
    assert "1 to destroy" in cli("plan").out


def test_an_unknown_trade_or_path_is_a_usage_error(cli: Cli) -> None:
    assert cli("plan", "--trade", "nobody").code == 64
    assert cli("plan", "nowhere.yaml").code == 64


def test_what_a_path_lacks_is_said(cli: Cli, workspace: Path) -> None:
    assert "nofile.yaml: there is no such file or folder" in cli("plan", "nofile.yaml").err
    (workspace / "empty").mkdir()
    assert "empty: no trade of workspace test is in it" in cli("plan", "empty").err
    assert "it is outside" in cli("plan", str(workspace.parent)).err or cli("plan", str(workspace.parent)).code == 0
    assert "it is outside" in cli("plan", "/usr").err


def test_what_fails_is_named_and_the_plan_is_shown_and_saved_all_the_same(cli: Cli, workspace: Path) -> None:
    assert cli("plan", "--fail-on", "loss").code == 0
    assert cli("plan", "--fail-on", "changes").code == 2
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("guardrails: {creates: 0}\n")
    assert cli("plan").code == 0
    done = cli("plan", "--fail-on", "guardrail", "--out", "plan.json")
    assert done.code == 12
    assert "creates: 1, over the limit of 0" in done.out
    assert json.loads((workspace / "plan.json").read_text())["is_applicable"] is False
    assert cli("plan", "--fail-on", "nothing").code == 64
