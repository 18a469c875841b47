"""Who started a run, and where, by what a pipeline says of itself."""

from __future__ import annotations

from reconciler.journal.lock_holder import find_holder, read_holder
from reconciler.journal.run_origin import RunOrigin, find_origin

GITHUB = {
    "GITHUB_ACTOR": "dora",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/trades",
    "GITHUB_RUN_ID": "42",
    "GITHUB_REF": "refs/pull/7/merge",
}
URL = "https://github.com/acme/trades/actions/runs/42"


def test_a_job_on_github_names_person_run_and_pull_request() -> None:
    origin = find_origin(GITHUB)
    assert origin == RunOrigin(actor="dora", run_url=URL, change="7")
    assert str(origin) == f"dora, {URL}, pull request 7"


def test_a_job_on_gitlab_does_too() -> None:
    variables = {"GITLAB_USER_LOGIN": "emil", "CI_JOB_URL": "https://gitlab.com/j/1", "CI_MERGE_REQUEST_IID": "9"}
    assert find_origin(variables) == RunOrigin(actor="emil", run_url="https://gitlab.com/j/1", change="9")


def test_own_variables_come_before_those_of_the_pipeline() -> None:
    more = {"RECONCILER_ACTOR": "frida", "RECONCILER_PULL_REQUEST": "https://github.com/acme/trades/pull/8"}
    origin = find_origin(GITHUB | more)
    assert (origin.actor, origin.change) == ("frida", "https://github.com/acme/trades/pull/8")


def test_on_a_machine_of_a_person_nothing_is_known_and_nothing_is_shown() -> None:
    assert find_origin({"GITHUB_REF": "refs/heads/main"}) == RunOrigin()
    assert find_origin({"BUILDKITE_PULL_REQUEST": "false"}) == RunOrigin()
    assert " for " not in str(find_holder())


def test_a_secret_in_a_variable_is_not_written_and_a_long_or_hostile_value_is_cut() -> None:
    assert find_origin({"RECONCILER_ACTOR": "my s3cret key"}, ["s3cret"]).actor == ""
    assert find_origin({"RECONCILER_ACTOR": f"a\x1b[2J\n{'b' * 1000}"}).actor == f"a[2J{'b' * 296}"


def test_a_holder_keeps_it_and_one_of_an_earlier_version_has_none() -> None:
    holder = find_holder(find_origin(GITHUB))
    assert read_holder(holder.write()) == holder
    assert str(holder) == f"{holder.process} for dora, {URL}, pull request 7"
    assert read_holder('{"user": "a", "host": "b", "origin": "?"}').origin == RunOrigin()
