"""The action `plan`, run as it stands in its YAML file, against the sandbox and a stand-in of the service."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.workflows.new_workspace import FIRST_PLAN
from tests.scenarios.pipeline.conftest import CONFIG, Pipeline
from tests.support.git_repositories import commit_all, run_git
from tests.support.github_stand_in import TOKEN, Fault, GitHubStandIn

# Each step is a process of its own.
pytestmark = pytest.mark.slow

Branch = Callable[[str, str], str]
LATER = FIRST_PLAN.replace("63000", "64000")
AT_MARKET = FIRST_PLAN.replace("order_type: limit, units: 0.01, price: 60000", "order_type: market, units: 0.01")


def messages(runner: Any, level: str) -> list[Any]:
    return [each for each in runner.annotations if each.level == level]


def test_a_plan_is_made_stored_commented_and_counted(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    branch("btc-dip.yaml", LATER)
    result, runner = pipeline.plan()
    assert not result.has_failed, runner.log
    outputs = result.outputs
    assert (outputs["to_add"], outputs["to_change"], outputs["to_destroy"]) == ("1", "0", "0")
    assert (outputs["changes"], outputs["applicable"], outputs["exit_code"]) == ("true", "true", "0")
    assert (outputs["blocked"], outputs["losses"], outputs["dangerous"]) == ("0", "0", "0")
    assert outputs["summary"] == "Plan: 1 to add, 0 to change, 0 to destroy."
    assert json.loads(outputs["guardrails"]) == []
    saved = json.loads(Path(outputs["plan_path"]).read_text())
    assert (outputs["digest"], outputs["operations_digest"]) == (saved["digest"], saved["operations_digest"])
    (comment,) = service.visible()
    assert outputs["comment_id"] == str(comment["id"])
    assert outputs["comment_url"] == comment["html_url"]
    assert outputs["artifact_url"] in comment["body"]
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in comment["body"]
    assert "Plan: 1 to add" in runner.summary
    assert "Plan: 1 to add" in Path(outputs["markdown_path"]).read_text()
    assert service.artifacts[0]["name"] == "reconciler-plan-prod-sandbox"
    assert TOKEN not in runner.log


def test_a_dangerous_operation_is_a_notice_on_the_line_that_has_changed(
    pipeline: Pipeline, branch: Branch, repository: Path
) -> None:
    (repository / "trades" / "btc-dip.yaml").write_text(LATER)
    commit_all(repository)
    branch("btc-dip.yaml", AT_MARKET.replace("63000", "64000"))
    _, runner = pipeline.plan()
    (notice,) = messages(runner, "notice")
    lines = FIRST_PLAN.splitlines()
    assert notice.properties["file"] == "trades/btc-dip.yaml"
    assert "position:" in lines[int(notice.properties["line"]) - 1]
    assert notice.properties["title"] == "btc-dip: create"
    assert notice.text.startswith("executes: ")


def test_a_problem_in_a_file_is_an_error_on_its_line_and_no_plan_is_made(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    branch("btc-dip.yaml", FIRST_PLAN.replace("units: 0.01", "units: many"))
    result, runner = pipeline.plan()
    assert result.has_failed
    (error,) = messages(runner, "error")
    assert (error.properties["file"], error.properties["line"]) == ("trades/btc-dip.yaml", "6")
    assert result.outputs["exit_code"] == "1"
    assert service.comments == []
    assert "no plan was made" in runner.summary


def test_a_comment_of_an_earlier_plan_says_that_it_is_out_of_date_until_there_is_a_newer_one(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    branch("btc-dip.yaml", LATER)
    pipeline.plan()
    branch("btc-dip.yaml", FIRST_PLAN.replace("units: 0.01", "units: many"))
    for _ in range(2):
        pipeline.plan()
        (comment,) = service.visible()
        assert comment["body"].count("**Out of date.**") == 1
        assert '"applicable":false' in comment["body"].splitlines()[0]
    branch("btc-dip.yaml", LATER)
    pipeline.plan()
    (comment,) = service.visible()
    assert "Out of date" not in comment["body"]
    assert '"applicable":true' in comment["body"].splitlines()[0]


@pytest.mark.parametrize(("fail_on", "has_failed"), [("error", False), ("guardrail", True)])
def test_a_guardrail_fails_the_job_after_everything_was_shown(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch, fail_on: str, *, has_failed: bool
) -> None:
    branch("reconciler.yaml", f"{CONFIG}guardrails: {{creates: 0}}\n")
    result, runner = pipeline.plan(fail_on=fail_on)
    assert result.has_failed is has_failed, runner.log
    assert result.outputs["applicable"] == "false"
    assert result.outputs["exit_code"] == ("12" if has_failed else "0")
    assert [each["name"] for each in json.loads(result.outputs["guardrails"])][:1] == ["creates"]
    assert len(service.visible()) == 1
    assert any(each.properties.get("title") == "Guardrail creates" for each in messages(runner, "warning"))


def test_limits_that_a_pull_request_raises_do_not_count(pipeline: Pipeline, branch: Branch, repository: Path) -> None:
    (repository / "trades" / "reconciler.yaml").write_text(f"{CONFIG}guardrails: {{creates: 0}}\n")
    commit_all(repository)
    branch("reconciler.yaml", f"{CONFIG}guardrails: {{creates: 5}}\n")
    result, _ = pipeline.plan()
    assert result.has_failed
    assert result.outputs["applicable"] == "false"


def test_nothing_to_do_writes_no_first_comment(pipeline: Pipeline, service: GitHubStandIn, branch: Branch) -> None:
    branch("btc-dip.yaml", f"{FIRST_PLAN.split('trades:')[0]}trades: {{}}\n")
    result, runner = pipeline.plan()
    assert not result.has_failed, runner.log
    assert result.outputs["changes"] == "false"
    assert service.comments == []
    pipeline.plan(comment_when="always")
    assert len(service.visible()) == 1


def test_a_refused_comment_is_a_warning_and_fails_nothing(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    branch("btc-dip.yaml", LATER)
    service.faults.append(Fault("POST", "/issues/7/comments", 403))
    result, runner = pipeline.plan()
    assert not result.has_failed, runner.log
    assert any("could not be written: 403" in each.text for each in messages(runner, "warning"))
    assert "Plan: 1 to add" in runner.summary


def test_a_policy_of_the_workflow_refuses_a_plan(pipeline: Pipeline, branch: Branch) -> None:
    branch("btc-dip.yaml", LATER)
    result, runner = pipeline.plan(policy='python3 -c \'import sys; print("too" + " risky"); sys.exit(3)\'')
    assert result.has_failed
    assert result.outputs["exit_code"] == "12"
    assert "too risky" in runner.summary


def test_more_arguments_and_a_name_of_the_artefact_are_taken(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    branch("btc-dip.yaml", LATER)
    result, runner = pipeline.plan(args="--trade\nbtc-dip\n", artifact_name="mine", label="a b", step_summary="false")
    assert not result.has_failed, runner.log
    assert service.artifacts[0]["name"] == "mine"
    assert '"label":"a b"' in service.visible()[0]["body"].splitlines()[0]
    assert runner.summary == ""


def test_the_key_of_the_sandbox_or_the_api_is_in_nothing_that_is_shown(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    pipeline.environment |= {
        "THREE_COMMAS_API_KEY": "marked-key-1234567",
        "THREE_COMMAS_API_SECRET": "marked-secret-1234",
    }
    branch("btc-dip.yaml", LATER)
    result, runner = pipeline.plan()
    shown = [runner.log, runner.summary, *(each["body"] for each in service.comments), str(result.outputs)]
    assert not any("marked-" in each for each in shown)


def test_hostile_text_of_a_pull_request_gives_the_runner_no_command(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    note = "::error::owned %0A::set-output name=x::y @everyone <!-- reconciler:plan {} --> ``` | </details> </sub>"
    lines = [each for each in LATER.splitlines() if "note:" not in each]
    branch("btc-dip.yaml", "\n".join([*lines, f"    note: {json.dumps(note)}", ""]))
    result, runner = pipeline.plan()
    assert not result.has_failed, runner.log
    assert messages(runner, "error") == []
    (comment,) = service.visible()
    assert comment["body"].count("\n<!-- reconciler:") == 0
    pipeline.plan()
    assert len(service.comments) == 1


def test_files_of_a_fork_are_only_validated_and_changed_plan_files_fail_the_check(
    pipeline: Pipeline, service: GitHubStandIn, branch: Branch
) -> None:
    pipeline.environment |= {"THREE_COMMAS_API_KEY": "marked-key-1234567"}
    branch("btc-dip.yaml", FIRST_PLAN.replace("58500", "57000"))
    result, runner = pipeline.plan(fork=True)
    assert result.has_failed
    assert any("from a fork" in each.text for each in messages(runner, "error"))
    assert "stop at 57,000 instead of 58,500" in runner.summary
    assert service.comments == []
    assert service.artifacts == []


def test_a_fork_that_touches_no_plan_file_passes(pipeline: Pipeline, repository: Path) -> None:
    run_git(repository, "checkout", "-q", "-b", "change")
    (repository / "README.md").write_text("better words\n")
    (repository / "other.yaml").write_text("not: a plan file\n")
    (repository / "trades" / ".hidden").mkdir()
    (repository / "trades" / ".hidden" / "x.yaml").write_text("neither: this\n")
    commit_all(repository)
    result, runner = pipeline.plan(fork=True)
    assert not result.has_failed, runner.log


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run", "issue_comment"])
def test_a_run_with_the_secrets_of_the_base_and_the_files_of_the_change_is_refused_by_name(
    pipeline: Pipeline, branch: Branch, repository: Path, event: str
) -> None:
    branch("btc-dip.yaml", LATER)
    result, runner = pipeline.plan(event=event)
    assert result.has_failed
    assert messages(runner, "error")[0].text.startswith(f"{event} with a checkout of the pull request is refused")
    assert "Plan" not in result.ran
    run_git(repository, "checkout", "-q", "main")
    result, runner = pipeline.plan(event=event)
    assert not result.has_failed, runner.log


def test_the_action_runs_from_any_folder_and_finds_the_workspace_by_itself(
    pipeline: Pipeline, branch: Branch, repository: Path
) -> None:
    branch("btc-dip.yaml", AT_MARKET)
    run_git(repository, "mv", "trades", "plans")
    commit_all(repository)
    result, runner = pipeline.plan(workspace="")
    assert not result.has_failed, runner.log
    (notice,) = messages(runner, "notice")
    assert notice.properties["file"] == "plans/btc-dip.yaml"
