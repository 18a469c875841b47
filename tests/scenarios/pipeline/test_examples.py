"""The example workflows, run as they are but for the name of the target: plan, apply, and drift on a schedule."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reconciler.workflows.new_workspace import FIRST_PLAN
from tests.scenarios.pipeline.conftest import Pipeline
from tests.scenarios.pipeline.test_story import merge
from tests.support.action_runner import ROOT, Result, Runner
from tests.support.git_repositories import commit_all, run_git
from tests.support.github_stand_in import GitHubStandIn
from tests.support.manual_edits import edit

# Each step is a process of its own.
pytestmark = pytest.mark.slow

EXAMPLES = ROOT / ".github" / "examples" / "github"
LIVE_ID = 30000001
EDITED = {
    "stop_loss": {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": "50000"}}}
}


@pytest.fixture
def chat() -> Iterator[tuple[str, list[Any]]]:
    """The address of a chat, and what was sent there."""
    received: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/", received
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def run_example(
    pipeline: Pipeline, tmp_path: Path, chat: tuple[str, list[Any]]
) -> Callable[[str, str], tuple[Result, Runner]]:
    """Runs the job of an example that has its name, for an event."""
    pipeline.environment["RECONCILER_WORKSPACE"] = "trades"

    def run(name: str, event: str) -> tuple[Result, Runner]:
        text = (EXAMPLES / f"{name}.yml").read_text()
        copy = tmp_path / f"{name}.yml"
        copy.write_text(text.replace("target: real", "target: sandbox").replace("--target real", "--target sandbox"))
        runner = pipeline.runner(event)
        runner.secrets["RECONCILER_NOTIFY_URLS"] = chat[0]
        return runner.run_job(copy, name), runner

    return run


def test_a_change_is_planned_merged_applied_and_a_later_edit_by_hand_is_found_and_told(
    run_example: Callable[[str, str], tuple[Result, Runner]],
    service: GitHubStandIn,
    branch: Callable[[str, str], str],
    repository: Path,
    chat: tuple[str, list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    branch("btc-dip.yaml", FIRST_PLAN.replace("63000", "64000"))
    planned, runner = run_example("plan", "pull_request")
    assert not planned.has_failed, runner.log
    assert len(service.visible()) == 1

    merge(repository, service)
    applied, runner = run_example("apply", "push")
    assert not applied.has_failed, runner.log
    assert "1 added" in service.visible("apply")[0]["body"]

    run_git(repository, "checkout", "-q", "main")
    quiet, runner = run_example("drift", "schedule")
    assert not quiet.has_failed, runner.log
    before = len(chat[1])

    monkeypatch.chdir(repository / "trades")
    edit(LIVE_ID, EDITED)
    found, runner = run_example("drift", "schedule")
    assert found.has_failed
    assert "btc-dip" in runner.log
    (message,) = chat[1][before:]
    assert "btc-dip" in message["title"] + message["message"]

    again, runner = run_example("drift", "schedule")
    assert again.has_failed
    assert len(chat[1]) == before + 1, "one message for one finding"


def test_the_pipeline_of_this_project_plans_and_applies_its_own_plans(pipeline: Pipeline, repository: Path) -> None:
    shutil.copytree(ROOT / "plans", repository / "plans", ignore=shutil.ignore_patterns(".reconciler"))
    commit_all(repository)
    runner = pipeline.runner("push")
    result = runner.run_job(ROOT / ".github" / "workflows" / "ci.yml", "demo")
    assert not result.has_failed, runner.log
    assert "Apply complete!" in runner.log
    fork = pipeline.runner("pull_request", fork=True).run_job(ROOT / ".github" / "workflows" / "ci.yml", "demo")
    assert fork.skipped == ["demo"]
