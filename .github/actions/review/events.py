"""The event that started a run: which pull request it is about, and whether its files can be trusted with a key."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Anybody can start such a run, and it has the secrets of the base. Source: GitHub docs, events that trigger workflows.
SECRET_EVENTS = ("pull_request_target", "workflow_run", "issue_comment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The event of a run on GitHub.

    Attributes:
        name: Name of the event.
        repository: `owner/name` of the repository that the run belongs to.
        number: Number of the pull request; 0 if it is about none.
        head_repository: `owner/name` where the change is from; empty without a pull request.
        head: Commit of the change, or of the run.
        base: Commit that the change starts from; empty without a pull request.
        commit: Commit that the runner names.
        run: Id of the run.
        run_url: Where a person reads it.
    """

    name: str
    repository: str
    number: int
    head_repository: str
    head: str
    base: str
    commit: str
    run: str
    run_url: str

    @property
    def is_of_fork(self) -> bool:
        """Return whether the files are of somebody who may not write here."""
        return bool(self.number) and self.head_repository != self.repository


def read_event(environment: Mapping[str, str] = os.environ) -> Event:
    """Read the event of this run; what is missing is empty."""
    payload = _load(environment.get("GITHUB_EVENT_PATH", ""))
    pull = _find(payload, "pull_request")
    repository = environment.get("GITHUB_REPOSITORY", "")
    run = environment.get("GITHUB_RUN_ID", "")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    commit = environment.get("GITHUB_SHA", "")
    number = pull.get("number")
    return Event(
        name=environment.get("GITHUB_EVENT_NAME", ""),
        repository=repository,
        number=number if isinstance(number, int) else 0,
        head_repository=str(_find(pull, "head", "repo").get("full_name") or "") if pull else "",
        head=str(_find(pull, "head").get("sha") or commit),
        base=str(_find(pull, "base").get("sha") or ""),
        commit=commit,
        run=run,
        run_url=f"{server}/{repository}/actions/runs/{run}" if run and repository else "",
    )


def find_number(event: Event, environment: Mapping[str, str] = os.environ) -> int:
    """Find the number of the pull request, also by the name of the reference that is checked out."""
    match = re.fullmatch(r"refs/pull/(\d+)/.*", environment.get("GITHUB_REF", ""))
    return event.number or (int(match[1]) if match else 0)


def _load(path: str) -> Mapping[str, object]:
    try:
        content = json.loads(Path(path).read_text("utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _find(content: Mapping[str, object], *path: str) -> Mapping[str, object]:
    found: object = content
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}
