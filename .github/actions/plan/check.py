"""Refuse runs in which a plan could be made of files that nobody here has reviewed, with a key at hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from review.events import SECRET_EVENTS, Event, read_event
from review.places import run_git
from review.runner import annotate, say, write_outputs


def main() -> int:
    """Say whether the run is for a fork, and refuse one that has the files of a change and the secrets of the base."""
    event = read_event()
    folder = Path(os.environ.get("GITHUB_WORKSPACE", "."))
    if event.name in SECRET_EVENTS and _has_foreign_files(event, folder):
        annotate(
            "error",
            f"{event.name} with a checkout of the pull request is refused: its reconciler.yaml names accounts and"
            " hosts, and this run has the secrets of the base. Use the event pull_request.",
            title="reconciler",
        )
        return 1
    if event.is_of_fork:
        say("This pull request is from a fork, so no key is used: the files are only validated.")
    write_outputs({"fork": event.is_of_fork, "number": event.number})
    return 0


def _has_foreign_files(event: Event, folder: Path) -> bool:
    """Return whether another commit is checked out than the one of the base, for which the run is."""
    commit = run_git(folder, "rev-parse", "HEAD")
    return not commit or commit != event.commit


if __name__ == "__main__":
    sys.exit(main())
