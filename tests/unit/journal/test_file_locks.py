"""Locks on files keep processes of one machine out, and end with their process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.journal.file_locks import FileLocks


@pytest.fixture
def shared(tmp_path: Path) -> list[Path]:
    """A folder like /tmp: all may make files in it, nobody may remove those of others."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    return [tmp_path / "absent", tmp_path / "shared"]


def test_one_key_is_held_once(shared: list[Path]) -> None:
    first, second = FileLocks(["a", "b"], shared), FileLocks(["b", "c"], shared)
    assert first.take() == ""
    assert first.is_held
    assert second.take() == f"process {os.getpid()} of this machine"
    assert not second.is_held
    # Of several keys all are taken or none: `c` is free for others.
    other = FileLocks(["c"], shared)
    assert other.take() == ""
    other.drop()
    first.drop()
    assert second.take() == ""
    second.drop()


def test_a_process_whose_time_is_over_is_not_in_the_way(shared: list[Path]) -> None:
    first, second = FileLocks(["a"], shared), FileLocks(["a"], shared)
    assert first.take() == ""
    assert second.take(tolerated=[os.getpid()]) == ""
    first.drop()
    second.drop()


def test_taking_it_twice_changes_nothing(shared: list[Path]) -> None:
    locks = FileLocks(["a"], shared)
    assert locks.take() == locks.take() == ""
    locks.drop()
    locks.drop()
    assert not locks.is_held


def test_a_folder_that_is_not_shared_by_all_is_not_used(tmp_path: Path) -> None:
    locks = FileLocks(["a"], [tmp_path])
    assert locks.take() == ""
    assert not locks.is_held
    assert list(tmp_path.iterdir()) == []


def test_a_link_or_a_pipe_in_place_of_the_file_is_not_opened(shared: list[Path], tmp_path: Path) -> None:
    locks = FileLocks(["a"], shared)
    locks.take()
    locks.drop()
    (lock,) = shared[1].iterdir()
    lock.unlink()
    lock.symlink_to(tmp_path / "target")
    assert locks.take() == ""
    assert not locks.is_held
    assert not (tmp_path / "target").exists()
    lock.unlink()
    os.mkfifo(lock)
    assert locks.take() == ""
    assert not locks.is_held
