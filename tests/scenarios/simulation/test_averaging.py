"""Random price paths through averaging orders, steps and the stop, while the list in the file is edited at random.

A failing history prints its seed; `HISTORIES=1000 pytest tests/scenarios/simulation` runs more of them.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace

import pytest

from reconciler.model.averaging import AveragingOrder
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.specs import TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from tests.support.averaging_orders import averaged, found_orders, order
from tests.support.world import World, kinds, trade

pytestmark = pytest.mark.slow

HISTORIES = int(os.environ.get("HISTORIES", "25"))
ROUNDS = 8
GOOD = {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}
STEPS = ((), ((63000, 100),), ((62000, 50), (64000, 50)))


def _make_order(chance: random.Random, used: set[int]) -> AveragingOrder:
    """An order below the entry, at a price that no order of this history had before."""
    price = chance.choice([price for price in range(54000, 60200, 50) if price not in used])
    used.add(price)
    return order(price, chance.choice(["0.002", "0.005", "0.01"]))


def _edit(chance: random.Random, spec: TradeSpec, used: set[int]) -> TradeSpec:
    """What a trader may do to the list between two applies; sometimes to stop and note, too."""
    orders = list(spec.averaging)
    match chance.choice(["nothing", "add", "add", "drop", "change", "clear", "shuffle", "stop", "note"]):
        case "add":
            orders.insert(chance.randint(0, len(orders)), _make_order(chance, used))
        case "drop" if orders:
            orders.pop(chance.randrange(len(orders)))
        case "change" if orders:
            orders[chance.randrange(len(orders))] = _make_order(chance, used)
        case "clear":
            orders.clear()
        case "shuffle":
            chance.shuffle(orders)
        case "stop":
            stop = trade(stop=chance.randint(51000, 53500)).terms.stop_loss
            return replace(spec, terms=replace(spec.terms, stop_loss=stop))
        case "note":
            return replace(spec, note=chance.choice(["", "weekly"]))
    return replace(spec, averaging=tuple(orders))


def _is_settled(plan: Plan) -> bool:
    """Whether nothing is to be done, and nothing held back but what would be added while the stop is about to act."""
    return not plan.operations and all("has passed the stop" in describe(blocked.reason) for blocked in plan.blocked)


def _move(chance: random.Random) -> int:
    """A price among the averaging orders; now and then one at the steps or beyond the stop."""
    return chance.randint(50500, 65000) if chance.random() < 0.1 else chance.randint(54500, 61500)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_after_each_apply_the_plan_is_empty_and_stays_so_while_prices_move(seed: int) -> None:
    chance = random.Random(seed)
    used: set[int] = set()
    orders = [_make_order(chance, used) for _ in range(chance.randint(1, 3))]
    base = trade(price=60000, stop=chance.choice([None, 53000]), steps=chance.choice(STEPS))
    spec = averaged(*orders, spec=base)
    with World() as world:
        world.price("USDT_BTC", chance.choice([59900, 60100]))
        world.converge(spec)
        for round_ in range(ROUNDS):
            why = f"seed {seed}, round {round_}"
            for _ in range(2):
                world.price("USDT_BTC", _move(chance))
                # What waits for the entry is sent as soon as that has filled; all else the price does is progress.
                assert {op.action for op in world.plan(spec).operations} <= {Action.ADD_FUNDS}, why
                assert set(kinds(world.converge(spec))) <= GOOD, why
                assert _is_settled(world.plan(spec)), why
                is_open = world.trades()[0]["status"]["type"] == "waiting_targets"  # type: ignore[index] # raw JSON
                has_sent_all = is_open and world.plan(spec).is_empty
                world.price("USDT_BTC", _move(chance))
                assert not has_sent_all or world.plan(spec).is_empty, why
            spec = _edit(chance, spec, used)
            result = world.converge(spec)
            assert set(kinds(result)) <= GOOD, (
                f"{why}: {[(each.kind, describe_outcome(each)) for each in result.outcomes]}"
            )
            assert not world.plan(spec).operations, why
        sent = Counter((price, units) for price, units, _ in found_orders(world))
        assert set(sent.values()) <= {1}, f"seed {seed}"
