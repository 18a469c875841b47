"""The action `apply`: exactly the artefact of the merged pull request, or one word that says why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.workflows.new_workspace import FIRST_PLAN
from tests.scenarios.pipeline.conftest import CONFIG, Pipeline
from tests.scenarios.pipeline.test_story import merge
from tests.support.git_repositories import commit_all
from tests.support.github_stand_in import Fault, GitHubStandIn

# Each step is a process of its own.
pytestmark = pytest.mark.slow

Branch = Callable[[str, str], str]
LATER = FIRST_PLAN.replace("63000", "64000")


def errors(runner: Any) -> list[str]:
    return [each.text for each in runner.annotations if each.level == "error"]


@pytest.fixture
def planned(pipeline: Pipeline, branch: Branch) -> Any:
    """The result of a plan for the branch that is checked out."""
    branch("btc-dip.yaml", LATER)
    result, runner = pipeline.plan()
    assert not result.has_failed, runner.log
    return result


def test_a_commit_that_was_pushed_without_a_pull_request_has_no_plan(pipeline: Pipeline, planned: Any) -> None:
    result, runner = pipeline.apply()
    assert result.has_failed
    assert result.outputs["failure_reason"] == "apply-failed"
    assert "is not the merge of a pull request" in errors(runner)[0]
    assert "Apply" in result.skipped


def test_an_artefact_of_a_fork_or_of_another_commit_is_not_applied(
    pipeline: Pipeline, service: GitHubStandIn, planned: Any, repository: Path
) -> None:
    merge(repository, service)
    run = service.artifacts[0]["workflow_run"]
    run["head_repository_id"] = 99
    result, runner = pipeline.apply()
    assert result.has_failed
    assert "found no artefact" in errors(runner)[0]
    run["head_repository_id"], run["head_sha"] = run["repository_id"], "0" * 40
    result, _ = pipeline.apply()
    assert result.has_failed
    service.artifacts[0]["expired"] = True
    result, _ = pipeline.apply(run_id=str(run["id"]))
    assert result.has_failed


def test_a_run_can_be_named_and_an_artefact_of_another_name_too(
    pipeline: Pipeline, service: GitHubStandIn, planned: Any, repository: Path
) -> None:
    merge(repository, service)
    run = str(service.artifacts[0]["workflow_run"]["id"])
    result, runner = pipeline.apply(run_id=run, artifact_name="reconciler-plan-prod-sandbox")
    assert not result.has_failed, runner.log
    assert result.outputs["applied"] == "1"


def test_a_plan_in_a_file_is_applied_without_asking_the_service_for_one(
    pipeline: Pipeline, service: GitHubStandIn, planned: Any
) -> None:
    result, runner = pipeline.apply(plan=planned.outputs["plan_path"], comment="never")
    assert not result.has_failed, runner.log
    assert result.outputs["applied"] == "1"
    assert service.sent("GET", "artifacts") == []
    again, runner = pipeline.apply(plan=planned.outputs["plan_path"], comment="never")
    assert again.outputs["failure_reason"] in ("", "plan-changed")
    assert "create #30000002" not in runner.log


def test_a_guardrail_is_named_and_passes_if_it_is_acknowledged_by_its_number(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch, repository: Path
) -> None:
    branch("reconciler.yaml", f"{CONFIG}guardrails: {{creates: 0}}\n")
    pipeline.plan(fail_on="error")
    merge(repository, service)
    result, runner = pipeline.apply()
    assert result.outputs["failure_reason"] == "guardrail", runner.log
    assert result.outputs["applied"] == "0"
    assert '"closed":false' in service.visible()[0]["body"].splitlines()[0]
    result, runner = pipeline.apply(acknowledge="creates=1\n")
    assert not result.has_failed, runner.log
    assert '"closed":true' in service.visible()[0]["body"].splitlines()[0]


def test_a_policy_that_refuses_is_named(
    pipeline: Pipeline, service: GitHubStandIn, planned: Any, repository: Path
) -> None:
    merge(repository, service)
    result, runner = pipeline.apply(args="--policy\nfalse\n")
    assert result.outputs["failure_reason"] == "policy", runner.log
    assert result.has_failed


def test_a_freeze_is_a_guardrail(pipeline: Pipeline, service: GitHubStandIn, planned: Any, repository: Path) -> None:
    merge(repository, service)
    pipeline.environment["RECONCILER_FREEZE"] = "incident"
    result, runner = pipeline.apply()
    assert result.outputs["failure_reason"] == "guardrail", runner.log


def test_a_damaged_artefact_is_refused(pipeline: Pipeline, planned: Any, repository: Path) -> None:
    path = Path(planned.outputs["plan_path"])
    path.write_text(path.read_text().replace('"64000"', '"63000"'))
    result, runner = pipeline.apply(plan=str(path), comment="never")
    assert result.outputs["failure_reason"] == "apply-failed", runner.log
    assert "was changed after it was made" in runner.log
    path.write_text("{")
    result, _ = pipeline.apply(plan=str(path), comment="never")
    assert result.outputs["failure_reason"] == "apply-failed"


def test_files_in_no_commit_were_not_reviewed(pipeline: Pipeline, planned: Any, repository: Path) -> None:
    (repository / "trades" / "btc-dip.yaml").write_text(FIRST_PLAN)
    dirty, _ = pipeline.plan(comment="never")
    commit_all(repository)
    result, runner = pipeline.apply(plan=dirty.outputs["plan_path"], comment="never")
    assert result.outputs["failure_reason"] == "tree-changed", runner.log


def test_a_service_that_refuses_the_comment_changes_nothing_about_the_apply(
    pipeline: Pipeline, service: GitHubStandIn, planned: Any, repository: Path
) -> None:
    merge(repository, service)
    service.faults.append(Fault("PATCH", "/issues/comments", 403))
    result, runner = pipeline.apply()
    assert not result.has_failed, runner.log
    assert any("could not be written" in each.text for each in runner.annotations if each.level == "warning")
    assert result.outputs["applied"] == "1"


def test_a_service_that_refuses_the_artefact_ends_the_job(
    pipeline: Pipeline, service: GitHubStandIn, planned: Any, repository: Path
) -> None:
    merge(repository, service)
    service.faults.append(Fault("GET", "artifacts", 403))
    result, runner = pipeline.apply()
    assert result.has_failed
    assert "403" in errors(runner)[0]


def test_the_journal_has_the_person_the_run_and_the_pull_request(
    pipeline: Pipeline, service: GitHubStandIn, planned: Any, repository: Path, cli: Any, monkeypatch: Any
) -> None:
    merge(repository, service)
    pipeline.apply()
    monkeypatch.chdir(repository / "trades")
    shown = cli("journal", "show", "--run", "1").out
    assert (
        "for dependable-dora, https://github.test/acme/trades/pull/7, https://github.test/acme/trades/actions" in shown
    )
