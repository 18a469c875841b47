"""The files of the pipeline: what they must never have, and what they promise."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.action_runner import ROOT, load

GITHUB = ROOT / ".github"
ACTIONS = sorted((GITHUB / "actions").glob("*/action.yml"))
WORKFLOWS = [*sorted((GITHUB / "workflows").glob("*.yml")), *sorted((GITHUB / "examples" / "github").glob("*.yml"))]
PINNED = re.compile(r"[\w.-]+/[\w./-]+@(?:[0-9a-f]{40}|COMMIT)")
OUTPUTS = (
    "changes to_add to_change to_destroy blocked losses dangerous applicable guardrails exit_code summary digest"
    " operations_digest plan_path markdown_path html_path artifact_id artifact_url comment_id comment_url"
)


def list_steps(path: Path) -> Iterator[dict[str, Any]]:
    document = load(path)
    jobs = document.get("jobs") or {"": document.get("runs", {})}
    for job in jobs.values():
        yield from job["steps"]


@pytest.mark.parametrize("path", [*ACTIONS, *WORKFLOWS], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_value_of_a_change_is_pasted_into_a_command_and_every_action_is_pinned(path: Path) -> None:
    for step in list_steps(path):
        assert "${{" not in step.get("run", ""), step
        if "uses" in step and not step["uses"].startswith("./"):
            assert PINNED.fullmatch(step["uses"]), step["uses"]
        if path.name == "action.yml" and "run" in step:
            assert step["shell"] == "bash"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_names_its_permissions_and_one_run_at_a_time(path: Path) -> None:
    document = load(path)
    assert "pull_request_target" not in str(document["on"])
    assert document["permissions"]["contents"] == "read"
    assert "write" not in {value for name, value in document["permissions"].items() if name != "pull-requests"}
    assert document["concurrency"]["cancel-in-progress"] is (path.name != "apply.yml")
    for step in list_steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
    for job in document["jobs"].values():
        assert job["timeout-minutes"]


def test_the_job_that_plans_has_no_key_that_writes() -> None:
    text = (GITHUB / "examples" / "github" / "plan.yml").read_text()
    assert "READ_KEY" in text
    assert "WRITE" not in text


def test_the_actions_have_the_inputs_and_outputs_that_are_promised() -> None:
    plan, apply = (load(GITHUB / "actions" / name / "action.yml") for name in ("plan", "apply"))
    assert set(plan["outputs"]) == set(OUTPUTS.split())
    assert [name for name, each in plan["inputs"].items() if each.get("required")] == ["target"]
    assert plan["inputs"]["fail-on"]["default"] == "guardrail"
    assert plan["inputs"]["retention-days"]["default"] == "7"
    wanted = {"applied", "failed", "not_started", "indeterminate", "exit_code", "failure_reason"}
    assert wanted <= set(apply["outputs"])
    assert apply["inputs"]["replan"]["default"] == "never"


def test_every_input_reaches_a_step() -> None:
    for path in ACTIONS:
        text = path.read_text()
        for name in load(path).get("inputs", {}):
            assert f"inputs.{name}" in text, (path, name)


def test_the_scripts_are_beside_the_actions() -> None:
    for path in ACTIONS:
        for step in list_steps(path):
            for name in re.findall(r'\$GITHUB_ACTION_PATH/([\w./]+)"', step.get("run", "")):
                assert (path.parent / name).resolve().is_file(), name


def test_the_hooks_are_commands_of_the_program() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {each["id"]: each["entry"] for each in hooks} == {
        "reconciler-validate": "reconciler validate",
        "reconciler-fmt": "reconciler fmt",
    }
    for each in hooks:
        assert each["pass_filenames"] is False
        assert re.search(each["files"], "plans/btc.yaml")
        assert not re.search(each["files"], "plans/btc.yaml.orig")
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert "reconciler" in scripts


def test_the_image_is_built_of_what_is_there_and_does_not_run_as_root() -> None:
    folder = GITHUB / "docker"
    lines = (folder / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    sources = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    for source in sources:
        assert (ROOT / source).exists(), source
    taken = {line.removeprefix("!") for line in (folder / "Dockerfile.dockerignore").read_text().splitlines()}
    assert set(sources) <= taken
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001"]
    assert any(line.startswith('ENTRYPOINT ["reconciler"]') for line in lines)
    assert not any(line.startswith("ADD ") for line in lines)


def test_the_example_for_gitlab_uses_scripts_that_are_in_the_image() -> None:
    document = yaml.safe_load((GITHUB / "examples" / "gitlab" / ".gitlab-ci.yml").read_text())
    scripts = [line for job in document.values() if isinstance(job, dict) for line in job.get("script", [])]
    used = {name for line in scripts for name in re.findall(r"/opt/reconciler/actions/([\w/.]+)", line)}
    assert used == {"review/gitlab_comment.py", "review/gitlab_plan.py"}
    assert all((GITHUB / "actions" / name).is_file() for name in used)
    assert document["apply"]["resource_group"]
    assert document["apply"]["environment"] == "production"
