"""Markers for live trades, and live edits that are taken over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import UsageError, WorkspaceError
from reconciler.model.operations import Action
from reconciler.workflows.adoption import find_edited, is_adopted, plan_markers
from reconciler.workflows.file_edits import draft_new, read_files, write_edit
from reconciler.workflows.import_reading import Asked, find_importable
from reconciler.workflows.plan_files import PlanFiles
from tests.support.world import World, trade
from tests.unit.workflows.imports import open_imports

ACCOUNTS = [{"id": number, "name": "A", "market_code": "paper_trading"} for number in (1, 2)]


def test_a_marker_is_planned_once_and_not_again(tmp_path: Path) -> None:
    with open_imports(tmp_path, note="mine") as world:
        files = read_files(world.settings)
        found = find_importable(world.session, files, Asked())
        edit = draft_new(world.settings, files, tmp_path / "imported.yaml", found.new)
        write_edit(world.settings, edit)
        pair = (edit.specs[0], found.new[0][0].live)
        assert not is_adopted(world.settings, *pair)
        plan, refused = plan_markers(world.session, found.accounts, [pair])
        assert (refused, [operation.action for operation in plan.operations]) == ((), [Action.SET_NOTE])
        world.apply(plan)
        choice, _, accounts = find_edited(world.session, read_files(world.settings), edit.specs[0].name)
        again, _ = plan_markers(world.session, accounts, [(edit.specs[0], choice.live)])
        assert (again.operations, again.unchanged) == ((), 1)
        assert is_adopted(world.settings, edit.specs[0], choice.live)


def test_a_note_without_room_is_refused(tmp_path: Path) -> None:
    with open_imports(tmp_path) as world:
        found = find_importable(world.session, read_files(world.settings), Asked())
        live = found.new[0][0].live
        plan, refused = plan_markers(world.session, found.accounts, [(trade(note="x" * 300), live)])
        assert (plan.operations, plan.unchanged) == ((), 0)
        assert [each.live_id for each in refused] == [live.id]


def test_an_edit_is_found_only_of_a_live_trade_of_the_files() -> None:
    with World() as world:
        files = PlanFiles(specs=(trade(),))
        with pytest.raises(UsageError, match="no trade is named nobody"):
            find_edited(world.session, files, "nobody")
        with pytest.raises(WorkspaceError, match="btc-dip is not live"):
            find_edited(world.session, files, "btc-dip")
        world.converge(trade())
        world.api.update(30000001, {"stop_loss": {"enabled": False}, "position": {"units": {"value": "0.01"}}})
        _, statement, _ = find_edited(world.session, files, "btc-dip")
        assert statement.terms.stop_loss is None


def test_an_edit_of_a_trade_on_another_account_than_that_of_its_file_is_found() -> None:
    with World(accounts={"main": 1, "other": 2}) as world:
        world.sandbox.ensure_account(2)
        spec = trade()
        world.converge(spec)
        moved = replace(spec, terms=replace(spec.terms, account_id=2))

        def alter(_method: str, path: str, answer: Any) -> Any:
            """The account of the file comes first, and that of the trade on the next page."""
            if "/accounts?page=" not in path:
                return answer
            wanted = {"page=1": 2, "page=2": 1}.get(path.partition("?")[2].partition("&")[0])
            return [entity for entity in ACCOUNTS if entity["id"] == wanted]

        world.wire.alter = alter
        choice, statement, accounts = find_edited(world.session, PlanFiles(specs=(moved,)), "btc-dip")
        assert (choice.live.terms.account_id, statement.terms.account_id) == (1, 1)
        assert sorted(accounts) == [1, 2]
