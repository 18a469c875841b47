"""A policy is run without a shell and without secrets; only exit code 0 passes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from reconciler.model.policy import PolicyResult
from reconciler.policy_command import MAX_OUTPUT_BYTES, CommandEnd, hide_secrets, run_policy


def run(code: str, folder: Path, document: str = "{}", timeout_s: float = 20.0, **environment: str) -> CommandEnd:
    return run_policy([sys.executable, "-c", code], document, folder, {**os.environ, **environment}, timeout_s)


def test_it_gets_the_document_and_passes_with_zero(tmp_path: Path) -> None:
    ended = run("import sys, os; print(len(sys.stdin.read()), os.getcwd())", tmp_path, "x" * 300_000)
    assert ended == CommandEnd(result=PolicyResult.PASSED, exit_code=0, output=f"300000 {tmp_path}")


def test_a_command_that_does_not_read_passes_all_the_same(tmp_path: Path) -> None:
    assert run("", tmp_path, "x" * 3_000_000).result is PolicyResult.PASSED


@pytest.mark.parametrize(
    ("code", "result", "exit_code"),
    [
        ("raise SystemExit(1)", PolicyResult.REFUSED, 1),
        ("raise SystemExit(2)", PolicyResult.REFUSED, 2),
        ("raise ValueError", PolicyResult.REFUSED, 1),
        ("import os; os.abort()", PolicyResult.CRASHED, -6),
    ],
)
def test_anything_else_refuses(tmp_path: Path, code: str, result: PolicyResult, exit_code: int) -> None:
    ended = run(code, tmp_path)
    assert (ended.result, ended.exit_code) == (result, exit_code)


@pytest.mark.parametrize("program", ["no-such-program-here", "./missing", ".", "a\0b"])
def test_a_program_that_is_missing_refuses(tmp_path: Path, program: str) -> None:
    ended = run_policy([program], "{}", tmp_path, dict(os.environ))
    assert ended.result is PolicyResult.MISSING
    assert ended.output


def test_no_shell_reads_the_words(tmp_path: Path) -> None:
    ended = run_policy([sys.executable, "-c", "import sys; print(sys.argv[1])", "$(id); x"], "", tmp_path, os.environ)
    assert ended.output == "$(id); x"


def test_it_ends_at_the_time_limit_with_all_that_it_has_started(tmp_path: Path) -> None:
    began = time.monotonic()
    child = (
        "import subprocess, sys, time; subprocess.Popen(['sleep', '60']); print('started', flush=True); time.sleep(60)"
    )
    ended = run(child, tmp_path, timeout_s=4)
    assert (ended.result, ended.exit_code, ended.output) == (PolicyResult.TIMED_OUT, None, "started")
    assert time.monotonic() - began < 40


def test_what_it_leaves_running_does_not_hold_the_run_up(tmp_path: Path) -> None:
    began = time.monotonic()
    assert run("import subprocess; subprocess.Popen(['sleep', '60'])", tmp_path).result is PolicyResult.PASSED
    assert time.monotonic() - began < 40


def test_the_output_is_bounded(tmp_path: Path) -> None:
    ended = run("print('x' * 10_000_000)", tmp_path)
    assert ended.result is PolicyResult.PASSED
    assert len(ended.output) <= MAX_OUTPUT_BYTES + 20
    assert ended.output.endswith("... (cut)")


def test_output_that_is_no_text_is_shown_as_far_as_possible(tmp_path: Path) -> None:
    assert run("import sys; sys.stdout.buffer.write(b'a\\xff')", tmp_path).output == "a\ufffd"


def test_no_secret_is_in_its_environment() -> None:
    given = {
        "PATH": "/bin",
        "THREE_COMMAS_API_SECRET": "1",
        "RECONCILER_JOURNAL_URL": "2",
        "GITHUB_TOKEN": "3",
        "db_password": "4",
        "GITHUB_SHA": "5",
        "AWS_ACCESS_KEY_ID": "6",
        "GH_PAT": "7",
        "SSH_AUTH_SOCK": "8",
        "DATABASE_URL": "postgres://user:word@host/name",
        "COPY": "beginning-of-a-secret-1-and-end",
        "HTTPS_PROXY": "http://proxy:3128",
        "KEYBOARD": "de",
    }
    given["THREE_COMMAS_API_SECRET"] = "a-secret-1"
    expected = {"PATH": "/bin", "GITHUB_SHA": "5", "HTTPS_PROXY": "http://proxy:3128", "KEYBOARD": "de"}
    assert hide_secrets(given, ["a-secret-1"]) == expected
