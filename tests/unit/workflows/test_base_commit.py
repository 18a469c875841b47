"""The base of a review is a commit in the clone, or an error that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import BaseUnreadable
from reconciler.git.base_variables import BASE_VARIABLES
from reconciler.workflows.base_commit import Base, find_base
from tests.support.git_repositories import commit_all, make_repository, run_git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    make_repository(tmp_path)
    (tmp_path / "money").mkdir()
    (tmp_path / "money" / "a.yaml").write_text("one")
    run_git(tmp_path, "update-ref", "refs/remotes/origin/main", commit_all(tmp_path))
    (tmp_path / "money" / "a.yaml").write_text("two")
    commit_all(tmp_path)
    return tmp_path


def found(root: Path, given: str | None = None, **environment: str) -> Base:
    base = find_base(root, given, environment)
    assert base is not None
    return base


def test_without_a_name_it_is_the_last_commit(repository: Path) -> None:
    base = found(repository / "money")
    assert (base.name, base.folder, base.is_named) == ("HEAD", "money", False)
    assert base.commit == run_git(repository, "rev-parse", "HEAD")
    assert base.label == f"HEAD ({base.commit[:8]})"


@pytest.mark.parametrize("variable", [name for name in BASE_VARIABLES if name != "CI_MERGE_REQUEST_DIFF_BASE_SHA"])
def test_a_pull_request_names_a_branch_of_the_remote(repository: Path, variable: str) -> None:
    base = found(repository, **{variable: "main"})
    assert base.is_named
    assert base.read("money/a.yaml") == b"one"
    assert base.list_files("money").keys() == {"money/a.yaml"}


def test_azure_writes_the_whole_name_of_the_branch(repository: Path) -> None:
    assert found(repository, SYSTEM_PULLREQUEST_TARGETBRANCH="refs/heads/main").read("money/a.yaml") == b"one"


def test_the_surest_variable_wins_and_what_is_given_wins_over_all(repository: Path) -> None:
    commit = run_git(repository, "rev-parse", "HEAD")
    variables = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": commit, "GITHUB_BASE_REF": "main"}
    assert found(repository, **variables).commit == commit
    assert found(repository, "HEAD~1", **variables).read("money/a.yaml") == b"one"
    # A branch of one's own comes before one of the remote.
    assert found(repository, "main").read("money/a.yaml") == b"two"


def test_an_empty_variable_names_nothing(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert not found(repository, GITHUB_BASE_REF="").is_named
    assert find_base(tmp_path_factory.mktemp("plain"), None, {"GITHUB_BASE_REF": ""}) is None


def test_what_cannot_be_found_is_an_error_with_a_remedy(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(BaseUnreadable, match=r"GITHUB_BASE_REF=gone .* no such commit here; .*fetch-depth: 0"):
        find_base(repository, None, {"GITHUB_BASE_REF": "gone"})
    with pytest.raises(BaseUnreadable, match="--base gone: found no such commit here"):
        find_base(repository, "gone", {})
    with pytest.raises(BaseUnreadable, match=r"is in no git repository; .*unset GITHUB_BASE_REF"):
        find_base(tmp_path_factory.mktemp("plain"), None, {"GITHUB_BASE_REF": "main"})


def test_a_name_that_looks_like_an_option_is_only_a_name(repository: Path) -> None:
    with pytest.raises(BaseUnreadable):
        find_base(repository, "--output=/tmp/x", {})


def test_a_file_that_is_not_in_the_clone_is_an_error(repository: Path) -> None:
    with pytest.raises(BaseUnreadable, match=r"its money/b\.yaml is not in this clone"):
        found(repository).read("money/b.yaml")


def test_many_files_are_read_at_once(repository: Path) -> None:
    base = found(repository)
    assert base.read_all(base.list_files("money")) == {"money/a.yaml": b"two"}
    with pytest.raises(BaseUnreadable, match="some of its files are not in this clone"):
        base.read_all({"money/a.yaml": "0" * 40})
