"""Git repositories made for a test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")


def run_git(folder: Path, *arguments: str) -> str:
    """The output of a git command."""
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    command = ["git", *_IDENTITY, *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment)
    return done.stdout.decode("utf-8", errors="surrogateescape").strip()


def make_repository(folder: Path, *options: str) -> Path:
    """An empty repository."""
    folder.mkdir(parents=True, exist_ok=True)
    run_git(folder, "init", "-q", "-b", "main", *options, ".")
    return folder


def commit_all(folder: Path) -> str:
    """The id of a commit of all that is in a repository."""
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "--allow-empty", "-m", "files")
    return run_git(folder, "rev-parse", "HEAD")
