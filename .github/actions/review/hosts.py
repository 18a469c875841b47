"""The service on which this run is, found by the variables that it sets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from review.comments import Host
from review.events import find_number, read_event
from review.github import GitHub
from review.gitlab import GitLab
from review.http_json import JsonClient
from review.runner import read_input

# Holds the token, and is set for no other step than those that write comments.
TOKEN_VARIABLE = "REVIEW_TOKEN"  # noqa: S105 - the name of a variable
_PAUSES_VARIABLE = "REVIEW_PAUSES_S"
_GITHUB_VERSION = "2022-11-28"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of a pipeline.

    Attributes:
        id: Its number; empty outside a pipeline.
        url: Where a person reads it.
    """

    id: str
    url: str


def find_run(environment: Mapping[str, str] = os.environ) -> Run:
    """Find the run that this is."""
    if environment.get("GITLAB_CI"):
        return Run(id=environment.get("CI_PIPELINE_ID", ""), url=environment.get("CI_PIPELINE_URL", ""))
    event = read_event(environment)
    return Run(id=event.run, url=event.run_url)


def find_host(environment: Mapping[str, str] = os.environ) -> Host | None:
    """Find the pull request of this run; None if it is about none, or has no token."""
    token = environment.get(TOKEN_VARIABLE, "")
    if not token:
        return None
    if environment.get("GITLAB_CI"):
        return _find_merge_request(environment, token)
    given = read_input("number")
    number = int(given) if given.isdecimal() else find_number(read_event(environment), environment)
    repository = environment.get("GITHUB_REPOSITORY", "")
    if not (number and repository):
        return None
    rest = make_github_client(environment, token)
    graphql_url = environment.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")
    graphql = JsonClient(base_url=graphql_url, headers=rest.headers, pauses_s=rest.pauses_s)
    return GitHub(client=rest, repository=repository, number=number, graphql=graphql)


def make_github_client(environment: Mapping[str, str], token: str) -> JsonClient:
    """Make a client of the REST API of GitHub."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": _GITHUB_VERSION,
        "User-Agent": "reconciler",
    }
    url = environment.get("GITHUB_API_URL", "https://api.github.com")
    return JsonClient(base_url=url, headers=headers, pauses_s=_read_pauses(environment))


def make_gitlab_client(environment: Mapping[str, str], token: str) -> JsonClient:
    """Make a client of the API of GitLab."""
    return JsonClient(
        base_url=environment.get("CI_API_V4_URL", "https://gitlab.com/api/v4"),
        headers={"PRIVATE-TOKEN": token, "User-Agent": "reconciler"},
        pauses_s=_read_pauses(environment),
    )


def _find_merge_request(environment: Mapping[str, str], token: str) -> Host | None:
    number, project = environment.get("CI_MERGE_REQUEST_IID", ""), environment.get("CI_PROJECT_ID", "")
    if not (number.isdecimal() and project):
        return None
    client = make_gitlab_client(environment, token)
    page = f"{environment.get('CI_PROJECT_URL', '')}/-/merge_requests/{number}"
    return GitLab(client=client, project=project, number=int(number), web_url=page)


def _read_pauses(environment: Mapping[str, str]) -> tuple[float, ...]:
    """Read how long to wait before further tries; a service in a test asks for no patience."""
    given = environment.get(_PAUSES_VARIABLE, "1 3 9").split()
    return tuple(float(each) for each in given)
