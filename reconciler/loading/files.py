"""READ: plan files and reconciler.yaml to documents that know the position of every key and value."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from reconciler.errors import WorkspaceError
from reconciler.loading.parsing import parse_text
from reconciler.model.documents import Document
from reconciler.model.problems import Problem

__all__ = ["Document", "find_plan_files", "load_file", "load_text"]

CONFIG_FILE = "reconciler.yaml"
# Some 20,000 trades of four steps; more would be slow to read, and nobody reviews such a file.
MAX_FILE_BYTES = 16 * 2**20
# A longer line cannot be reviewed.
MAX_LINE_CHARS = 10_000

# What no reviewer can see: control characters, separators that YAML takes for line ends, marks that reorder text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]|\r(?!\n)"
)


def find_plan_files(root: Path, include: Sequence[str] = ()) -> tuple[Path, ...]:
    """The plan files of a workspace, sorted.

    Args:
        root: Folder of the workspace.
        include: Globs relative to `root`; without any, every file counts.

    Returns:
        All `*.yaml` and `*.yml` below the folder, but for its reconciler.yaml, names that begin with a dot, and folders
        that are a workspace of their own.

    Raises:
        WorkspaceError: A glob cannot be used.
    """
    found: list[Path] = []
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [name for name in folders if not name.startswith(".") and not (here / name / CONFIG_FILE).exists()]
        found.extend(here / name for name in files if _is_plan_file_name(name))
    if include:
        wanted = _match(root, include)
        found = [path for path in found if path in wanted]
    return tuple(sorted(found))


def load_file(path: Path, name: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document of a file, and what is wrong with its text.

    Args:
        path: Where the file is.
        name: Path as the user would type it.

    Returns:
        As `load_text`; a file that cannot be read gives a problem, too.
    """
    try:
        if not path.is_file():
            return None, (_file_problem(name, "found no file here" if not path.exists() else "is not a regular file"),)
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return None, (_file_problem(name, f"cannot be read: {error.strerror or error}"),)
    return load_text(content, name)


def load_text(text: str | bytes, name: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document that a text holds, and what is wrong with the text.

    Args:
        text: The content of a file.
        name: Path as the user would type it.

    Returns:
        The document, or None where the text cannot be read to its end, and the problems. A document with problems is
        good for finding more of them, and for nothing else.
    """
    if len(text) > MAX_FILE_BYTES:
        return None, (
            _file_problem(name, f"found more than {MAX_FILE_BYTES >> 20} MiB, expected less; split the file"),
        )
    decoded, problem = _decode(text, name)
    problem = problem or _find_unreadable(decoded, name)
    if problem is not None:
        return None, (problem,)
    return parse_text(decoded, name)


def _is_plan_file_name(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) and not name.startswith(".") and name != CONFIG_FILE


def _match(root: Path, include: Sequence[str]) -> set[Path]:
    matched: set[Path] = set()
    for pattern in include:
        try:
            matched.update(root.glob(pattern))
        except (ValueError, NotImplementedError, IndexError) as error:
            raise WorkspaceError(f"include: found {pattern!r}, expected a glob such as 'spot/*.yaml'") from error
    return matched


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
    """The first reason that speaks against parsing a text at all."""
    lines = text.split("\n")
    invisible = _INVISIBLE.search(text)
    if invisible is not None:
        line, column = text.count("\n", 0, invisible.start()) + 1, _column(text, invisible.start())
        return _file_problem(name, _describe_invisible(invisible), line, column, lines[line - 1])
    for number, line_text in enumerate(lines, 1):
        if len(line_text) > MAX_LINE_CHARS:
            message = f"found a line of {len(line_text)} characters, expected at most {MAX_LINE_CHARS}"
            return _file_problem(name, message, number, MAX_LINE_CHARS + 1, line_text)
    return None


def _column(text: str, index: int) -> int:
    return index - text.rfind("\n", 0, index)


def _describe_invisible(match: re.Match[str]) -> str:
    character = match[0][0]
    if character == "\ufeff" and match.start() == 0:
        return "found a byte order mark at the start; save the file as UTF-8 without one"
    if character == "\r":
        return "found a carriage return without a line feed; save the file with ordinary line ends"
    return f"found the invisible character U+{ord(character):04X}; remove it"
