"""Which commit a workspace is at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def find_commit(folder: Path) -> str | None:
    """The git commit of a folder, with `+dirty` where files in it differ from it; None outside git."""
    if "GIT_DIR" not in os.environ and not _is_in_repository(folder):
        return None

    def run(*arguments: str) -> str | None:
        command = ["git", "-C", str(folder), *arguments]
        environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    commit = run("rev-parse", "HEAD")
    if not commit:
        return None
    return f"{commit}+dirty" if run("status", "--porcelain", "--", ".") else commit


def _is_in_repository(folder: Path) -> bool:
    """Whether git could find a repository from here: outside of one no process needs to be started to learn that."""
    place = folder.absolute()
    return any((above / ".git").exists() for above in (place, *place.parents))
