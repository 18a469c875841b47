"""The parts of the scripts: what they give to the runner, and what they take from it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from review.bodies import code, fence
from review.documents import Plan, find_dangers
from review.events import read_event
from review.findings import Finding, cut, find_findings
from review.names import name_artifact
from review.places import find_changed_lines, show_from_top
from review.runner import annotate, say, write_outputs

from tests.scenarios.pipeline.conftest import ACTIONS, Pipeline
from tests.support.action_runner import read_outputs
from tests.support.git_repositories import commit_all, make_repository


def test_an_output_cannot_be_ended_by_its_own_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(path))
    hostile = "a\nend_0\nother=1\nEOF\nx<<y"
    write_outputs({"text": hostile, "yes": True, "list": [1, {"a": "b"}], "number": 3})
    write_outputs({"text2": hostile})
    found = read_outputs(path.read_text())
    assert found == {"text": hostile, "yes": "true", "list": '[1, {"a": "b"}]', "number": "3", "text2": hostile}
    ends = [line for line in path.read_text().splitlines() if "<<end_" in line]
    assert len(set(ends)) == len(ends)


def test_a_message_is_one_line_and_its_properties_end_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    annotate("error", "100 %\n::error::two", file="a,b:c.yaml", line=3, title="x")
    assert capsys.readouterr().out == "::error file=a%2Cb%3Ac.yaml,line=3,title=x::100 %25%0A::error::two\n"


def test_text_for_the_log_gives_the_runner_no_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    say("  ::error::owned")
    stop, text, start = capsys.readouterr().out.splitlines()
    assert stop.startswith("::stop-commands::")
    assert text == "  ::error::owned"
    assert start == f"::{stop.removeprefix('::stop-commands::')}::"


@pytest.mark.parametrize("text", ["plain", "a ` b", "``` x ````", "", "a\x1b[31m\u202eb", "line\nbreak"])
def test_a_value_is_a_span_of_code_and_nothing_else(text: str) -> None:
    import cmarkgfm

    html = cmarkgfm.github_flavored_markdown_to_html(code(text))
    assert html.startswith("<p><code>")
    assert html.strip().endswith("</code></p>")
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_a_block_of_code_is_not_ended_by_its_text_and_keeps_its_budget() -> None:
    import cmarkgfm

    text = "```\n<script>\n````\n" + "x" * 50 + "\n" + "line\n" * 1000
    shown = fence(text, 2_000)
    html = cmarkgfm.github_flavored_markdown_to_html(shown)
    assert html.count("<pre") == 1
    assert "<script>" not in html
    assert len(shown.encode()) <= 2_000
    assert "more lines" in shown


def test_the_names_of_artefacts_have_no_character_that_github_refuses() -> None:
    assert name_artifact("prod", "real", "") == "reconciler-plan-prod-real"
    assert name_artifact("prod", "real", 'a/b:"c"\n*') == "reconciler-plan-prod-real-a-b-c-"


def test_changed_lines_are_those_that_were_added_or_edited_since_the_branch_began(tmp_path: Path) -> None:
    top = make_repository(tmp_path / "r")
    (top / "a.yaml").write_text("1\n2\n3\n4\n")
    (top / "b.yaml").write_text("1\n")
    base = commit_all(top)
    (top / "a.yaml").write_text("1\ntwo\n3\n5\n6\n")
    (top / "ü.yaml").write_text("new\n")
    commit_all(top)
    assert find_changed_lines(top, base) == {"a.yaml": frozenset({2, 4, 5}), "ü.yaml": frozenset({1})}
    assert find_changed_lines(top, "nowhere") is None
    assert find_changed_lines(top, "") is None
    assert find_changed_lines(top, "--output=x") is None
    assert show_from_top("../a.yaml", top / "sub", top) == "a.yaml"
    assert show_from_top(str(top / "a.yaml"), tmp_path, top) == "a.yaml"


def test_more_findings_than_a_runner_shows_are_counted() -> None:
    findings = [Finding(level="notice", title=str(number), message="") for number in range(30)]
    findings += [Finding(level="warning", title="w", message="")]
    shown, left = cut(findings)
    assert ([each.level for each in shown].count("notice"), left) == (9, 21)
    assert [each.title for each in shown if each.level == "warning"] == ["w"]


def test_that_an_apply_would_be_refused_for_want_of_a_lock_is_a_warning(tmp_path: Path) -> None:
    plan = Plan({"notices": [{"kind": "warning", "reason": {"code": "lock_in_ci", "text": "no lock"}}]})
    (finding,) = find_findings(plan, tmp_path, tmp_path, None)
    assert (finding.level, finding.message) == ("warning", "no lock")


def test_a_danger_has_the_same_name_in_a_later_plan_whatever_the_price() -> None:
    operation = {"danger": 1, "action": "close", "trade": "a", "generation": 1, "money": ["1 USDT"]}
    breach = {"name": "creates", "unit": "", "scope": "", "trades": ["a"], "is_breach": True, "value": "3"}
    first = find_dangers(Plan({"operations": [operation], "guardrails": [breach]}))
    later = find_dangers(
        Plan({"operations": [operation | {"money": ["2 USDT"]}], "guardrails": [breach | {"value": "4"}]})
    )
    assert first == later
    assert len(first) == 2
    assert find_dangers(Plan({"operations": [operation | {"danger": 6}]})) == ()
    many = [operation | {"trade": str(number)} for number in range(300)]
    assert len(find_dangers(Plan({"operations": many}))) == 1


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pull_request": 5}', '{"pull_request": {"head": []}}'])
def test_a_damaged_event_is_about_nothing(tmp_path: Path, content: str) -> None:
    path = tmp_path / "event.json"
    path.write_text(content)
    event = read_event({"GITHUB_EVENT_PATH": str(path), "GITHUB_SHA": "c"})
    assert (event.number, event.is_of_fork, event.head) == (0, False, "c")


def test_a_fork_that_was_deleted_is_still_a_fork(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    pull: dict[str, Any] = {"number": 7, "head": {"sha": "h", "repo": None}, "base": {"sha": "b"}}
    path.write_text(json.dumps({"pull_request": pull}))
    assert read_event({"GITHUB_EVENT_PATH": str(path), "GITHUB_REPOSITORY": "acme/trades"}).is_of_fork


def test_no_module_of_the_files_under_review_is_run(
    pipeline: Pipeline, repository: Path, branch: Any, tmp_path: Path
) -> None:
    for name in ("json", "venv", "pip", "subprocess", "review", "reconciler", "sitecustomize"):
        (repository / f"{name}.py").write_text(f"open({str(tmp_path / 'owned')!r}, 'w')\n")
    branch("note.txt", "x")
    result, runner = pipeline.plan(comment_when="always")
    assert not result.has_failed, runner.log
    assert not (tmp_path / "owned").exists()


def test_the_command_is_installed_if_it_is_not_there(tmp_path: Path, repository: Path) -> None:
    """The package index is replaced: what is asked of pip is written down."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    fake = """#!/bin/sh
if [ "$3" = venv ]; then
  mkdir -p "$4/bin"
  cp "$0" "$4/bin/python"
  printf '#!/bin/sh\\necho version' >"$4/bin/reconciler"
  chmod +x "$4/bin/reconciler"
fi
echo "$@" >>"$LOG"
"""
    (bin_folder / "python3").write_text(fake)
    (bin_folder / "python3").chmod(0o755)
    environment = {
        "PATH": f"{bin_folder}:/usr/bin:/bin",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_PATH": str(tmp_path / "path"),
        "LOG": str(tmp_path / "log"),
        "INPUT_EXTRAS": "postgres",
    }
    script = ["bash", str(ACTIONS / "review" / "install.sh")]
    for version, wanted in (
        ("", f"{ACTIONS.parent.parent}[postgres]"),
        ("1.2.3", "trade-plan-reconciler[postgres]==1.2.3"),
    ):
        done = subprocess.run(
            script,
            env=environment | {"INPUT_VERSION": version},
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "log").read_text().splitlines()[-1].endswith(f" {wanted}")
        assert "-I -m pip install" in (tmp_path / "log").read_text()
    assert (tmp_path / "path").read_text().splitlines()[0] == f"{tmp_path}/reconciler-venv/bin"
