"""Places in files as the service shows them: from the top of the repository, and whether a change has touched them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_TIMEOUT_S = 30.0
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(?P<start>\d+)(?:,(?P<count>\d+))? @@")
_SUFFIXES = (".yaml", ".yml")
_OPTIONS = ("--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames")
_SAFE = (
    "-c",
    "safe.directory=*",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "diff.external=",
    "--no-pager",
)


def find_top(folder: Path) -> Path:
    """Find the top of the repository of a folder; the folder itself outside git."""
    found = run_git(folder, "rev-parse", "--show-toplevel")
    return Path(os.path.realpath(found)) if found else Path(os.path.realpath(folder))


def show_from_top(file: str, folder: Path, top: Path) -> str:
    """Write the path of a file from the top of the repository, as annotations need it.

    Args:
        file: As the command shows it: absolute, or from the folder in which it ran.
        folder: Where it ran.
        top: The top of the repository.
    """
    path = Path(os.path.realpath(folder / file))
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else path.as_posix()


def find_changed_files(top: Path, base: str) -> Sequence[str] | None:
    """Find the files that a change has touched, by path from the top; None if the base is not here.

    Args:
        top: The top of the repository.
        base: The commit that the change starts from.
    """
    start = _find_start(top, base)
    if not start:
        return None
    names = run_git(top, "diff", "--name-only", *_OPTIONS, "-z", start, "--")
    return tuple(filter(None, names.split("\0")))


def find_changed_lines(top: Path, base: str) -> Mapping[str, frozenset[int]] | None:
    """Find the lines of YAML files that a change has touched, by path from the top; None if the base is not here.

    Args:
        top: The top of the repository.
        base: The commit that the change starts from.
    """
    names, start = find_changed_files(top, base), _find_start(top, base)
    if names is None:
        return None
    changed: dict[str, frozenset[int]] = {}
    for name in names:
        if name.endswith(_SUFFIXES):
            text = run_git(top, "--literal-pathspecs", "diff", *_OPTIONS, start, "--", name)
            changed[name] = frozenset(_list_lines(text))
    return changed


def _find_start(top: Path, base: str) -> str:
    return run_git(top, "merge-base", "--end-of-options", base, "HEAD") if base else ""


def _list_lines(diff: str) -> Sequence[int]:
    found: list[int] = []
    for match in map(_HUNK.match, diff.splitlines()):
        if match is not None:
            count = int(match["count"]) if match["count"] else 1
            # After removed lines the line before them is the place that is left.
            found += range(int(match["start"]), int(match["start"]) + max(count, 1))
    return found


def run_git(folder: Path, *arguments: str) -> str:
    """Return what a git command prints, without its last line end; empty if it fails."""
    command = ["git", *_SAFE, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the command is ours
            command, cwd=folder, capture_output=True, check=False, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", errors="surrogateescape").rstrip("\n") if done.returncode == 0 else ""
