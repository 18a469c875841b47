"""The law of import, on random trades: adopted, they need nothing, and their file says what is live.

Each round has a random trade of every kind, opened by hand, lived through random prices and imported somewhere on the
way. A failing round prints its seed; `ROUND_TRIPS=2000 pytest tests/unit/importing` runs more of them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import NoticeKind
from reconciler.model.specs import TradeSpec
from reconciler.workflows.adoption import plan_markers
from reconciler.workflows.file_edits import draft_new, read_files, write_edit
from reconciler.workflows.import_reading import Asked, find_importable
from tests.support.world import World, kinds
from tests.unit.importing.random_trades import FUTURES_ACCOUNT, PAIRS, make_body, make_note

pytestmark = pytest.mark.slow

ROUND_TRIPS = int(os.environ.get("ROUND_TRIPS", "80"))
MOVES = 5
SETTINGS = {
    "trailing_stop": ("unchanged", "moved"),
    "breakeven": ("moved", "unchanged"),
    "fee_currency": ("quote", "received"),
    "fee_pct": ("0.1", "0", "0.6"),
}
# Why a trade may be left alone: it is over, or no file can say what it is.
EXCUSES = (
    "it has ended",
    "it is between two states",
    "a plan file cannot express it: stop_loss.breakeven: found breakeven with",
)


def open_world(folder: Path, chance: random.Random) -> World:
    world = World(accounts={"main": 1, "futures": FUTURES_ACCOUNT})
    world.settings = replace(world.settings, root=folder)
    (folder / "reconciler.yaml").write_text("version: 1\nworkspace: test\n")
    world.sandbox.ensure_account(FUTURES_ACCOUNT, name="futures", market="futures")
    for name, values in SETTINGS.items():
        world.sandbox.configure(name, chance.choice(values))
    for pair, price in PAIRS.items():
        world.price(pair, price)
    return world


def move(world: World, chance: random.Random) -> None:
    """What the market, the clock, or a hand in 3Commas does next."""
    for pair, price in PAIRS.items():
        world.price(pair, str(round(price * chance.uniform(0.9, 1.1), 1)))
    if chance.random() < 0.3:
        world.sandbox.advance(Decimal(chance.randint(1, 120)))
    for entity in world.trades():
        steps = [step for step in entity["take_profit"]["steps"] if step["data"]["cancelable"]]  # type: ignore[index]
        if len(steps) > 1 and chance.random() < 0.3:
            world.api.cancel_trade(entity["id"], chance.choice(steps)["id"])  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(ROUND_TRIPS))
def test_an_adopted_trade_needs_nothing_now_and_later(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    with open_world(tmp_path, chance) as world:
        for _ in range(2):
            note = make_note(chance)
            world.api.create({**make_body(chance), **({"note": note} if note else {})})
        for _ in range(chance.randint(0, MOVES)):
            move(world, chance)
        before = {entity["id"]: entity["note"] for entity in world.trades()}
        workspace = read_files(world.settings)
        found = find_importable(world.session, workspace, Asked())
        assert all(refusal.reason.startswith(EXCUSES) for refusal in found.refused), f"seed {seed}: {found.refused}"
        if not found.new:
            return
        draft = draft_new(world.settings, workspace, tmp_path / "imported.yaml", found.new)
        write_edit(world.settings, draft)
        specs = read_files(world.settings).specs
        assert [spec.terms for spec in specs] == [said.terms for _, said in found.new], f"seed {seed}:\n{draft.after}"
        assert world.plan(*specs).operations == (), f"seed {seed}: nothing may be opened before it is adopted"

        pairs = [(spec, choice.live) for spec, (choice, _) in zip(specs, found.new, strict=True)]
        plan, refused = plan_markers(world.session, found.accounts, pairs)
        assert refused == ()
        assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED] * len(specs), f"seed {seed}"
        for choice, said in found.new:
            assert said.note == str(before[choice.live.id])
        check_nothing_to_do(world, specs, seed, draft.after)
        for _ in range(MOVES):
            for pair, price in PAIRS.items():
                world.price(pair, str(round(price * chance.uniform(0.9, 1.1), 1)))
            check_nothing_to_do(world, specs, seed, draft.after)


def check_nothing_to_do(world: World, specs: Sequence[TradeSpec], seed: int, text: str) -> None:
    plan = world.plan(*specs)
    what = [(operation.action, operation.changes) for operation in plan.operations]
    assert (what, plan.blocked) == ([], ()), f"seed {seed}:\n{text}"
    assert {notice.kind for notice in plan.notices} <= {NoticeKind.ENDED, NoticeKind.BUSY}, f"seed {seed}: {plan}"
