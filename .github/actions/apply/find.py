"""Find the plan that was reviewed: the artefact of the pull request that was merged, and no other."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from review.events import Event, read_event
from review.github import find_artifact, find_pull_request
from review.hosts import TOKEN_VARIABLE, make_github_client
from review.http_json import ApiError, JsonClient
from review.names import find_workspace_name, name_artifact
from review.runner import annotate, read_input, say, write_outputs


def main() -> int:
    """Say which run stored the plan, and to which pull request it belongs."""
    event, token = read_event(), os.environ.get(TOKEN_VARIABLE, "")
    client = make_github_client(os.environ, token) if token else None
    try:
        number, head = _find_merged(event, client)
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        write_outputs({"number": number, "change": f"{server}/{event.repository}/pull/{number}" if number else ""})
        return 0 if read_input("plan") else _find_plan(event, client, head)
    except ApiError as error:
        return _fail(f"the service refuses: {error}")


def _find_merged(event: Event, client: JsonClient | None) -> tuple[int, str]:
    """Find the number and the last commit of the pull request that this run is about; 0 and empty without one."""
    if event.number or client is None or not event.commit:
        return event.number, event.head if event.number else ""
    pull = find_pull_request(client, event.repository, event.commit)
    if pull is None:
        return 0, ""
    number, head = pull.get("number"), pull.get("head")
    commit = head.get("sha") if isinstance(head, dict) else ""
    return (number, str(commit)) if isinstance(number, int) else (0, "")


def _find_plan(event: Event, client: JsonClient | None, head: str) -> int:
    run = read_input("run-id")
    if client is None:
        return _fail("a token is needed to find the artefact, or name a file with `plan`")
    if not (run or head):
        return _fail(
            f"commit {event.commit[:8]} is not the merge of a pull request, so no plan of it was reviewed. Name a plan"
            " with `plan`, or a run with `run-id`"
        )
    name = read_input("artifact-name") or _name_by_files()
    found = find_artifact(client, event.repository, name, "" if run else head, run)
    if not found:
        return _fail(
            f"found no artefact {name} of run {run or 'any'} for commit {head[:8] or 'any'} of this repository: it was"
            " never made, has expired, or is of a fork. Plan the pull request again before it is merged"
        )
    say(f"The plan is artefact {name} of run {found}.")
    write_outputs({"run_id": found, "artifact_name": name, "plan": "artifact"})
    return 0


def _name_by_files() -> str:
    """Name the artefact as the action `plan` has named it, by the name in reconciler.yaml."""
    name = find_workspace_name(Path(os.environ.get("GITHUB_WORKSPACE", ".")))
    return name_artifact(name, read_input("target"), read_input("label"))


def _fail(why: str) -> int:
    annotate("error", f"No plan to apply: {why}.", title="reconciler")
    write_outputs({"exit_code": 1, "failure_reason": "apply-failed"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
