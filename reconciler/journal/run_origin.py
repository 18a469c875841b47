"""Who started a run, and where: the person, the job of a pipeline, and the pull request that it carries out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

ACTOR_VARIABLE = "RECONCILER_ACTOR"
CHANGE_VARIABLE = "RECONCILER_PULL_REQUEST"
# Sources: default variables of GitHub Actions, GitLab CI, Buildkite, Azure Pipelines, Bitbucket Pipelines and Jenkins.
_ACTORS = (
    ACTOR_VARIABLE,
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "BUILDKITE_BUILD_CREATOR",
    "BUILD_REQUESTEDFOR",
    "BITBUCKET_STEP_TRIGGERER_UUID",
    "BUILD_USER_ID",
)
_RUN_URLS = ("CI_JOB_URL", "BUILDKITE_BUILD_URL", "BUILD_URL")
_GITHUB_RUN = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
_CHANGES = ("CI_MERGE_REQUEST_IID", "BUILDKITE_PULL_REQUEST", "CHANGE_URL", "BITBUCKET_PR_ID")
_REFERENCE = "GITHUB_REF"
# What Buildkite says outside a pull request.
_NO_CHANGE = "false"
# Everything that is read.
PIPELINE_VARIABLES = (*_ACTORS, *_RUN_URLS, *_GITHUB_RUN, *_CHANGES, _REFERENCE, CHANGE_VARIABLE)
# Longer than any name or address that is shown.
_MAX_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrigin:
    """Who started a run, and where; each is empty if it is not known.

    Attributes:
        actor: Name of a person or of a program, as the pipeline names it.
        run_url: Address of the job.
        change: Pull request that led to the run, as an address or a number.
    """

    actor: str = ""
    run_url: str = ""
    change: str = ""

    def __str__(self) -> str:
        change = f"pull request {self.change}" if self.change.isdecimal() else self.change
        return ", ".join(part for part in (self.actor, self.run_url, change) if part)


NO_ORIGIN = RunOrigin()


def find_origin(environment: Mapping[str, str], secrets: Collection[str] = ()) -> RunOrigin:
    """Find who started this run, and where, by what a pipeline says of itself.

    Args:
        environment: Environment variables.
        secrets: Texts that must not be written; a value that has one is left out.
    """
    values = (_first(environment, _ACTORS), _find_run_url(environment), _find_change(environment))
    actor, run_url, change = (_clean(value, secrets) for value in values)
    return RunOrigin(actor=actor, run_url=run_url, change=change)


def _find_run_url(environment: Mapping[str, str]) -> str:
    server, repository, run = (environment.get(name, "") for name in _GITHUB_RUN)
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return _first(environment, _RUN_URLS)


def _find_change(environment: Mapping[str, str]) -> str:
    given = environment.get(CHANGE_VARIABLE, "")
    if given:
        return given
    reference = environment.get(_REFERENCE, "").split("/")
    if reference[:2] == ["refs", "pull"]:
        return reference[2] if len(reference) > 2 else ""
    found = _first(environment, _CHANGES)
    return "" if found == _NO_CHANGE else found


def _first(environment: Mapping[str, str], names: Collection[str]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")


def _clean(value: str, secrets: Collection[str]) -> str:
    if any(secret in value for secret in secrets if secret):
        return ""
    return "".join(each for each in value.strip() if each.isprintable())[:_MAX_CHARS]
