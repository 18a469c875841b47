"""Variables by which a pipeline names the base of a pull request."""

from __future__ import annotations

from collections.abc import Mapping

# The surest first: a commit, or a branch of the remote.
# Sources: GitLab CI, predefined variables for merge requests; GitHub Actions, default variables; Bitbucket Pipelines,
# Azure Pipelines, Buildkite and Jenkins, variables of builds of pull requests.
BASE_VARIABLES = (
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "GITHUB_BASE_REF",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
    "CHANGE_TARGET",
)
# Set in every build of the pipelines of which the variables above are known.
_KNOWN_PIPELINES = ("GITLAB_CI", "GITHUB_ACTIONS", "BITBUCKET_BUILD_NUMBER", "TF_BUILD", "BUILDKITE", "JENKINS_URL")
_BRANCH_PREFIX = "refs/heads/"


def find_base_variable(environment: Mapping[str, str]) -> tuple[str, str]:
    """Find the variable that names the base of a pull request, and the name; both empty outside one.

    Args:
        environment: Environment variables; one that is empty counts as not set.
    """
    variable = next((each for each in BASE_VARIABLES if environment.get(each)), "")
    return variable, environment.get(variable, "").removeprefix(_BRANCH_PREFIX)


def names_pull_requests(environment: Mapping[str, str]) -> bool:
    """Return whether the pipeline would name the base if it ran for a pull request.

    Args:
        environment: Environment variables of a pipeline; one that is empty counts as not set.
    """
    return any(environment.get(each) for each in _KNOWN_PIPELINES)
