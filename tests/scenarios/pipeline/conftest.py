"""A repository with a workspace, a service that hosts it, and runners for its pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconciler.workflows.new_workspace import FIRST_PLAN
from tests.support.action_runner import ROOT, Runner, StepFailed, copy_folder
from tests.support.git_repositories import commit_all, make_repository, run_git
from tests.support.github_stand_in import REPOSITORY, REPOSITORY_ID, TOKEN, GitHubStandIn, serve_github
from tests.support.program import cli, workspace

__all__ = ["cli", "workspace"]
ACTIONS = ROOT / ".github" / "actions"
CONFIG = """\
version: 1
workspace: prod
targets:
  sandbox: {kind: sandbox, accounts: {main: 1}}
"""
NUMBER = 7
# Runs that belong to the base, whatever they check out.
OF_BASE = ("pull_request_target", "workflow_run", "issue_comment")


@pytest.fixture
def service() -> Iterator[GitHubStandIn]:
    with serve_github() as state:
        yield state


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose folder `trades` is a workspace."""
    top = make_repository(tmp_path / "repository")
    (top / "trades").mkdir()
    (top / "trades" / "reconciler.yaml").write_text(CONFIG)
    (top / "trades" / "btc-dip.yaml").write_text(FIRST_PLAN)
    commit_all(top)
    return top


@dataclass
class Pipeline:
    """Runs of the pipeline of one repository."""

    repository: Path
    service: GitHubStandIn
    temp: Path
    runs: int = 100
    store: dict[tuple[str, str], Path] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def runner(
        self, event: str, *, fork: bool = False, number: int = NUMBER, base: str = "main", **more: Any
    ) -> Runner:
        """A runner for an event of the commit that is checked out."""
        self.runs += 1
        temp = self.temp / f"run{self.runs}"
        temp.mkdir(parents=True)
        head = run_git(self.repository, "rev-parse", "HEAD")
        payload: dict[str, Any] = {"repository": {"full_name": REPOSITORY, "id": REPOSITORY_ID}, **more}
        if event.startswith("pull_request"):
            payload["pull_request"] = {
                "number": number,
                "head": {"sha": head, "repo": {"full_name": "stranger/trades" if fork else REPOSITORY}},
                "base": {"sha": run_git(self.repository, "rev-parse", base), "ref": base},
            }
        (temp / "event.json").write_text(json.dumps(payload))
        environment = {
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(temp / "event.json"),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": self.service.url,
            "GITHUB_GRAPHQL_URL": f"{self.service.url}/graphql",
            "GITHUB_SERVER_URL": "https://github.test",
            "GITHUB_RUN_ID": str(self.runs),
            "GITHUB_SHA": run_git(self.repository, "rev-parse", base) if event in OF_BASE else head,
            "GITHUB_REF": f"refs/pull/{number}/merge" if event.startswith("pull_request") else "refs/heads/main",
            "GITHUB_ACTOR": "dependable-dora",
            "REVIEW_PAUSES_S": "0 0 0",
            **({"GITHUB_BASE_REF": base} if event.startswith("pull_request") else {}),
            **self.environment,
        }
        github = {
            "token": TOKEN,
            "event": payload,
            "event_name": event,
            "run_id": str(self.runs),
            "repository": REPOSITORY,
            "sha": head,
            "ref": environment["GITHUB_REF"],
            "workspace": str(self.repository),
        }
        runner = Runner(self.repository, temp, github, environment)
        runner.stands |= {
            "actions/checkout": lambda _inputs, _runner: {},
            "actions/setup-python": lambda _inputs, _runner: {},
            "actions/upload-artifact": lambda inputs, each: self._upload(inputs, each, head, fork=fork),
            "actions/download-artifact": self._download,
        }
        return runner

    def plan(self, *, event: str = "pull_request", fork: bool = False, **inputs: str) -> tuple[Any, Runner]:
        """Run the action `plan` for the pull request."""
        runner = self.runner(event, fork=fork)
        given = {
            "target": "sandbox",
            "workspace": "trades",
            **{name.replace("_", "-"): text for name, text in inputs.items()},
        }
        return runner.run_action(ACTIONS / "plan", given), runner

    def apply(self, **inputs: str) -> tuple[Any, Runner]:
        """Run the action `apply` for what is checked out."""
        runner = self.runner("push")
        given = {
            "target": "sandbox",
            "workspace": "trades",
            **{name.replace("_", "-"): text for name, text in inputs.items()},
        }
        return runner.run_action(ACTIONS / "apply", given), runner

    def _upload(self, inputs: Any, runner: Runner, head: str, *, fork: bool) -> dict[str, str]:
        run = runner.github["run_id"]
        folder = self.temp / "artifacts" / run / inputs["name"]
        paths = [Path(line.strip()) for line in inputs["path"].splitlines() if line.strip()]
        present = [path for path in paths if path.exists()]
        if not present and inputs.get("if-no-files-found") == "error":
            raise StepFailed("no files were found")
        folder.mkdir(parents=True)
        for path in present:
            if path.is_dir():
                copy_folder(path, folder)
            else:
                (folder / path.name).write_bytes(path.read_bytes())
        self.store[run, inputs["name"]] = folder
        artifact_id = 500 + len(self.store)
        self.service.artifacts.append(
            {
                "id": artifact_id,
                "name": inputs["name"],
                "expired": False,
                "created_at": f"2026-01-01T00:00:{len(self.store):02}Z",
                "workflow_run": {
                    "id": int(run),
                    "head_sha": head,
                    "repository_id": REPOSITORY_ID,
                    "head_repository_id": 99 if fork else REPOSITORY_ID,
                },
            }
        )
        url = f"https://github.test/{REPOSITORY}/actions/runs/{run}/artifacts/{artifact_id}"
        return {"artifact-id": str(artifact_id), "artifact-url": url}

    def _download(self, inputs: Any, _runner: Runner) -> dict[str, str]:
        folder = self.store.get((inputs["run-id"], inputs["name"]))
        if folder is None:
            raise StepFailed(f"no artefact {inputs['name']} of run {inputs['run-id']}")
        copy_folder(folder, Path(inputs["path"]))
        return {"download-path": inputs["path"]}


@pytest.fixture
def pipeline(repository: Path, service: GitHubStandIn, tmp_path: Path) -> Pipeline:
    return Pipeline(repository, service, tmp_path / "runs")


@pytest.fixture
def branch(repository: Path) -> Callable[[str, str], str]:
    """Checks out a branch with a file changed, and returns its commit."""

    def change(name: str, text: str) -> str:
        run_git(repository, "checkout", "-q", "-B", "change")
        (repository / "trades" / name).write_text(text)
        return commit_all(repository)

    return change
