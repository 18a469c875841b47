"""Notes of a merge request on GitLab, and the plan of the one that was merged, against a stand-in of its API."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from review.gitlab import GitLab
from review.http_json import JsonClient
from review.marker import Marker, read_marker, write_marker
from review.posting import Draft, Mode, post

from tests.support.action_runner import ROOT
from tests.support.program import Cli

TOKEN = "glpat-stand-in"
SCRIPTS = ROOT / ".github" / "actions" / "review"
MARKER = Marker(workspace="prod", target="real", dangers=("a",))


@dataclass
class GitLabStandIn:
    """The state of the service."""

    url: str = ""
    notes: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)

    def add(self, body: str, author: int = 2) -> dict[str, Any]:
        note = {"id": 100 + len(self.notes), "body": body, "author": {"id": author}}
        self.notes.append(note)
        return note

    def answer(self, method: str, url: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(url)
        path, query = parts.path, parse_qs(parts.query)
        if path == "/user":
            return 200, {"id": 1, "username": "project_bot"}
        if path in self.answers:
            return 200, self.answers[path]
        if path == "/projects/5/merge_requests/7/notes":
            if method == "POST":
                return 201, self.add(body["body"], 1)
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, self.notes[(page - 1) * size : page * size]
        if match := re.fullmatch(r"/projects/5/merge_requests/7/notes/(\d+)", path):
            note = next(each for each in self.notes if each["id"] == int(match[1]))
            note["body"] = body["body"]
            return 200, note
        return 404, {"message": "404 Not Found"}


@pytest.fixture
def gitlab() -> Iterator[GitLabStandIn]:
    state = GitLabStandIn()

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            is_known = self.headers.get("PRIVATE-TOKEN") == TOKEN
            status, content = state.answer(self.command, self.path, body) if is_known else (401, {"message": "401"})
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _handle  # noqa: N815 - the names that the library calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def host(gitlab: GitLabStandIn) -> GitLab:
    client = JsonClient(base_url=gitlab.url, headers={"PRIVATE-TOKEN": TOKEN}, pauses_s=(0, 0, 0))
    return GitLab(client=client, project="5", number=7)


def _refuse(warning: str) -> None:
    raise AssertionError(warning)


def write(host: GitLab, marker: Marker = MARKER, text: str = "the plan") -> None:
    draft = Draft(marker=marker, render=lambda _budget: text)
    post(host, draft, Mode.AUTO, _refuse)


def test_a_note_is_edited_in_place_and_those_of_others_are_not_touched(gitlab: GitLabStandIn, host: GitLab) -> None:
    forged = gitlab.add(f"{write_marker(MARKER)}\nforged")
    for number in range(150):
        gitlab.add(f"noise {number}")
    write(host)
    write(host, text="another plan")
    assert forged["body"].endswith("forged")
    assert [each["body"].splitlines()[1] for each in gitlab.notes if each["author"]["id"] == 1] == ["another plan"]


def test_a_note_that_is_out_of_date_is_folded_since_none_can_be_hidden(gitlab: GitLabStandIn, host: GitLab) -> None:
    write(host)
    write(host, Marker(workspace="prod", target="real", dangers=("a", "b")), "grown")
    old, new = gitlab.notes
    assert old["body"].splitlines()[1].startswith("<details><summary>Out of date")
    assert "the plan" in old["body"]
    assert read_marker(old["body"]) == MARKER
    assert new["body"].endswith("grown\n")
    write(host, Marker(workspace="prod", target="real", dangers=("b",)), "shrunk")
    assert new["body"].endswith("shrunk\n")
    assert len(gitlab.notes) == 2


@pytest.fixture
def variables(gitlab: GitLabStandIn) -> dict[str, str]:
    """What a job on GitLab has."""
    return {
        "PATH": os.environ["PATH"],
        "GITLAB_CI": "true",
        "CI_API_V4_URL": gitlab.url,
        "CI_PROJECT_ID": "5",
        "CI_PROJECT_URL": "https://gitlab.test/acme/trades",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_COMMIT_SHA": "c" * 40,
        "CI_JOB_URL": "https://gitlab.test/job/1",
        "REVIEW_TOKEN": TOKEN,
        "REVIEW_PAUSES_S": "0",
    }


def run(script: str, variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / script), *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_the_script_writes_the_note_about_a_saved_plan(
    gitlab: GitLabStandIn, variables: dict[str, str], cli: Cli, workspace: Path
) -> None:
    assert cli("plan", "--out", "plan.json").code == 0
    done = run("gitlab_comment.py", variables, str(workspace / "plan.json"))
    assert (done.returncode, done.stderr) == (0, "")
    (note,) = gitlab.notes
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in note["body"]
    assert "https://gitlab.test/job/1/artifacts/browse" in note["body"]
    assert run("gitlab_comment.py", variables | {"CI_MERGE_REQUEST_IID": ""}, "plan.json").returncode == 0
    assert run("gitlab_comment.py", variables).returncode == 64


def test_the_plan_of_the_merged_request_is_found_and_no_other(
    gitlab: GitLabStandIn, variables: dict[str, str], tmp_path: Path
) -> None:
    merged = {"iid": 7, "state": "merged", "sha": "h1", "source_project_id": 5, "target_project_id": 5}
    gitlab.answers = {
        f"/projects/5/repository/commits/{'c' * 40}/merge_requests": [merged],
        "/projects/5/merge_requests/7/pipelines": [{"id": 30, "sha": "h0"}, {"id": 31, "sha": "h1"}],
        "/projects/5/pipelines/31/jobs": [
            {"id": 8, "name": "plan"},
            {"id": 9, "name": "plan"},
            {"id": 99, "name": "x"},
        ],
        "/projects/5/jobs/9/artifacts/plan.json": {"kind": "reconciler-plan"},
    }
    done = run("gitlab_plan.py", variables, str(tmp_path / "plan.json"))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "plan.json").read_text()) == {"kind": "reconciler-plan"}
    merged["source_project_id"] = 6
    refused = run("gitlab_plan.py", variables, str(tmp_path / "other.json"))
    assert refused.returncode == 10
    assert "Nothing was sent" in refused.stderr
    assert not (tmp_path / "other.json").exists()


def test_a_service_that_refuses_is_one_line_without_the_token(
    gitlab: GitLabStandIn, variables: dict[str, str], tmp_path: Path
) -> None:
    done = run("gitlab_plan.py", variables | {"REVIEW_TOKEN": "wrong-token"}, str(tmp_path / "plan.json"))
    assert done.returncode == 1
    assert "401" in done.stderr
    assert "wrong-token" not in done.stderr
    assert "Traceback" not in done.stderr
