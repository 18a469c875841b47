"""Names and folders that the scripts must agree about, found without the command."""

from __future__ import annotations

import os
import re
from pathlib import Path

from review.runner import read_input

_FORBIDDEN = re.compile(r"[^A-Za-z0-9._-]+")
_WORKSPACE = re.compile(r"^workspace:\s*[\"']?([A-Za-z0-9._-]+)", re.MULTILINE)
_CONFIG = "reconciler.yaml"
# The name of a workspace without one in its file, and its folder without a file. Source: plans/README.md.
_DEFAULT_NAME = "local"
_DEFAULT_FOLDER = "plans"


def name_artifact(workspace: str, target: str, label: str) -> str:
    """Name the artefact of a plan; characters that GitHub refuses in names become hyphens."""
    return _FORBIDDEN.sub("-", "-".join(filter(None, ("reconciler-plan", workspace, target, label))))


def find_workspace(top: Path) -> Path:
    """Find the folder of the workspace: the one that is named, else the checkout or `plans` in it.

    Args:
        top: Where the files are checked out.
    """
    named = read_input("workspace") or os.environ.get("RECONCILER_WORKSPACE", "")
    if named:
        return top / named
    is_below = not (top / _CONFIG).is_file() and (top / _DEFAULT_FOLDER).is_dir()
    return top / _DEFAULT_FOLDER if is_below else top


def find_workspace_name(top: Path) -> str:
    """Find the name of the workspace; files with errors have one, too.

    Args:
        top: Where the files are checked out.
    """
    try:
        match = _WORKSPACE.search((find_workspace(top) / _CONFIG).read_text("utf-8", errors="replace"))
    except OSError:
        return _DEFAULT_NAME
    return match[1] if match else _DEFAULT_NAME
