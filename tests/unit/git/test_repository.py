"""A repository is found and read without running git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.git.repository import (
    Repository,
    find_repository,
    find_superproject,
    is_commit_id,
    parse_config,
    read_config,
    read_head,
    read_small,
)
from tests.support.git_repositories import commit_all, make_repository, run_git


def find(folder: Path) -> Repository:
    repository = find_repository(folder)
    assert repository is not None
    return repository


def test_the_repository_of_a_folder_is_the_nearest_upwards(tmp_path: Path) -> None:
    top = make_repository(tmp_path / "top")
    (top / "a" / "b").mkdir(parents=True)
    assert find(top / "a" / "b").top == top.resolve()
    assert find_repository(tmp_path) is None


def test_a_folder_with_only_the_layout_of_a_repository_does_not_count(tmp_path: Path) -> None:
    make_repository(tmp_path, "--bare")
    assert (tmp_path / "HEAD").is_file()
    assert find_repository(tmp_path) is None


def test_the_commit_is_read_from_loose_and_packed_references_and_a_detached_head(tmp_path: Path) -> None:
    top = make_repository(tmp_path)
    assert read_head(find(top)) is None
    commit = commit_all(top)
    assert read_head(find(top)) == commit
    run_git(top, "pack-refs", "--all")
    assert read_head(find(top)) == commit
    run_git(top, "checkout", "-q", "--detach")
    assert read_head(find(top)) == commit


def test_a_worktree_shares_references_and_has_its_own_commit(tmp_path: Path) -> None:
    top = make_repository(tmp_path / "top")
    first = commit_all(top)
    run_git(top, "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    second = commit_all(top)
    worktree = find(tmp_path / "other")
    assert (read_head(find(top)), read_head(worktree)) == (second, first)
    assert worktree.common_folder == (top / ".git").resolve()


@pytest.mark.parametrize("head", ["ref: refs/heads/../../secret", "ref: /etc/passwd", "garbage", ""])
def test_a_reference_that_leads_anywhere_else_is_not_followed(tmp_path: Path, head: str) -> None:
    top = make_repository(tmp_path)
    commit_all(top)
    (top / ".git" / "secret").write_text("0" * 40)
    (top / ".git" / "HEAD").write_text(head)
    assert read_head(find(top)) is None


def test_references_that_lead_to_each_other_end(tmp_path: Path) -> None:
    top = make_repository(tmp_path)
    (top / ".git" / "refs" / "heads" / "main").write_text("ref: refs/heads/main\n")
    assert read_head(find(top)) is None


@pytest.mark.parametrize(
    ("text", "is_id"), [("a" * 40, True), ("a" * 64, True), ("a" * 41, False), ("A" * 40, False), ("main", False)]
)
def test_only_a_full_id_is_the_id_of_a_commit(text: str, *, is_id: bool) -> None:
    assert is_commit_id(text) is is_id


def test_a_configuration_is_read_without_includes(tmp_path: Path) -> None:
    text = '[core]\n  Bare = false\n[submodule "Team"] path = plans/team\n[include]\n  path = /elsewhere\n[a] flag\n'
    assert parse_config(text) == {
        "core.bare": "false",
        "submodule.team.path": "plans/team",
        "include.path": "/elsewhere",
        "a.flag": "true",
    }
    top = make_repository(tmp_path)
    run_git(top, "config", "core.sparseCheckout", "true")
    assert read_config(find(top))["core.sparsecheckout"] == "true"


def test_a_file_that_is_absent_too_large_or_not_regular_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large").write_text("12345")
    os.mkfifo(tmp_path / "pipe")
    assert read_small(tmp_path / "large", 5) == "12345"
    assert read_small(tmp_path / "large", 4) is None
    assert read_small(tmp_path / "pipe") is None
    assert read_small(tmp_path / "absent") is None


def test_a_submodule_leads_to_the_repository_around_it(tmp_path: Path) -> None:
    inner = make_repository(tmp_path / "inner")
    commit_all(inner)
    outer = make_repository(tmp_path / "outer")
    run_git(outer, "submodule", "add", "-q", str(inner), "part")
    found = find_repository(outer / "part")
    assert found is not None
    assert found.top == outer / "part"
    assert find_superproject(found).top == outer
    alone = find_repository(inner)
    assert alone is not None
    assert find_superproject(alone) == alone


def test_a_folder_named_modules_makes_no_submodule(tmp_path: Path) -> None:
    make_repository(tmp_path)
    inner = find_repository(make_repository(tmp_path / "modules" / "inner"))
    assert inner is not None
    assert find_superproject(inner) == inner


def test_a_worktree_is_no_submodule(tmp_path: Path) -> None:
    main = make_repository(tmp_path / "main")
    commit_all(main)
    run_git(main, "worktree", "add", "-q", str(tmp_path / "other"))
    found = find_repository(tmp_path / "other")
    assert found is not None
    assert find_superproject(found) == found
