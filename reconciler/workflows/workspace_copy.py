"""A copy of a workspace as it is at a commit, in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from reconciler.errors import BaseUnreadable
from reconciler.workflows.base_commit import Base

# More is no folder of plan files with rules beside them.
MOST_FILES = 5_000
_MOST_BYTES = 64 * 2**20
_OWNER_ONLY = 0o700


def copy_workspace(base: Base, below: str, folder: Path, suffixes: Collection[str] = ()) -> None:
    """Copy the files of a workspace at a commit into an empty folder; links are copied as files, and lead nowhere.

    Args:
        base: The commit.
        below: Folder of the workspace from the top of the repository; empty for the top.
        folder: Takes the files.
        suffixes: Ends of the names that are copied; all without any.

    Raises:
        BaseUnreadable: It is too large, or is not in the clone.
    """
    listed = base.list_files(below)
    files = {path: blob for path, blob in listed.items() if not suffixes or path.endswith(tuple(suffixes))}
    if len(files) > MOST_FILES:
        raise BaseUnreadable(f"the base {base.label} has more than {MOST_FILES} files in the workspace")
    start, size = len(below) + 1 if below else 0, 0
    for path, content in base.read_all(files).items():
        size += len(content)
        if size > _MOST_BYTES:
            raise BaseUnreadable(f"the base {base.label} has more than {_MOST_BYTES >> 20} MiB in the workspace")
        place = folder / path[start:]
        if not Path(os.path.normpath(place)).is_relative_to(folder):
            raise BaseUnreadable(f"the base {base.label} has a file outside its folder")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        # git keeps whether a file is a program, and only its owner needs to read it here.
        place.chmod(_OWNER_ONLY)
