"""Edits of plan files: where they may be written, and that they are read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import UsageError, WorkspaceError
from reconciler.importing.new_files import New
from reconciler.workflows.file_edits import draft_new, find_file, read_files, to_statement, write_edit
from reconciler.workflows.import_reading import Asked, find_importable
from tests.support.world import World
from tests.unit.workflows.imports import open_imports


def _new(world: World) -> tuple[New, ...]:
    return find_importable(world.session, read_files(world.settings), Asked()).new


def test_a_new_file_states_what_is_live(tmp_path: Path) -> None:
    with open_imports(tmp_path, note="mine") as world:
        new = _new(world)
        edit = draft_new(world.settings, read_files(world.settings), tmp_path / "imported.yaml", new)
        assert edit.is_new
        assert not edit.path.exists()
        write_edit(world.settings, edit)
        (spec,) = read_files(world.settings).specs
    assert (edit.path.read_text(), edit.specs) == (edit.after, (spec,))
    assert to_statement(spec) == new[0][1]
    assert spec.note == "mine"


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with open_imports(tmp_path) as world:
        edit = draft_new(world.settings, read_files(world.settings), tmp_path / "imported.yaml", _new(world))
        (tmp_path / "imported.yaml").write_text("version: 1\ntrades: {}\n")
        with pytest.raises(WorkspaceError):
            write_edit(world.settings, edit)
    assert (tmp_path / "imported.yaml").read_text() == "version: 1\ntrades: {}\n"


@pytest.mark.parametrize("name", ["notes.txt", "reconciler.yaml", ".hidden.yaml", "../outside.yaml"])
def test_only_a_plan_file_of_the_workspace_is_written(tmp_path: Path, name: str) -> None:
    with open_imports(tmp_path) as world:
        assert find_file(world.settings, None) == tmp_path / "imported.yaml"
        with pytest.raises(UsageError, match="--into"):
            find_file(world.settings, tmp_path / name)


def test_a_workspace_without_a_plan_file_is_empty(tmp_path: Path) -> None:
    with open_imports(tmp_path) as world:
        assert read_files(world.settings).specs == ()
