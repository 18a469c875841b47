"""The whole story of a change: planned, commented, grown in danger, merged, applied, closed, and edited by a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.workflows.new_workspace import FIRST_PLAN
from tests.scenarios.pipeline.conftest import CONFIG, NUMBER, Pipeline
from tests.support.git_repositories import commit_all, run_git
from tests.support.github_stand_in import GitHubStandIn
from tests.support.manual_edits import edit
from tests.support.program import Cli

# Each step is a process of its own.
pytestmark = pytest.mark.slow

Branch = Callable[[str, str], str]
AT_MARKET = FIRST_PLAN.replace("order_type: limit, units: 0.01, price: 60000", "order_type: market, units: 0.01")


def merge(repository: Path, service: GitHubStandIn) -> str:
    """Merge the branch as the service does, so that the merge has a commit of its own."""
    head = run_git(repository, "rev-parse", "change")
    run_git(repository, "checkout", "-q", "main")
    run_git(repository, "merge", "-q", "--no-ff", "-m", "merge", "change")
    commit = run_git(repository, "rev-parse", "HEAD")
    service.merged[commit] = {
        "number": NUMBER,
        "merged_at": "2026-01-01T00:00:00Z",
        "merge_commit_sha": commit,
        "head": {"sha": head},
    }
    return commit


def test_a_change_is_planned_grows_in_danger_is_merged_and_applied_as_it_was_reviewed(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch, repository: Path
) -> None:
    branch("btc-dip.yaml", FIRST_PLAN.replace("63000", "64000"))
    result, runner = pipeline.plan()
    assert not result.has_failed, runner.log
    (first,) = service.visible()

    branch("btc-dip.yaml", AT_MARKET)
    result, runner = pipeline.plan()
    assert not result.has_failed, runner.log
    (second,) = service.visible()
    assert second["id"] != first["id"]
    assert first["hidden"] == "OUTDATED"
    plan = json.loads(Path(result.outputs["plan_path"]).read_text())

    merge(repository, service)
    result, runner = pipeline.apply()
    assert not result.has_failed, runner.log
    assert (result.outputs["applied"], result.outputs["failure_reason"]) == ("1", "")
    assert '"closed":true' in second["body"].splitlines()[0]
    assert "**Applied** by" in second["body"]
    (done,) = service.visible("apply")
    assert "1 added, 0 changed, 0 destroyed" in done["body"]
    assert plan["digest"] in done["body"].splitlines()[0]

    run_git(repository, "checkout", "-q", "change")
    result, runner = pipeline.plan(comment_when="always")
    assert not result.has_failed, runner.log
    assert result.outputs["changes"] == "false"
    assert [each["id"] for each in service.visible()] == [second["id"], service.comments[-1]["id"]]


def test_a_plan_of_another_tree_is_refused_or_made_again(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch, repository: Path
) -> None:
    branch("btc-dip.yaml", FIRST_PLAN.replace("63000", "64000"))
    pipeline.plan()
    run_git(repository, "checkout", "-q", "main")
    (repository / "README.md").write_text("somebody else\n")
    commit_all(repository)
    merge(repository, service)
    refused, runner = pipeline.apply()
    assert refused.has_failed
    assert refused.outputs["failure_reason"] == "tree-changed", runner.log
    assert '"closed":false' in service.visible()[0]["body"].splitlines()[0]
    assert "Nothing was sent" in service.visible("apply")[0]["body"]
    again, runner = pipeline.apply(replan="if-expired")
    assert not again.has_failed, runner.log
    assert again.outputs["applied"] == "1"


def test_what_was_not_reviewed_is_not_applied_by_a_new_plan(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch, repository: Path
) -> None:
    branch("btc-dip.yaml", FIRST_PLAN.replace("63000", "64000"))
    pipeline.plan()
    run_git(repository, "checkout", "-q", "main")
    more = FIRST_PLAN.replace("btc-dip", "btc-low").replace("60000", "50000").replace("58500", "48000")
    (repository / "trades" / "btc-low.yaml").write_text(more)
    commit_all(repository)
    merge(repository, service)
    refused, runner = pipeline.apply(replan="if-expired")
    assert refused.outputs["failure_reason"] == "plan-changed", runner.log
    assert refused.outputs["applied"] == "0"


@pytest.mark.parametrize("replan", ["never", "if-expired"])
def test_an_expired_plan_is_refused_or_made_again_if_it_does_the_same(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch, repository: Path, replan: str
) -> None:
    (repository / "trades" / "reconciler.yaml").write_text(f"{CONFIG}guardrails: {{plan_age: 1s}}\n")
    commit_all(repository)
    branch("btc-dip.yaml", FIRST_PLAN.replace("63000", "64000"))
    pipeline.plan()
    merge(repository, service)
    result, runner = pipeline.apply(replan=replan)
    expected = ("expired", "0") if replan == "never" else ("", "1")
    assert (result.outputs["failure_reason"], result.outputs["applied"]) == expected, runner.log


def test_a_trade_that_a_person_has_edited_since_the_review_stops_the_apply_and_a_new_plan_shows_it(
    pipeline: Pipeline,
    service: GitHubStandIn,
    branch: Branch,
    repository: Path,
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(repository / "trades")
    assert cli("apply", "--auto-approve").code == 0
    branch("btc-dip.yaml", FIRST_PLAN.replace("58500", "59000"))
    result, runner = pipeline.plan()
    assert (result.has_failed, result.outputs["to_change"]) == (False, "1"), runner.log
    merge(repository, service)
    stop = {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": "50000"}}}
    edit(30000001, {"stop_loss": stop})
    for replan in ("never", "if-expired"):
        refused, runner = pipeline.apply(replan=replan)
        assert refused.outputs["failure_reason"] == "plan-changed", runner.log
        assert refused.outputs["applied"] == "0"
    assert '"closed":false' in service.visible()[0]["body"].splitlines()[0]
    run_git(repository, "checkout", "-q", "change")
    again, runner = pipeline.plan()
    assert not again.has_failed, runner.log
    assert "50,000" in service.visible()[-1]["body"] or "50000" in service.visible()[-1]["body"]
