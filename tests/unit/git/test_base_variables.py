"""The variables that name the base of a pull request."""

from __future__ import annotations

import pytest

from reconciler.git.base_variables import BASE_VARIABLES, find_base_variable, names_pull_requests


@pytest.mark.parametrize("variable", BASE_VARIABLES)
def test_each_names_the_base_and_an_empty_one_does_not(variable: str) -> None:
    assert find_base_variable({variable: "main"}) == (variable, "main")
    assert find_base_variable({variable: ""}) == ("", "")


def test_the_surest_comes_first_and_a_whole_name_is_shortened() -> None:
    assert find_base_variable({"CHANGE_TARGET": "x", "GITHUB_BASE_REF": "main"}) == ("GITHUB_BASE_REF", "main")
    assert find_base_variable({"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/release/1"})[1] == "release/1"


@pytest.mark.parametrize(("name", "expected"), [("GITHUB_ACTIONS", True), ("JENKINS_URL", True), ("DRONE", False)])
def test_only_pipelines_that_are_known_would_name_the_base(name: str, expected: bool) -> None:
    assert names_pull_requests({name: "true"}) is expected
    assert not names_pull_requests({name: ""})
