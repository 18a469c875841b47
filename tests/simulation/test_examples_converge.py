"""The published examples, applied once and left to the market: whatever it does to them, there is nothing to do.

With every setting of the sandbox either way, and with intermediate states that last.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from reconciler.model.plan import OutcomeKind
from reconciler.sandbox.switches import FinishedSteps, MissingGroups, Shown
from tests.test_examples import EXAMPLES, read_workspace
from tests.worlds import World, kinds

# Up past all steps, down below all stops, and back: everything that can fire does so somewhere.
PATH = (
    "9600",
    "9999.99",
    "10000",
    "10020",
    "10500",
    "11000",
    "10996",
    "11500",
    "12000",
    "10740",
    "10000",
    "9000",
    "8999",
    "8800",
    "9895.51",
    "9896",
    "10996",
    "11200",
    "10522.5",
    "8500",
    "8400",
    "8300",
    "7500",
    "9500",
)
SPECS = tuple(read_workspace(EXAMPLES)[0].values())
MAX_LOOKS = 20
READS = ("0", "1", "4")
SHOWN = [(trailing, breakeven, "0") for trailing, breakeven in product(Shown, Shown)]
LINGERING = [(Shown.MOVED, Shown.MOVED, reads) for reads in READS[1:]]


def follow(world: World) -> None:
    """Applies all examples at 9,500 and follows them along the path."""
    world.price("USDT_BTC", "9500")
    result = world.converge(*SPECS)
    assert kinds(result) == [OutcomeKind.APPLIED] * 23
    for price in PATH:
        world.price("USDT_BTC", price)
        check_nothing_to_do(world, price)
        world.sandbox.advance(5)
        check_nothing_to_do(world, f"{price}, five seconds later")


def check_nothing_to_do(world: World, when: str) -> None:
    wait_for_stops(world)
    plan = world.plan(*SPECS)
    found = [(operation.action, operation.trade) for operation in plan.operations]
    assert (found, list(plan.blocked)) == ([], []), when


def wait_for_stops(world: World) -> None:
    """Looks on until no stop is idle beside a held position, which a plan has to take for a stop that was lost."""
    for _ in range(MAX_LOOKS):
        if not any(has_idle_stop(entity) for entity in world.trades()):
            return
    raise AssertionError("a stop is never armed")


def has_idle_stop(entity: Any) -> bool:
    stop = entity["stop_loss"]
    is_held = entity["status"]["type"] == "waiting_targets"
    return bool(is_held and stop["enabled"] and stop["status"]["type"] == "idle")


@pytest.mark.parametrize(("trailing_stop", "breakeven", "reads"), SHOWN + LINGERING)
def test_the_examples_converge_and_stay_converged(trailing_stop: Shown, breakeven: Shown, reads: str) -> None:
    with World() as world:
        world.sandbox.configure("trailing_stop", trailing_stop)
        world.sandbox.configure("breakeven", breakeven)
        world.sandbox.configure("pending_reads", reads)
        follow(world)


@pytest.mark.parametrize(("finished_steps", "missing_groups"), list(product(FinishedSteps, MissingGroups)))
def test_what_an_update_would_do_makes_no_difference(
    finished_steps: FinishedSteps, missing_groups: MissingGroups
) -> None:
    with World() as world:
        world.sandbox.configure("finished_steps", finished_steps)
        world.sandbox.configure("missing_groups", missing_groups)
        follow(world)
