"""Where the workspace is; what is in the way is said, and never taken for nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.errors import WorkspaceError
from reconciler.loading.workspace_folder import check_own_folder, find_workspace

STRANGER = 65534


def test_the_nearest_folder_upwards_counts(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "reconciler.yaml").touch()
    assert find_workspace(None, {}, below) == tmp_path
    (tmp_path / "a" / "reconciler.yaml").touch()
    assert find_workspace(None, {}, below) == tmp_path / "a"
    assert find_workspace(tmp_path, {}, below) == tmp_path


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("gone"), lambda path: path.mkdir(), os.mkfifo])
def test_what_has_the_name_counts_whatever_it_is(tmp_path: Path, make: object) -> None:
    below = tmp_path / "a" / "plans"
    below.mkdir(parents=True)
    make(tmp_path / "reconciler.yaml")  # type: ignore[operator]  # one of the above
    assert find_workspace(None, {}, below.parent) == tmp_path


def test_without_any_the_folder_of_plans_counts_and_else_the_current_one(tmp_path: Path) -> None:
    assert find_workspace(None, {}, tmp_path) == tmp_path
    (tmp_path / "plans").mkdir()
    assert find_workspace(None, {}, tmp_path) == tmp_path / "plans"


def test_a_given_folder_has_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no such folder"):
        find_workspace(tmp_path / "gone", {})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_strangers_file_further_up_is_refused_and_here_or_named_it_is_not(tmp_path: Path, what: str) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    config = tmp_path / "a" / "reconciler.yaml"
    config.touch()
    os.chown(config if what == "file" else config.parent, STRANGER, STRANGER)
    with pytest.raises(WorkspaceError, match=r"belongs to another user.*--workspace") as caught:
        find_workspace(None, {}, below)
    assert str(config) in caught.value.message
    assert find_workspace(None, {}, config.parent) == config.parent
    assert find_workspace(config.parent, {}, below) == config.parent
    assert find_workspace(None, {"SUDO_UID": str(STRANGER)}, below) == config.parent
    with pytest.raises(WorkspaceError):
        find_workspace(None, {"SUDO_UID": "x"}, below)


@pytest.mark.parametrize("target", ["../elsewhere", "/tmp", "gone", "loop"])
def test_the_own_folder_does_not_lead_out(tmp_path: Path, target: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    check_own_folder(root)
    (root / ".reconciler").symlink_to(".reconciler" if target == "loop" else target)
    with pytest.raises(WorkspaceError, match=r"\.reconciler"):
        check_own_folder(root)


def test_nor_does_anything_in_it(tmp_path: Path) -> None:
    own = tmp_path / "root" / ".reconciler"
    own.mkdir(parents=True)
    (own / "journal.sqlite").touch()
    check_own_folder(own.parent)
    (own / "sandbox.sqlite").symlink_to("../../elsewhere")
    with pytest.raises(WorkspaceError, match=r"sandbox\.sqlite is a symbolic link that leads out"):
        check_own_folder(own.parent)


def test_a_file_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / ".reconciler").touch()
    with pytest.raises(WorkspaceError, match="Not a directory"):
        check_own_folder(tmp_path)
