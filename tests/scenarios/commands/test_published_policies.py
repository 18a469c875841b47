"""The policy in Rego, as shipped in plans/examples/policies, on real plans."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Cli
from tests.support.run_rego import find_denials

ROOT = Path(__file__).parents[3]
POLICY = ROOT / "plans" / "examples" / "policies" / "plan.rego"
REQUIRED = ("kind", "format_version", "workspace", "target", "git_commit", "operations", "money", "risk")


@pytest.fixture
def document(cli: Cli, workspace: Path) -> dict[str, Any]:
    """The document of a plan that opens one trade."""
    found: dict[str, Any] = json.loads(cli("plan", "--format", "json").out)
    return found


def test_a_plan_on_the_sandbox_is_accepted(document: dict[str, Any]) -> None:
    assert find_denials(POLICY, document) == []


@pytest.mark.parametrize("key", REQUIRED)
def test_a_missing_key_is_refused(document: dict[str, Any], key: str) -> None:
    del document[key]
    assert f"the plan has no {key}" in find_denials(POLICY, document)


def test_nothing_at_all_is_refused() -> None:
    assert len(find_denials(POLICY, {})) == len(REQUIRED)


@pytest.mark.parametrize("key", ["action", "trade", "effect", "side_effects"])
def test_a_missing_key_of_an_operation_is_refused(document: dict[str, Any], key: str) -> None:
    del document["operations"][0][key]
    assert f"an operation has no {key}" in find_denials(POLICY, document)


@pytest.mark.parametrize("place", ["effect", "side_effects"])
def test_an_effect_that_it_does_not_know_is_refused(document: dict[str, Any], place: str) -> None:
    document["operations"][0][place] = "explodes" if place == "effect" else ["explodes"]
    assert find_denials(POLICY, document) == ["btc-dip: unknown effect explodes"]


def test_real_money_needs_a_commit(document: dict[str, Any]) -> None:
    document["target"]["mode"] = "real"
    for commit, is_accepted in ((None, False), ("1234+dirty", False), ("1234", True)):
        document["git_commit"] = commit
        assert (find_denials(POLICY, document) == []) is is_accepted


def test_real_money_is_in_danger_for_one_trade_at_most(document: dict[str, Any]) -> None:
    document["target"]["mode"], document["git_commit"] = "real", "1234"
    first = document["operations"][0]
    first["effect"] = "executes"
    second = copy.deepcopy(first) | {"trade": "second", "effect": "labels", "side_effects": ["unprotects"]}
    assert find_denials(POLICY, document) == []
    document["operations"].append(second)
    assert find_denials(POLICY, document) == ["one plan is dangerous to several trades: btc-dip, second"]


def test_leverage_needs_a_stop(document: dict[str, Any]) -> None:
    after = document["operations"][0]["after"]
    after["leverage"] = {"enabled": True, "type": "cross", "value": "5"}
    assert find_denials(POLICY, document) == []
    after["stop_loss"] = {"enabled": False}
    assert find_denials(POLICY, document) == ["btc-dip: leverage without a stop"]


def test_it_decides_as_a_policy(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = f"{sys.executable} -m tests.support.run_rego {POLICY}"
    assert "Policy of --policy passed" in cli("plan", "--policy", command).out
    strict = workspace / "strict.rego"
    strict.write_text(POLICY.read_text() + '\ndeny contains "never" if true\n')
    refused = cli("apply", "--auto-approve", "--policy", command.replace(str(POLICY), str(strict)))
    assert refused.code == 12
    assert "    | never" in refused.out
    assert cli("apply", "--auto-approve", "--policy", command).code == 0
