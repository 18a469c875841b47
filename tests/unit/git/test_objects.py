"""Files of other commits are read out of the store of objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.git.objects import (
    find_merge_base,
    find_tree,
    list_blobs,
    read_blob,
    read_blobs,
    resolve_commit,
    show_place,
)
from reconciler.git.repository import Repository, find_repository, read_config, read_head
from tests.support.git_repositories import commit_all, make_repository, run_git


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with two commits."""
    top = make_repository(tmp_path / "repo")
    (top / "plans").mkdir()
    (top / "plans" / "a.yaml").write_text("version: 1\n")
    (top / "plansaside.yaml").write_text("")
    commit_all(top)
    run_git(top, "tag", "first")
    (top / "plans" / "a.yaml").write_text("version: 2\n")
    (top / "plans" / "link.yaml").symlink_to("a.yaml")
    commit_all(top)
    found = find_repository(top / "plans")
    assert found is not None
    return found


def test_a_name_becomes_a_commit(repository: Repository) -> None:
    head, first = resolve_commit(repository, "main"), resolve_commit(repository, "first")
    assert head == read_head(repository)
    assert first is not None
    assert resolve_commit(repository, "HEAD~1") == first != head
    assert find_merge_base(repository, head or "", first) == first


@pytest.mark.parametrize("name", ["", "none", "--all", "-h", "HEAD:plans/a.yaml", "main\nfirst"])
def test_what_is_not_a_commit_becomes_none(repository: Repository, name: str) -> None:
    assert resolve_commit(repository, name) is None
    assert read_blob(repository, name, "plans/a.yaml") is None
    assert list_blobs(repository, name) is None
    assert find_merge_base(repository, name, name) is None


def test_the_tree_of_a_commit_is_found_and_nothing_is_run_for_what_is_no_commit(repository: Repository) -> None:
    commit = resolve_commit(repository, "HEAD")
    assert commit is not None
    tree = find_tree(repository, commit)
    assert tree is not None
    assert tree != commit
    assert find_tree(repository, "HEAD") is None
    assert find_tree(repository, "0" * 40) is None


def test_a_file_is_read_as_a_commit_has_it(repository: Repository) -> None:
    head, first = resolve_commit(repository, "main") or "", resolve_commit(repository, "first") or ""
    assert read_blob(repository, first, "plans/a.yaml") == b"version: 1\n"
    assert read_blob(repository, head, "plans/a.yaml") == b"version: 2\n"
    assert read_blob(repository, head, "plans/link.yaml") == b"a.yaml"
    assert read_blob(repository, head, "plans/none.yaml") is None
    assert read_blob(repository, head, "plans") is None


def test_the_files_of_a_folder_are_listed(repository: Repository) -> None:
    first = resolve_commit(repository, "first") or ""
    assert list(list_blobs(repository, first, "plans") or ()) == ["plans/a.yaml"]
    assert list(list_blobs(repository, first) or ()) == ["plans/a.yaml", "plansaside.yaml"]
    assert list_blobs(repository, first, "none") == {}


def test_a_place_is_shown_as_git_has_it(repository: Repository, tmp_path: Path) -> None:
    assert show_place(repository, repository.top / "plans" / "a.yaml") == "plans/a.yaml"
    assert show_place(repository, repository.top) == ""
    assert show_place(repository, tmp_path / "elsewhere") is None


def test_the_configuration_is_read_without_what_it_includes(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "more").write_text("[core]\n\tsparseCheckout = true\n")
    with (repository.git_folder / "config").open("a") as config:
        config.write(f'[include]\n\tpath = {tmp_path / "more"}\n[Remote "X"] url = here\n[a]\n\tb\n')
    config_read = read_config(repository)
    assert "core.sparsecheckout" not in config_read
    assert config_read["remote.x.url"] == "here"
    assert config_read["a.b"] == "true"


def test_many_contents_are_read_with_one_run(repository: Repository) -> None:
    top = repository.top
    (top / "plans" / "odd.yaml").write_bytes(b"no line end\n\x00" + b"0" * 40 + b" blob 3\nabc")
    (top / "plans" / "empty.yaml").write_bytes(b"")
    commit = commit_all(top)
    listed = list_blobs(repository, commit) or {}
    found = read_blobs(repository, listed.values())
    assert found is not None
    assert {path: found[blob] for path, blob in listed.items()} == {
        path: read_blob(repository, commit, path) for path in listed
    }
    assert found[listed["plans/odd.yaml"]].endswith(b" blob 3\nabc")
    assert read_blobs(repository, []) == {}


def test_one_content_that_is_missing_spoils_all(repository: Repository) -> None:
    blob = (list_blobs(repository, read_head(repository) or "") or {})["plans/a.yaml"]
    assert read_blobs(repository, [blob, "0" * 40]) is None
    # A commit is no content, and no words are names of contents.
    assert read_blobs(repository, [read_head(repository) or ""]) is None
    assert read_blobs(repository, ["HEAD:plans/a.yaml"]) is None
    assert read_blobs(repository, [f"{blob}\n{blob}"]) is None
