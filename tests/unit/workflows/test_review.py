"""Rules that a change touches head its review: limits, targets, and what trades prevent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.git_repositories import commit_all, make_repository, run_git
from tests.support.program import BTC_DIP, CONFIG, Cli

PREVENTING = BTC_DIP + "    lifecycle: {prevent: [close, unprotects]}\n"
RAISED = f"{CONFIG}guardrails: {{closes: 50}}\n"


@pytest.fixture
def repository(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI"):
        monkeypatch.delenv(name, raising=False)
    make_repository(workspace)
    (workspace / ".gitignore").write_text(".reconciler/\n")
    (workspace / "btc-dip.yaml").write_text(PREVENTING)
    commit_all(workspace)
    return workspace


def test_what_is_as_committed_says_nothing(cli: Cli, repository: Path) -> None:
    assert "Rules changed" not in cli("plan").out


def test_a_raised_limit_heads_the_plan_and_is_part_of_its_document(cli: Cli, repository: Path) -> None:
    (repository / "reconciler.yaml").write_text(RAISED)
    done = cli("plan", "--out", "p.json")
    lines = done.out.splitlines()
    head = next(place for place, line in enumerate(lines) if line.startswith("Rules changed against HEAD ("))
    assert lines[head + 1] == "  guardrails.closes  0 -> 50"
    # Before all that is to be done.
    assert not any("btc-dip" in line for line in lines[:head])
    assert json.loads((repository / "p.json").read_text())["config_changes"] == [
        {"path": "guardrails.closes", "before": "0", "after": "50", "trades": []}
    ]
    assert "guardrails.closes  0 -> 50" in cli("show", "p.json").out
    assert json.loads(cli("plan", "--format", "json").out)["config_base"].startswith("HEAD (")


def test_words_taken_out_of_prevent_head_the_plan(cli: Cli, repository: Path) -> None:
    (repository / "btc-dip.yaml").write_text(PREVENTING.replace("[close, unprotects]", "[unprotects]"))
    assert "trades.btc-dip.lifecycle.prevent  close, unprotects -> unprotects" in cli("plan").out


def test_a_trade_that_moves_to_another_file_without_its_prevent_is_noticed(cli: Cli, repository: Path) -> None:
    (repository / "btc-dip.yaml").unlink()
    (repository / "other.yaml").write_text(BTC_DIP)
    assert "trades.btc-dip.lifecycle.prevent  close, unprotects -> (none)" in cli("plan").out


def test_another_alias_does_not_hide_what_prevent_lost(cli: Cli, repository: Path) -> None:
    (repository / "reconciler.yaml").write_text(CONFIG.replace("{main: 1}", "{new: 1}"))
    (repository / "btc-dip.yaml").write_text(BTC_DIP.replace("account: main", "account: new"))
    out = cli("plan").out
    assert "targets.sandbox.accounts.new" in out
    assert "trades.btc-dip.lifecycle.prevent" in out


def test_a_named_base_counts_though_all_is_committed(cli: Cli, repository: Path) -> None:
    base = run_git(repository, "rev-parse", "HEAD")
    (repository / "reconciler.yaml").write_text(RAISED)
    commit_all(repository)
    assert "Rules changed" not in cli("plan").out
    assert f"Rules changed against {base} (" in cli("plan", "--base", base).out
    assert "Rules changed against HEAD~1 (" in cli("plan", "--base", "HEAD~1").out


@pytest.mark.parametrize("variable", ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA"])
def test_in_a_pull_request_the_base_of_the_pipeline_counts(
    cli: Cli, repository: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    base = run_git(repository, "rev-parse", "HEAD")
    run_git(repository, "update-ref", "refs/remotes/origin/main", base)
    (repository / "reconciler.yaml").write_text(RAISED)
    commit_all(repository)
    monkeypatch.setenv(variable, "main" if variable == "GITHUB_BASE_REF" else base)
    assert "  guardrails.closes  0 -> 50" in cli("plan").out


def test_a_base_that_is_not_in_the_clone_is_an_error(
    cli: Cli, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", "gone")
    done = cli("plan")
    assert done.code == 64
    assert done.out == ""
    assert "GITHUB_BASE_REF=gone names the base of a pull request" in done.err
    assert "fetch-depth: 0" in done.err
    done = cli("plan", "--base", "gone")
    assert done.code == 64
    assert "--base gone" in done.err


def test_outside_git_a_pull_request_is_an_error_too(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    done = cli("plan")
    assert done.code == 64
    assert "is in no git repository" in done.err


def test_a_damaged_configuration_at_the_base_is_said(cli: Cli, repository: Path) -> None:
    (repository / "reconciler.yaml").write_text("a: [1\n")
    commit_all(repository)
    (repository / "reconciler.yaml").write_text(CONFIG)
    done = cli("plan")
    assert done.code == 0
    assert "the rules could not be compared: the base HEAD" in " ".join(done.out.split())
    assert "its reconciler.yaml is damaged" in " ".join(done.out.split())
    named = cli("plan", "--base", "HEAD")
    assert named.code == 64
    assert "its reconciler.yaml is damaged" in named.err


def test_apply_shows_changed_rules_before_it_asks(cli: Cli, repository: Path) -> None:
    (repository / "reconciler.yaml").write_text(RAISED)
    assert "  guardrails.closes  0 -> 50" in cli("apply", "--auto-approve").out
