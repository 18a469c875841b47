"""The index says what was not checked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.git.index import SUBMODULE_MODE, UnknownIndexError, read_index
from reconciler.git.repository import Repository, find_repository
from tests.support.git_repositories import commit_all, make_repository, run_git

NAMES = ["a.yaml", "deep/b/" + "long" * 40 + ".yaml", "deep/c.yaml", "z.yaml"]


def make_files(top: Path) -> Repository:
    for name in NAMES:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text("version: 1\n")
    commit_all(top)
    repository = find_repository(top)
    assert repository is not None
    return repository


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("format_", ["sha1", "sha256"])
def test_every_version_of_the_index_is_read(tmp_path: Path, version: str, format_: str) -> None:
    top = make_repository(tmp_path, f"--object-format={format_}")
    repository = make_files(top)
    run_git(top, "update-index", "--skip-worktree", "deep/c.yaml")
    run_git(top, "update-index", "--index-version", version)
    entries = read_index(repository)
    assert [entry.path.decode() for entry in entries] == NAMES
    assert [entry.path for entry in entries if entry.is_skipped] == [b"deep/c.yaml"]


def test_a_submodule_has_a_mode_of_its_own(tmp_path: Path) -> None:
    make_files(make_repository(tmp_path / "team"))
    parent = make_repository(tmp_path / "parent")
    run_git(parent, "submodule", "--quiet", "add", str(tmp_path / "team"), "team")
    repository = find_repository(parent)
    assert repository is not None
    assert [entry.path for entry in read_index(repository) if entry.mode == SUBMODULE_MODE] == [b"team"]


def test_without_an_index_there_is_no_entry(tmp_path: Path) -> None:
    repository = find_repository(make_repository(tmp_path))
    assert repository is not None
    assert read_index(repository) == ()


def test_what_cannot_be_read_is_not_taken_for_empty(tmp_path: Path) -> None:
    repository = make_files(make_repository(tmp_path))
    index = repository.git_folder / "index"
    whole = index.read_bytes()
    for damaged in (b"", b"nonsense" * 8, whole[:60], whole[:-30], b"DIRC\0\0\0\x09" + whole[8:]):
        index.write_bytes(damaged)
        with pytest.raises(UnknownIndexError):
            read_index(repository)
    index.unlink()
    index.mkdir()
    with pytest.raises(UnknownIndexError):
        read_index(repository)


def test_an_index_in_two_files_is_unknown(tmp_path: Path) -> None:
    repository = make_files(make_repository(tmp_path))
    run_git(tmp_path, "update-index", "--split-index")
    with pytest.raises(UnknownIndexError):
        read_index(repository)
