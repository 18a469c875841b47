"""Problems as text for people, as JSON for programs, and as annotations for GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from reconciler.codec.printable import is_plain
from reconciler.model.problems import Problem, Severity
from reconciler.rendering.text_width import measure

FORMAT_VERSION = "1.0"
# Of a longer line only the part around the problem is shown.
MAX_SNIPPET_CHARS = 120
# The number of the line and the bar before a snippet, and an ellipsis at each end of it.
_GUTTER_CHARS = 10
_LEAST_SNIPPET = 20
_COLORS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
# Blanks that cannot be told from ordinary ones, and signs that show them.
_VISIBLE = {"\t": "\u2192", "\u00a0": "\u237d", "\u202f": "\u237d", "\u2007": "\u237d", "\u3000": "\u2423"}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def render_problems_text(problems: Sequence[Problem], *, color: bool = False, width: int | None = None) -> str:
    """Write each problem with its line and a caret below the place, then the number of problems.

    Args:
        problems: In any order; shown by file and place.
        color: Whether to colour for a terminal.
        width: Terminal cells in a line: of a longer line of a file only the part around the problem is shown.

    Returns:
        Lines with line ends; empty when there are no problems.
    """
    if not problems:
        return ""
    room = MAX_SNIPPET_CHARS if width is None else min(MAX_SNIPPET_CHARS, max(_LEAST_SNIPPET, width - _GUTTER_CHARS))
    blocks = [_render_block(problem, room, color=color) for problem in _in_order(problems)]
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


def _render_block(problem: Problem, room: int, *, color: bool) -> str:
    header = render_problem_line(problem)
    if color:
        word = problem.severity.value
        place, _, rest = header.partition(f" {word}: ")
        header = f"{_BOLD}{place}{_RESET} {_COLORS[problem.severity]}{word}{_RESET}: {rest}"
    if not problem.source_line:
        return header
    shown, column = _cut(problem, room)
    gutter = f"{problem.line:>5}"
    pointer = f"{' ' * len(gutter)} | {' ' * measure(shown[: column - 1])}^"
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


def _cut(problem: Problem, room: int = MAX_SNIPPET_CHARS) -> tuple[str, int]:
    """Return the part of the line that is shown, and the column of the problem in it."""
    line, column = _clean(problem.source_line), problem.column
    if len(line) <= room:
        return line, column
    start = max(0, column - 1 - room // 2)
    before = "…" if start else ""
    after = "…" if start + room < len(line) else ""
    return f"{before}{line[start : start + room]}{after}", column - start + len(before)


def _clean(text: str) -> str:
    """Replace characters that control a terminal, one character for one."""
    if is_plain(text):
        return text
    return "".join(character if is_plain(character) else _VISIBLE.get(character, "\ufffd") for character in text)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))


def _tally(problems: Sequence[Problem]) -> tuple[int, int]:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return errors, len(problems) - errors


def _count(problems: Sequence[Problem]) -> str:
    errors, warnings = _tally(problems)
    return f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"
