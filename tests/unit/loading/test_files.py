"""Files and texts become documents, or problems that say why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.loading.files import MAX_FILE_BYTES, MAX_LINE_CHARS, load_file, load_text


def test_windows_line_ends_are_line_ends() -> None:
    document, problems = load_text(b"version: 1\r\naccount: main\r\n", "plan.yaml")
    assert problems == ()
    assert document is not None
    assert dict(document.root) == {"version": 1, "account": "main"}
    assert document.lines[1] == "account: main"


def test_a_file_that_is_too_large_is_not_read() -> None:
    document, problems = load_text(b"#" * (MAX_FILE_BYTES + 1), "plan.yaml")
    assert document is None
    assert problems[0].message == "found more than 16 MiB, expected less; split the file"


def test_a_file_is_loaded_under_the_name_the_user_knows(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("version: 1\n")
    document, problems = load_file(tmp_path / "a.yaml", "plans/a.yaml")
    assert document is not None
    assert document.find_key(("version",)).file == "plans/a.yaml"
    assert problems == ()


def test_what_is_no_file_is_a_problem(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    for name, message in [
        ("missing.yaml", "found no file here"),
        ("pipe.yaml", "is a pipe, expected a regular file"),
        ("folder.yaml", "is a folder, expected a regular file"),
        ("x" * 300 + ".yaml", "cannot be read: File name too long"),
    ]:
        document, problems = load_file(tmp_path / name, name)
        assert document is None
        assert [problem.message for problem in problems] == [message]


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("a: x\u200by\n", "found the invisible character U+200B; remove it", 5),
        ("\ufeffa: 1\n", "found a byte order mark at the start; save the file as UTF-8 without one", 1),
        ("a: 1\rb: 2\n", "found a carriage return without a line feed; save the file with ordinary line ends", 5),
    ],
)
def test_what_no_reviewer_can_see_is_a_problem(text: str, message: str, column: int) -> None:
    document, problems = load_text(text, "plan.yaml")
    assert document is None
    assert [(problem.message, problem.line, problem.column) for problem in problems] == [(message, 1, column)]


def test_a_line_that_nobody_can_review_is_a_problem() -> None:
    _, problems = load_text("a: 1\nb: " + "x" * MAX_LINE_CHARS, "plan.yaml")
    assert [(problem.line, problem.column) for problem in problems] == [(2, MAX_LINE_CHARS + 1)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: 1".encode("utf-16"), "found UTF-16, expected UTF-8; save the file as UTF-8"),
        (b"a: 1\nb: \xe9\n", "found the byte 0xe9, which is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_text_in_another_encoding_is_a_problem(content: bytes, message: str) -> None:
    document, problems = load_text(content, "plan.yaml")
    assert document is None
    assert [problem.message for problem in problems] == [message]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_file_with_a_secret_that_ends_too_early_has_a_problem_too(end: str) -> None:
    document, problems = load_text("# my secret\na: [" + end, "plan.yaml")
    assert document is None
    assert ["is not YAML here" in problem.message for problem in problems] == [True]


READ_LONG_LINES = """
from reconciler.loading.files import load_text

for head in ("", "a: ", "# secret\\n", "secret: \\n"):
    for fill in (" ", "\\t", "- ", "-", "a.", "'", "1,", "[", "a: ", "@1", "# "):
        line = (fill * 400_000)[:400_000]
        document, problems = load_text(f"{head}{line}\\n{line}x\\n", "plan.yaml")
        assert document is not None or problems
"""


def test_a_long_line_is_read_in_a_time_that_grows_with_its_length() -> None:
    """All of them take a few seconds. If each character were tried from each other one, it would be hours."""
    subprocess.run([sys.executable, "-c", READ_LONG_LINES], check=True, timeout=300)


def test_no_problem_of_a_file_with_a_secret_shows_its_line() -> None:
    document, problems = load_text("api_key: abc123\ntrades: {a: [\n", "plan.yaml")
    assert document is None
    assert problems
    assert "abc123" not in "".join(problem.source_line + problem.message for problem in problems)
