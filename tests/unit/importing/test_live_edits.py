"""The law of `--update`, on random edits: taken into the file, a live edit is no difference any more.

A failing round prints its seed; `LIVE_EDITS=2000 pytest tests/unit/importing` runs more of them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import RequestRefused, WorkspaceError
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.workflows.adoption import find_edited, plan_markers
from reconciler.workflows.file_edits import draft_new, draft_update, read_files, to_statement, write_edit
from reconciler.workflows.import_reading import Asked, find_importable
from tests.support.world import World, kinds
from tests.unit.importing.random_trades import PAIRS, make_body
from tests.unit.importing.test_round_trip import open_world

LIVE_EDITS = int(os.environ.get("LIVE_EDITS", "50"))


def open_and_adopt(world: World, chance: random.Random, path: Path) -> Mapping[str, Any]:
    """A random trade that has lived a little, adopted; an empty mapping where it has ended or cannot be stated."""
    body = make_body(chance)
    world.api.create(body)
    for _ in range(chance.randint(0, 2)):
        shift(world, chance)
    workspace = read_files(world.settings)
    found = find_importable(world.session, workspace, Asked())
    if not found.new:
        return {}
    write_edit(world.settings, draft_new(world.settings, workspace, path, found.new))
    (spec,) = read_files(world.settings).specs
    plan, _ = plan_markers(world.session, found.accounts, [(spec, found.new[0][0].live)])
    world.apply(plan)
    return body


def shift(world: World, chance: random.Random) -> None:
    for pair, price in PAIRS.items():
        world.price(pair, str(round(price * chance.uniform(0.97, 1.03), 1)))


def edit(world: World, chance: random.Random, body: Mapping[str, Any]) -> bool:
    """Another hand changes exits or leverage, as it may; tells whether 3Commas took it."""
    (entity,) = world.trades()
    while True:
        other: Any = make_body(chance)
        is_same_kind = other["pair"] == body["pair"] and other["position"]["type"] == body["position"]["type"]
        is_trailing = "trailing" in other["position"].get("conditional", {})
        if (
            is_same_kind
            and "stop_loss" in other
            and is_trailing == ("trailing" in body["position"].get("conditional", {}))
        ):
            break
    position = {"units": entity["position"]["units"]}  # type: ignore[index]
    update: dict[str, Any] = {"position": position}
    for group in chance.choice([("stop_loss",), ("take_profit",), ("stop_loss", "take_profit"), ("leverage",)]):
        update[group] = other.get(group, {"enabled": False})
    try:
        world.api.update(int(str(entity["id"])), update)
    except RequestRefused:
        return False
    return True


@pytest.mark.parametrize("seed", range(LIVE_EDITS))
def test_a_live_edit_that_was_taken_over_is_no_difference_any_more(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    with open_world(tmp_path, chance) as world:
        body = open_and_adopt(world, chance, tmp_path / "plan.yaml")
        if "stop_loss" not in body or not edit(world, chance, body):
            return
        for _ in range(chance.randint(0, 1)):
            shift(world, chance)
        workspace = read_files(world.settings)
        name = workspace.specs[0].name
        reason = ""
        try:
            choice, statement, accounts = find_edited(world.session, workspace, name)
        except WorkspaceError as error:
            reason = error.message
        if reason:
            assert "is not live" in reason or "breakeven" in reason, f"seed {seed}: {reason}"
            return
        if to_statement(workspace.specs[0]) != statement:
            draft = draft_update(world.settings, workspace, workspace.specs[0], statement)
            write_edit(world.settings, draft)
        specs = read_files(world.settings).specs
        text = (tmp_path / "plan.yaml").read_text()
        plan = world.plan(*specs)
        assert {operation.action for operation in plan.operations} <= {Action.SET_NOTE}, f"seed {seed}:\n{text}"
        adoption, refused = plan_markers(world.session, accounts, [(specs[0], choice.live)])
        assert refused == ()
        assert set(kinds(world.apply(adoption))) <= {OutcomeKind.APPLIED}, f"seed {seed}"
        for _ in range(3):
            after = world.plan(*specs)
            assert (after.operations, after.blocked) == ((), ()), f"seed {seed}:\n{text}"
            shift(world, chance)
