"""A first workspace: valid, with a name of its own, and never over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import WorkspaceError
from reconciler.settings import load_settings
from reconciler.workflows.new_workspace import write_workspace
from reconciler.workflows.plan_files import check_files


def test_what_is_written_is_a_valid_workspace_with_one_trade(tmp_path: Path) -> None:
    root = tmp_path / "My Plans!"
    config, plan = write_workspace(root)
    assert (config, plan) == (root / "reconciler.yaml", root / "btc-dip.yaml")
    settings = load_settings(root, None, {})
    assert settings.workspace.startswith("my-plans-")
    files = check_files(settings)
    assert (files.problems, [spec.name for spec in files.specs]) == ((), ["btc-dip"])


def test_two_workspaces_of_one_folder_name_have_different_names(tmp_path: Path) -> None:
    for parent in ("a", "b"):
        write_workspace(tmp_path / parent / "plans")
    names = {load_settings(tmp_path / parent / "plans", None, {}).workspace for parent in ("a", "b")}
    assert len(names) == 2


@pytest.mark.parametrize("name", ["reconciler.yaml", "btc-dip.yaml"])
def test_nothing_is_written_beside_a_file_that_is_there(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine\n")
    with pytest.raises(WorkspaceError, match=f"{name} exists already; nothing was written"):
        write_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine\n"
