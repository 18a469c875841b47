"""The git repository around a folder, found and read without running git.

Git also accepts any folder with the layout of a repository. Such a folder can be part of a pull request, with a
configuration that makes git run any command. A folder named `.git` cannot be part of one, so only that counts here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DOT_GIT = ".git"
_MODULES = "modules"
# A reference, a `gitdir:` line or a configuration; packed references are longer.
_MAX_SMALL_BYTES = 2**20
_MAX_PACKED_BYTES = 64 * 2**20
# How many references may refer to each other in a row. Source: git, refs.c, SYMREF_MAXDEPTH.
_MAX_STEPS = 5
_COMMIT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REFERENCE = re.compile(r"(?:HEAD|refs/[^\0]+)")
_SECTION = re.compile(r'\[\s*([\w.-]+)(?:\s+"([^"]*)")?\s*\]')
_VARIABLE = re.compile(r"([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository with a working tree.

    Attributes:
        top: The folder that holds `.git`.
        git_folder: Has the current commit and the index; for a worktree or submodule it is not below `top`.
        common_folder: Has the references, the objects and the configuration.
    """

    top: Path
    git_folder: Path
    common_folder: Path


def find_repository(folder: Path) -> Repository | None:
    """Find the repository of a folder; None if there is none that belongs to this user or the owner of the folder.

    Args:
        folder: A folder; links in its path are followed.
    """
    try:
        place = Path(os.path.realpath(folder))
        owners = {0, os.geteuid(), place.stat().st_uid}
        for top in (place, *place.parents):
            found = _open_repository(top)
            if found is not None:
                return found if found.git_folder.stat().st_uid in owners else None
    except (OSError, ValueError):
        return None
    return None


def find_superproject(repository: Repository) -> Repository:
    """Find the repository that a repository is a submodule of, outwards to the last one; itself if it is none.

    Args:
        repository: One that may be a submodule: its git folder is then in `modules` of the git folder of another.
    """
    while _MODULES in repository.git_folder.parts:
        outer = find_repository(repository.top.parent)
        folders = () if outer is None else (outer.git_folder / _MODULES, outer.common_folder / _MODULES)
        if outer is None or not any(map(repository.git_folder.is_relative_to, folders)):
            break
        repository = outer
    return repository


def is_commit_id(text: str) -> bool:
    """Return whether a text is the full id of a commit."""
    return _COMMIT_ID.fullmatch(text) is not None


def read_head(repository: Repository) -> str | None:
    """Read the id of the commit that is checked out; None if it cannot be read or there is none yet."""
    name = "HEAD"
    for _ in range(_MAX_STEPS):
        text = _read_reference(repository, name)
        if text is None or is_commit_id(text):
            return text
        name = text.removeprefix("ref:").strip()
        if not text.startswith("ref:") or not _is_reference_name(name):
            return None
    return None


def read_config(repository: Repository) -> Mapping[str, str]:
    """Read the configuration of the repository: `section.variable` in lower case to its value. Includes are not read.

    A variable without a value is `true`, like in git.
    """
    found: dict[str, str] = {}
    for path in (repository.common_folder / "config", repository.git_folder / "config.worktree"):
        found |= parse_config(read_small(path) or "")
    return found


def _open_repository(top: Path) -> Repository | None:
    dot_git = top / DOT_GIT
    if dot_git.is_dir():
        folder = dot_git
    elif dot_git.is_file():
        text = read_small(dot_git) or ""
        if not text.startswith("gitdir:"):
            return None
        folder = top / text.removeprefix("gitdir:").strip()
    else:
        return None
    if not (folder / "HEAD").is_file():
        return None
    shared = read_small(folder / "commondir")
    return Repository(
        top=top,
        git_folder=Path(os.path.realpath(folder)),
        common_folder=Path(os.path.realpath(folder / shared.strip() if shared else folder)),
    )


def _is_reference_name(name: str) -> bool:
    return _REFERENCE.fullmatch(name) is not None and ".." not in name.split("/")


def _read_reference(repository: Repository, name: str) -> str | None:
    for folder in dict.fromkeys((repository.git_folder, repository.common_folder)):
        text = read_small(folder / name)
        if text is not None:
            return text.strip()
    packed = read_small(repository.common_folder / "packed-refs", _MAX_PACKED_BYTES) or ""
    for line in packed.splitlines():
        commit, _, packed_name = line.partition(" ")
        if packed_name == name and is_commit_id(commit):
            return commit
    return None


def read_small(path: Path, limit: int = _MAX_SMALL_BYTES) -> str | None:
    """Read the text of a file; None if it cannot be read or is too large."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError:
        return None
    return content.decode("utf-8", errors="surrogateescape") if len(content) <= limit else None


def parse_config(text: str) -> dict[str, str]:
    """Parse a configuration of git: `section.variable` in lower case to its value.

    Args:
        text: The content of a configuration file or `.gitmodules`.
    """
    found: dict[str, str] = {}
    section = ""
    for line in text.splitlines():
        stripped = line.strip()
        header = _SECTION.match(stripped)
        if header is not None:
            section = ".".join(part for part in header.groups() if part is not None).lower()
            stripped = stripped[header.end() :].strip()
        variable = _VARIABLE.match(stripped)
        if variable is not None:
            name, value = variable.groups()
            found[f"{section}.{name.lower()}"] = "true" if value is None else value.strip()
    return found
