"""The kind of a file is found before its content is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.loading.file_kinds import (
    NOT_THERE,
    describe_kind,
    find_fault,
    is_misspelt,
    is_plan_name,
    read_bounded,
)


@pytest.mark.parametrize(
    ("name", "is_plan", "is_wrong"),
    [
        ("a.yaml", True, False),
        ("a.yml", True, False),
        ("reconciler.yaml", False, False),
        (".a.yaml", False, False),
        ("a.YAML", False, True),
        ("a.yaml.", False, True),
        ("a.yaml ", False, True),
        ("a.yaml.bak", False, False),
        ("a.txt", False, False),
    ],
)
def test_the_name_says_whether_a_file_is_a_plan_file(name: str, *, is_plan: bool, is_wrong: bool) -> None:
    assert is_plan_name(name) is is_plan
    assert is_misspelt(name) is is_wrong


def test_kinds_are_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    kinds = [describe_kind(path.stat().st_mode) for path in (tmp_path, tmp_path / "pipe", Path(os.devnull))]
    assert kinds == ["a folder", "a pipe", "a device"]
    assert describe_kind((tmp_path / "file").stat().st_mode) == ""


def test_a_regular_file_and_a_link_to_a_plan_file_have_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").touch()
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert find_fault(tmp_path / "a.yaml", tmp_path) == ""
    assert find_fault(tmp_path / "b.yaml", tmp_path) == ""


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("/etc/hostname", "is a symbolic link to a file outside the workspace"),
        (".git/x.yaml", "is a symbolic link to a file that is not a plan file"),
        ("notes.txt", "is a symbolic link to a file that is not a plan file"),
        ("nowhere.yaml", "is a symbolic link to a file that does not exist"),
        ("link.yaml", "is a symbolic link that leads to itself"),
    ],
)
def test_a_link_to_anything_else_has_a_fault(tmp_path: Path, target: str, fault: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "link.yaml").symlink_to(target)
    assert find_fault(tmp_path / "link.yaml", tmp_path).startswith(fault)


def test_a_file_that_does_not_exist_has_a_fault_of_its_own(tmp_path: Path) -> None:
    assert find_fault(tmp_path / "a.yaml", tmp_path) == NOT_THERE


def test_only_the_first_bytes_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"12345")
    assert read_bounded(tmp_path / "a.yaml", 3) == b"123"


def test_a_pipe_that_replaced_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    with pytest.raises(OSError, match="no longer a regular file"):
        read_bounded(tmp_path / "a.yaml", 3)
