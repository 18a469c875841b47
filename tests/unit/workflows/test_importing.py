"""Imports are planned first, and written file by file, then marker by marker."""

from __future__ import annotations

from pathlib import Path

from reconciler.model.outcomes import OutcomeKind
from reconciler.workflows.adoption import plan_markers
from reconciler.workflows.applying import ApplyOptions
from reconciler.workflows.file_edits import read_files
from reconciler.workflows.import_reading import Asked
from reconciler.workflows.importing import find_unadopted, plan_import, plan_update, write_edits, write_markers
from tests.support.world import World
from tests.unit.workflows.imports import open_imports

FIRST = 30000001
NOT_CHECKED = ApplyOptions(needs_check=False, is_partial=True)


def _adopt(world: World) -> str:
    """Import and adopt the only trade; its name."""
    planned = plan_import(world.session, read_files(world.settings), Asked(), None)
    write_edits(world.session, [planned.edit])
    plan, _ = plan_markers(world.session, planned.accounts, planned.adoptions)
    applied = write_markers(world.session, plan, NOT_CHECKED)
    assert [outcome.kind for outcome in applied.outcomes] == [OutcomeKind.APPLIED]
    return planned.adoptions[0][0].name


def test_planning_writes_nothing(tmp_path: Path) -> None:
    with open_imports(tmp_path) as world:
        world.connect()
        planned = plan_import(world.session, read_files(world.settings), Asked(), None)
        assert planned.edit is not None
        assert not planned.edit.path.exists()
        assert [live.id for live in find_unadopted(world.session, planned.adoptions)] == [FIRST]
        assert world.wire.writes == []


def test_a_written_import_is_managed_and_needs_nothing(tmp_path: Path) -> None:
    with open_imports(tmp_path, note="mine") as world:
        _adopt(world)
        assert world.told == [f"Wrote {tmp_path}/imported.yaml."]
        plan = world.plan(*read_files(world.settings).specs)
        assert (plan.operations, plan.blocked, plan.unchanged) == ((), (), 1)
        again = plan_import(world.session, read_files(world.settings), Asked(ids=(FIRST,)), None)
        assert (again.edit, again.adoptions) == (None, ())


def test_an_update_edits_the_file_only_if_something_was_edited(tmp_path: Path) -> None:
    with open_imports(tmp_path) as world:
        name = _adopt(world)
        assert plan_update(world.session, read_files(world.settings), name).edit is None
        world.api.update(FIRST, {"stop_loss": {"enabled": False}, "position": {"units": {"value": "0.01"}}})
        planned = plan_update(world.session, read_files(world.settings), name)
        write_edits(world.session, [planned.edit, None])
        (spec,) = read_files(world.settings).specs
        assert spec.terms.stop_loss is None
        assert planned.adoption[0] == spec
