"""Load plan files and reconciler.yaml into documents that know the position of every key and value."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from reconciler.loading.file_kinds import find_fault, read_bounded
from reconciler.loading.secrets import find_names, find_secret_keys, hide_lines, may_hold_secrets
from reconciler.loading.yaml_parser import parse_text
from reconciler.model.documents import Document
from reconciler.model.problems import Problem

__all__ = ["Document", "load_file", "load_text"]

# About 20,000 trades with four steps. More would be slow to read, and nobody could review such a file.
MAX_FILE_BYTES = 16 * 2**20
# Nobody can review a longer line.
MAX_LINE_CHARS = 10_000

# Invisible to a reviewer: control characters, separators that YAML treats as line ends, marks that reorder text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]|\r(?!\n)"
)
# Blanks that look like ordinary ones and that YAML takes for letters, in an indentation or after the colon of a key.
# Nothing is tried twice (`+` behind a repetition), so that the time grows with the length of a line and no faster.
_WIDE_BLANK = re.compile("(?m)^[ \t]*+(?:- ++)*+(?:[A-Za-z0-9_.-]++:)?+[ \t]*+[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


def load_file(path: Path, name: str, root: Path | None = None) -> tuple[Document | None, tuple[Problem, ...]]:
    """Load the document of a file, and the problems of its text.

    Args:
        path: Where the file is.
        name: Path as the user would type it.
        root: The folder that links must not leave; by default the folder of the file.

    Returns:
        The same as `load_text`. A file that cannot be read gives a problem, too.
    """
    fault = find_fault(path, root or path.parent)
    if fault:
        return None, (_file_problem(name, fault),)
    try:
        content = read_bounded(path, MAX_FILE_BYTES + 1)
    except OSError as error:
        return None, (_file_problem(name, f"cannot be read: {error.strerror or error}"),)
    return load_text(content, name)


def load_text(text: str | bytes, name: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """Parse a text into a document, and report the problems of the text.

    Args:
        text: The content of a file.
        name: Path as the user would type it.

    Returns:
        The document, or None if the text cannot be read to its end, and the problems. A document with problems may be
        used only to find more problems.
    """
    if len(text) > MAX_FILE_BYTES:
        return None, (
            _file_problem(name, f"found more than {MAX_FILE_BYTES >> 20} MiB, expected less; split the file"),
        )
    decoded, problem = _decode(text, name)
    problem = problem or _find_unreadable(decoded, name)
    if problem is not None:
        shown = text if isinstance(text, str) else text.decode("utf-8", errors="replace")
        return None, _hide_lines((problem,), shown) if may_hold_secrets(shown) else (problem,)
    document, problems = parse_text(decoded, name)
    if not may_hold_secrets(decoded):
        return document, problems
    return _without_secrets(document, problems, decoded)


def _without_secrets(
    document: Document | None, problems: Sequence[Problem], text: str
) -> tuple[Document | None, tuple[Problem, ...]]:
    """Remove from the result of a text with possible secrets all lines that may show one."""
    if document is None:
        return None, _hide_lines(problems, text)
    secrets = find_secret_keys(document)
    if secrets:
        return None, secrets
    names = find_names(document.root)
    return replace(document, lines=hide_lines(document.lines, names)), _hide_lines(problems, text, names)


def _hide_lines(problems: Sequence[Problem], text: str, names: Collection[str] = ()) -> tuple[Problem, ...]:
    # A file that ends too early has its problem in the line after its last one.
    lines = [*hide_lines(text.split("\n"), names), ""]
    return tuple(
        each if lines[each.line - 1] else replace(each, source_line="", message=each.message.partition("; write '")[0])
        for each in problems
    )


def _file_problem(name: str, message: str, line: int = 1, column: int = 1, source_line: str = "") -> Problem:
    return Problem(file=name, line=line, column=column, path="", message=message, source_line=source_line)


def _decode(text: str | bytes, name: str) -> tuple[str, Problem | None]:
    if isinstance(text, str):
        return text, None
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", _file_problem(name, "found UTF-16, expected UTF-8; save the file as UTF-8")
    try:
        return text.decode("utf-8"), None
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        source_line = text.split(b"\n")[line - 1].decode("utf-8", errors="replace")
        message = f"found the byte 0x{text[error.start]:02x}, which is not UTF-8; save the file as UTF-8"
        return "", _file_problem(name, message, line, column, source_line)


def _find_unreadable(text: str, name: str) -> Problem | None:
    """Find the first reason not to parse a text at all."""
    lines = text.split("\n")
    invisible = _INVISIBLE.search(text)
    if invisible is not None:
        line, column = text.count("\n", 0, invisible.start()) + 1, _column(text, invisible.start())
        return _file_problem(name, _describe_invisible(invisible), line, column, lines[line - 1])
    wide = _WIDE_BLANK.search(text)
    if wide is not None:
        line, column = text.count("\n", 0, wide.end()) + 1, _column(text, wide.end() - 1)
        message = f"found {_describe_blank(wide[0][-1])}, which only looks like a blank; write ordinary blanks instead"
        return _file_problem(name, message, line, column, lines[line - 1])
    for number, line_text in enumerate(lines, 1):
        if len(line_text) > MAX_LINE_CHARS:
            message = f"found a line of {len(line_text)} characters, expected at most {MAX_LINE_CHARS}"
            return _file_problem(name, message, number, MAX_LINE_CHARS + 1, line_text)
    return None


def _column(text: str, index: int) -> int:
    return index - text.rfind("\n", 0, index)


def _describe_blank(character: str) -> str:
    is_no_break = character in "\u00a0\u202f"
    return f"a {'no-break space' if is_no_break else 'wide or narrow blank'} (U+{ord(character):04X})"


def _describe_invisible(match: re.Match[str]) -> str:
    character = match[0][0]
    if character == "\ufeff" and match.start() == 0:
        return "found a byte order mark at the start; save the file as UTF-8 without one"
    if character == "\r":
        return "found a carriage return without a line feed; save the file with ordinary line ends"
    return f"found the invisible character U+{ord(character):04X}; remove it"
