"""Rules of the user's own: shown by plan, and asked again by apply."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.support.git_repositories import commit_all, make_repository, run_git
from tests.support.program import Cli

# Refuses plans with more operations than the file `most` says.
RULE = """
import json, pathlib, sys
plan = json.load(sys.stdin)
print("commit" if plan["git_commit"] else "no git", "s3cret-key")
sys.exit(len(plan["operations"]) > int(pathlib.Path("most").read_text()))
"""


def write_policy(folder: Path, most: int, command: str | None = None) -> None:
    (folder / "rule.py").write_text(RULE)
    (folder / "most").write_text(str(most))
    lines = [line for line in (folder / "reconciler.yaml").read_text().splitlines() if not line.startswith("policy")]
    lines.append(f"policy: {command or f'{sys.executable} rule.py'}")
    (folder / "reconciler.yaml").write_text("\n".join(lines) + "\n")


def test_a_plan_that_is_refused_is_shown_and_not_applied(cli: Cli, workspace: Path) -> None:
    write_policy(workspace, 0)
    planned = cli("plan", "--out", "plan.json")
    assert planned.code == 0
    assert "Policy of reconciler.yaml refused the plan (exit code 1):\n" in planned.out
    assert "    | no git" in planned.out
    assert "Applicable" not in planned.out
    assert json.loads((workspace / "plan.json").read_text())["is_applicable"] is False
    for arguments in (["plan.json"], ["--auto-approve"], ["--reviewed", "plan.json"]):
        refused = cli("apply", *arguments)
        assert refused.code == 12
        assert "nothing was sent" in refused.err
    assert "not opened" in cli("status").out


def test_apply_asks_again(cli: Cli, workspace: Path) -> None:
    write_policy(workspace, 1)
    planned = cli("plan", "--out", "plan.json")
    assert "Policy of reconciler.yaml passed:\n" in planned.out
    write_policy(workspace, 0)
    assert cli("apply", "plan.json").code == 12
    write_policy(workspace, 1)
    assert cli("apply", "plan.json").code == 0


@pytest.mark.parametrize("command", ["no-such-program", "./missing.sh", "[no-such-program, a]"])
def test_a_missing_program_refuses(cli: Cli, workspace: Path, command: str) -> None:
    write_policy(workspace, 1, command)
    assert "could not be started" in cli("plan").out
    assert cli("apply", "--auto-approve").code == 12


def test_a_policy_of_the_command_line_counts_beside_the_other(cli: Cli, workspace: Path) -> None:
    write_policy(workspace, 0)
    planned = cli("plan", "--policy", "true")
    assert "Policy of --policy passed:\n  true" in planned.out
    assert cli("apply", "--auto-approve", "--policy", "true").code == 12
    write_policy(workspace, 1)
    assert cli("apply", "--auto-approve", "--policy", "false").code == 12
    assert cli("apply", "--auto-approve", "--policy", "true").code == 0
    assert cli("plan", "--policy", "a 'b").code == 64


def test_secrets_are_hidden_in_its_output(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THREE_COMMAS_API_SECRET", "s3cret-key")
    write_policy(workspace, 1)
    planned = cli("plan")
    assert "no git ***" in planned.out
    assert "s3cret-key" not in planned.out


@pytest.fixture
def pull_request(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of a change whose base allows no operation."""
    folder = workspace / "repo"
    make_repository(folder)
    for name in ("reconciler.yaml", "btc-dip.yaml"):
        (workspace / name).rename(folder / name)
    write_policy(folder, 0)
    commit_all(folder)
    run_git(folder, "checkout", "-q", "-b", "change")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("by_variable", [True, False])
def test_a_pull_request_brings_neither_its_own_command_nor_its_own_rules(
    cli: Cli, pull_request: Path, monkeypatch: pytest.MonkeyPatch, by_variable: bool
) -> None:
    trace = pull_request.parent / "was-here"
    write_policy(pull_request, 9, f"touch {trace}")
    (pull_request / "rule.py").write_text(f"open({str(trace)!r}, 'w')")
    commit_all(pull_request)
    if by_variable:
        monkeypatch.setenv("GITHUB_BASE_REF", "main")
    planned = cli("plan", *([] if by_variable else ["--base", "main"]))
    assert not trace.exists()
    assert "Policy of reconciler.yaml of the base refused the plan (exit code 1)" in planned.out
    assert "policy" in planned.out.split("Rules changed", 1)[1]


def test_a_policy_that_a_change_adds_is_not_run_before_it_is_at_the_base(cli: Cli, pull_request: Path) -> None:
    run_git(pull_request, "checkout", "-q", "main")
    text = (pull_request / "reconciler.yaml").read_text()
    (pull_request / "reconciler.yaml").write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith("policy")) + "\n"
    )
    commit_all(pull_request)
    trace = pull_request.parent / "was-here"
    write_policy(pull_request, 9, f"touch {trace}")
    planned = cli("plan", "--base", "main")
    assert planned.code == 0
    assert not trace.exists()
    assert "policy" in planned.out.split("Rules changed", 1)[1]


def test_without_a_named_base_the_policy_of_the_files_is_run(cli: Cli, pull_request: Path) -> None:
    write_policy(pull_request, 1)
    assert "Policy of reconciler.yaml passed" in cli("plan").out


def test_a_pipeline_that_would_not_name_a_base_runs_no_command_of_the_files(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = workspace / "reconciler.yaml"
    sandbox.write_text(sandbox.read_text().replace("{kind: sandbox,", "{kind: sandbox, lock: external,"))
    write_policy(workspace, 9, "[touch, was-run]")
    monkeypatch.setenv("CI", "true")
    assert "Policy of reconciler.yaml was not run" in " ".join(cli("plan").out.split())
    refused = cli("apply", "--auto-approve", "--policy", "true")
    assert refused.code == 12
    assert "name the commit that is trusted with plan --base REF, and apply that plan" in refused.err
    assert not (workspace / "was-run").exists()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "Policy of reconciler.yaml passed" in cli("plan").out
    assert (workspace / "was-run").exists()


def test_such_a_pipeline_applies_a_plan_that_a_base_has_judged(
    cli: Cli, pull_request: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = pull_request / "reconciler.yaml"
    config.write_text(config.read_text().replace("{kind: sandbox,", "{kind: sandbox, lock: external,"))
    (pull_request / "most").write_text("1")
    commit_all(pull_request)
    monkeypatch.setenv("CI", "true")
    assert cli("plan", "--base", "HEAD", "--out", "plan.json").code == 0
    write_policy(pull_request, 9, "[touch, was-run]")
    assert cli("apply", "plan.json").code == 0
    assert not (pull_request / "was-run").exists()
