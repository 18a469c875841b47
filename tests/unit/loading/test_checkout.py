"""What git has not checked out of a workspace is found with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.loading.checkout import find_missing
from tests.support.git_repositories import commit_all, make_repository, run_git


def find(root: Path, *tops: Path) -> dict[str, str]:
    missing = find_missing(root, list(tops), lambda _parts, _is_folder: True)
    return {path.relative_to(root.resolve()).as_posix(): reason for path, reason in missing.items()}


def make_files(top: Path, *names: str) -> None:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text("version: 1\n")
    commit_all(top)


def test_outside_git_nothing_is_missing(tmp_path: Path) -> None:
    assert find(tmp_path) == {}


def test_a_file_that_is_only_deleted_is_not_missing(tmp_path: Path) -> None:
    make_files(make_repository(tmp_path), "a.yaml", "b.yaml")
    (tmp_path / "a.yaml").unlink()
    assert find(tmp_path) == {}


def test_a_plan_file_outside_a_sparse_checkout_is_missing(tmp_path: Path) -> None:
    make_files(make_repository(tmp_path), "a.yaml", "spot/b.yaml", "notes.txt")
    run_git(tmp_path, "sparse-checkout", "set", "--no-cone", "/a.yaml")
    assert find(tmp_path) == {"spot/b.yaml": "is not checked out (sparse checkout)"}


def test_files_that_are_not_wanted_are_not_missing(tmp_path: Path) -> None:
    make_files(make_repository(tmp_path), "a.yaml", "spot/b.yaml")
    run_git(tmp_path, "sparse-checkout", "set", "--no-cone", "/a.yaml")
    assert find_missing(tmp_path, [], lambda parts, _is_folder: parts[0] != "spot") == {}


@pytest.mark.parametrize("is_checked_out", [False, True])
def test_a_submodule_is_missing_until_it_is_checked_out(tmp_path: Path, *, is_checked_out: bool) -> None:
    make_files(make_repository(tmp_path / "team"), "a.yaml")
    parent = make_repository(tmp_path / "parent")
    make_files(parent, "b.yaml")
    run_git(parent, "submodule", "add", "-q", str(tmp_path / "team"), "team")
    commit_all(parent)
    if not is_checked_out:
        run_git(parent, "submodule", "deinit", "-q", "-f", "team")
    assert find(parent) == ({} if is_checked_out else {"team": "is a submodule that is not checked out"})
