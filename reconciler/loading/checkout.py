"""Parts of a workspace that git has not checked out: submodules, and files outside a sparse checkout."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from reconciler.git.index import FOLDER_MODE, SUBMODULE_MODE, IndexEntry, UnknownIndexError, read_index
from reconciler.git.repository import Repository, find_repository, parse_config, read_config, read_small
from reconciler.loading.file_kinds import find_real_path, is_plan_name

MODULES_FILE = ".gitmodules"
_SUBMODULE = "is a submodule that is not checked out"
_SPARSE = "is not checked out (sparse checkout)"

# Takes the parts of a path below the workspace and whether it is a folder. Returns whether plan files may be there.
IsWanted = Callable[[tuple[str, ...], bool], bool]


def find_missing(root: Path, tops: list[Path], is_wanted: IsWanted) -> dict[Path, str]:
    """Find what git has not checked out in a workspace.

    Args:
        root: The folder of the workspace.
        tops: Folders of the workspace that are the top of a repository or have a `.gitmodules`.
        is_wanted: Returns whether plan files of the workspace may be at a path.

    Returns:
        Each missing path with the reason.

    Raises:
        OSError: A folder cannot be read.
    """
    place = find_real_path(root)
    found: dict[Path, str] = {}
    repository = find_repository(place)
    for each in (repository, *map(find_repository, tops)):
        if each is not None:
            found |= _find_in_index(each, place, is_wanted)
    for folder in (*_find_upwards(place, repository), *tops):
        found |= _find_in_modules(find_real_path(folder), place, is_wanted)
    return found


def _find_upwards(place: Path, repository: Repository | None) -> Iterator[Path]:
    for folder in (place, *place.parents):
        yield folder
        if repository is not None and folder == repository.top:
            return


def _find_in_index(repository: Repository, place: Path, is_wanted: IsWanted) -> dict[Path, str]:
    try:
        entries = read_index(repository)
    except UnknownIndexError:
        is_sparse = read_config(repository).get("core.sparsecheckout", "").lower() in ("true", "yes", "on", "1")
        return {place: _SPARSE} if is_sparse else {}
    special = [entry for entry in entries if entry.is_skipped or entry.mode in (FOLDER_MODE, SUBMODULE_MODE)]
    found: dict[Path, str] = {}
    for entry in special:
        path = repository.top / os.fsdecode(entry.path)
        reason = _find_reason(entry, path)
        if reason and _concerns(path, place, is_wanted, is_folder=not entry.is_skipped or entry.mode == FOLDER_MODE):
            found[path] = reason
    return found


def _find_reason(entry: IndexEntry, path: Path) -> str:
    if entry.mode == SUBMODULE_MODE:
        return _SUBMODULE if _is_empty(path) else ""
    return "" if os.path.lexists(path) and entry.mode != FOLDER_MODE else _SPARSE


def _find_in_modules(folder: Path, place: Path, is_wanted: IsWanted) -> dict[Path, str]:
    config = parse_config(read_small(folder / MODULES_FILE) or "")
    named = [
        value.strip('"') for key, value in config.items() if key.startswith("submodule.") and key.endswith(".path")
    ]
    paths = [Path(os.path.normpath(folder / name)) for name in named]
    return {path: _SUBMODULE for path in paths if _concerns(path, place, is_wanted, is_folder=True) and _is_empty(path)}


def _concerns(path: Path, place: Path, is_wanted: IsWanted, *, is_folder: bool) -> bool:
    """Return whether plan files of the workspace may be missing if this path is."""
    if place.is_relative_to(path):
        return is_folder
    if not path.is_relative_to(place):
        return False
    parts = path.relative_to(place).parts
    if any(part.startswith(".") for part in parts):
        return False
    return is_wanted(parts, is_folder) and (is_folder or is_plan_name(path.name))


def _is_empty(path: Path) -> bool:
    try:
        with os.scandir(path) as entries:
            return next(entries, None) is None
    except (FileNotFoundError, NotADirectoryError):
        return True
