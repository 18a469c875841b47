"""The commit of a workspace, and whether its files are the same as in the commit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from reconciler.git.objects import list_blobs, show_place
from reconciler.git.repository import find_repository, read_head

DIRTY = "+dirty"
# No plan file is larger, so a larger file counts as changed.
_MAX_FILE_BYTES = 16 * 2**20
_SUFFIXES = (".yaml", ".yml")


def find_commit(root: Path) -> str | None:
    """Find the git commit of a workspace; None outside git.

    Args:
        root: The folder of the workspace.

    Returns:
        The id, with `+dirty` if plan files or reconciler.yaml differ from the commit, or if git fails.
    """
    repository = find_repository(root)
    commit = None if repository is None else read_head(repository)
    if repository is None or commit is None:
        return None
    folder = show_place(repository, Path(os.path.realpath(root)))
    filed = None if folder is None else list_blobs(repository, commit, folder)
    if filed is None:
        return f"{commit}{DIRTY}"
    wanted = {path: blob for path, blob in filed.items() if _counts(path[len(folder or "") :])}
    place = Path(os.path.realpath(root))
    present = {(place / path).relative_to(repository.top).as_posix(): place / path for path in _list_files(place)}
    is_clean = wanted.keys() == present.keys() and all(_has_id(present[path], blob) for path, blob in wanted.items())
    return commit if is_clean else f"{commit}{DIRTY}"


def _counts(path: str) -> bool:
    """Return whether a path below the workspace may be a plan file or reconciler.yaml."""
    return path.endswith(_SUFFIXES) and not any(part.startswith(".") for part in path.split("/"))


def _list_files(place: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(place):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = os.path.relpath(folder, place)
        for name in files:
            path = name if below == "." else f"{below}/{name}"
            if _counts(path):
                yield path


def _has_id(path: Path, blob: str) -> bool:
    """Return whether a file has the content of a blob, possibly with the line ends of another system."""
    try:
        if path.is_symlink():
            content = os.fsencode(path.readlink())
        elif not path.is_file():
            return False
        else:
            with path.open("rb") as file:
                content = file.read(_MAX_FILE_BYTES + 1)
    except OSError:
        return False
    if len(content) > _MAX_FILE_BYTES:
        return False
    return any(_hash(text, len(blob)) == blob for text in (content, content.replace(b"\r\n", b"\n")))


def _hash(content: bytes, digits: int) -> str:
    """Compute the id that git gives to a content. Source: gitformat-pack, object names."""
    text = b"blob %d\0%b" % (len(content), content)
    # Not used for security: it is git's name for a content.
    hashed = hashlib.sha1(text, usedforsecurity=False) if digits == 40 else hashlib.sha256(text)
    return hashed.hexdigest()
