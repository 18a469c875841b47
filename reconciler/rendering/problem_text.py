"""Problems as text for people, as JSON for programs, and as annotations for GitHub."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence

from reconciler.codec.printable import is_plain
from reconciler.model.problems import Problem, Severity

FORMAT_VERSION = "1.0"
# Of a longer line only the part around the problem is shown.
MAX_SNIPPET_CHARS = 120
_COLORS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def render_problems_text(problems: Sequence[Problem], *, color: bool = False) -> str:
    """Write each problem with its line and a caret below the place, then the number of problems.

    Args:
        problems: In any order; shown by file and place.
        color: Whether to colour for a terminal.

    Returns:
        Lines with line ends; empty when there are no problems.
    """
    if not problems:
        return ""
    blocks = [_render_block(problem, color=color) for problem in _in_order(problems)]
    return "\n".join([*blocks, _count(problems)]) + "\n"


def render_problem_line(problem: Problem) -> str:
    """Write a problem as one line: `file:line:column: severity: path: message`."""
    return f"{_clean(problem.file)}:{problem.line}:{problem.column}: {problem.severity.value}: {_describe(problem)}"


def render_problems_json(problems: Sequence[Problem], files_checked: int) -> str:
    """Write problems as a JSON document for programs.

    Args:
        problems: In any order; listed by file and place.
        files_checked: Number of files that were checked.
    """
    errors, warnings = _tally(problems)
    document = {
        "format_version": FORMAT_VERSION,
        "valid": not errors,
        "error_count": errors,
        "warning_count": warnings,
        "files_checked": files_checked,
        "diagnostics": [
            {
                "severity": problem.severity.value,
                "file": _clean(problem.file),
                "line": problem.line,
                "column": problem.column,
                "path": problem.path,
                "message": problem.message,
                "snippet": _cut(problem)[0],
            }
            for problem in _in_order(problems)
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def render_problems_github(problems: Sequence[Problem]) -> str:
    """Write problems as workflow commands, which GitHub shows beside the lines of a pull request.

    Source: GitHub docs, workflow commands, `::error file=...,line=...::message`.
    """
    return "".join(f"{_render_command(problem)}\n" for problem in _in_order(problems))


def _render_block(problem: Problem, *, color: bool) -> str:
    header = render_problem_line(problem)
    if color:
        word = problem.severity.value
        place, _, rest = header.partition(f" {word}: ")
        header = f"{_BOLD}{place}{_RESET} {_COLORS[problem.severity]}{word}{_RESET}: {rest}"
    if not problem.source_line:
        return header
    shown, column = _cut(problem)
    gutter = f"{problem.line:>5}"
    pointer = f"{' ' * len(gutter)} | {' ' * _width(shown[: column - 1])}^"
    if color:
        pointer = f"{_COLORS[problem.severity]}{pointer}{_RESET}"
        gutter = f"{_DIM}{gutter}{_RESET}"
    return f"{header}\n{gutter} | {shown}\n{pointer}"


def _render_command(problem: Problem) -> str:
    command = "error" if problem.severity is Severity.ERROR else "warning"
    properties = {
        "file": _clean(problem.file),
        "line": str(problem.line),
        "col": str(problem.column),
        "title": _clean(problem.path) or "plan file",
    }
    written = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    return f"::{command} {written}::{_escape_message(_describe(problem))}"


def _escape_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")


def _describe(problem: Problem) -> str:
    return _clean(f"{problem.path}: {problem.message}" if problem.path else problem.message)


def _cut(problem: Problem) -> tuple[str, int]:
    """Return the part of the line that is shown, and the column of the problem in it."""
    line, column = _clean(problem.source_line), problem.column
    if len(line) <= MAX_SNIPPET_CHARS:
        return line, column
    start = max(0, column - 1 - MAX_SNIPPET_CHARS // 2)
    before = "…" if start else ""
    after = "…" if start + MAX_SNIPPET_CHARS < len(line) else ""
    return f"{before}{line[start : start + MAX_SNIPPET_CHARS]}{after}", column - start + len(before)


def _clean(text: str) -> str:
    """Replace characters that control a terminal, one character for one."""
    if is_plain(text):
        return text
    return "".join(character if is_plain(character) else " " if character == "\t" else "\ufffd" for character in text)


def _width(text: str) -> int:
    """Return the number of terminal cells that a text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    combining = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - combining


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))


def _tally(problems: Sequence[Problem]) -> tuple[int, int]:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return errors, len(problems) - errors


def _count(problems: Sequence[Problem]) -> str:
    errors, warnings = _tally(problems)
    return f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"
