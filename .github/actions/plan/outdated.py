"""Say in the comment of an earlier plan that no newer one could be made; what fails here is a warning."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from review.hosts import find_host, find_run
from review.http_json import ApiError
from review.marker import Marker
from review.names import find_workspace_name
from review.posting import Mode, mark_outdated
from review.runner import read_input, warn


def main() -> int:
    """Edit the comment, if there is one."""
    host = find_host()
    if host is None or read_input("comment", Mode.AUTO) == Mode.NEVER:
        return 0
    run = find_run()
    where = f"[run {run.id}]({run.url})" if run.url else "the last run"
    name = find_workspace_name(Path(os.environ.get("GITHUB_WORKSPACE", ".")))
    marker = Marker(workspace=name, target=read_input("target"), label=read_input("label"))
    try:
        mark_outdated(host, marker, f"No plan could be made of the last commit: {where} says why.", warn)
    except ApiError as error:
        warn(f"The comment of an earlier plan could not be edited: {error}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
