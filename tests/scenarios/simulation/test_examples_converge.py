"""The published examples, applied once and left to the market: whatever it does to them, there is nothing to do.

With every setting of the sandbox either way, with intermediate states that last, and with lists that lag.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from reconciler.model.outcomes import OutcomeKind
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.values.options import (
    CancelAnswer,
    FeeCurrency,
    FinishedSteps,
    MissingGroups,
    ShownLevel,
    UnknownTrade,
    WrongStatus,
)
from tests.scenarios.plan_files.test_published_examples import EXAMPLES, read_workspace
from tests.support.world import World, kinds

pytestmark = pytest.mark.slow

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
READS = ("0", "1", "4")
SHOWN = [(trailing, breakeven, "0") for trailing, breakeven in product(ShownLevel, ShownLevel)]
LINGERING = [(ShownLevel.MOVED, ShownLevel.MOVED, reads) for reads in READS[1:]]


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
    plan = world.plan(*SPECS)
    found = [(operation.action, operation.trade) for operation in plan.operations]
    assert (found, list(plan.blocked)) == ([], []), when


@pytest.mark.parametrize(("trailing_stop", "breakeven", "reads"), SHOWN + LINGERING)
def test_the_examples_converge_and_stay_converged(trailing_stop: ShownLevel, breakeven: ShownLevel, reads: str) -> None:
    with World() as world:
        world.sandbox.configure("trailing_stop", trailing_stop)
        world.sandbox.configure("breakeven", breakeven)
        world.sandbox.configure("pending_reads", reads)
        follow(world)


ANSWERS: list[dict[str, str]] = [
    {"finished_steps": steps, "missing_groups": groups} for steps, groups in product(FinishedSteps, MissingGroups)
]
ANSWERS += [{"unknown_trade": UnknownTrade.NOT_FOUND, "cancel_answer": CancelAnswer.EMPTY}]
ANSWERS += [{"wrong_status": status} for status in WrongStatus]
ANSWERS += [{"fee_currency": currency, "fee_pct": fee} for currency, fee in product(FeeCurrency, ("0", "0.6"))]


@pytest.mark.parametrize("settings", ANSWERS, ids=lambda settings: " ".join(settings.values()))
def test_what_the_market_does_not_ask_for_makes_no_difference(settings: dict[str, str]) -> None:
    with World() as world:
        for name, value in settings.items():
            world.sandbox.configure(name, value)
        follow(world)


@pytest.mark.parametrize(("lag", "reads"), [("1", "0"), ("3", "0"), ("8", "0"), ("1", "4"), ("8", "4")])
def test_lists_that_lag_behind_creates_make_no_difference(lag: str, reads: str) -> None:
    with World() as world:
        world.sandbox.configure("pending_reads", reads)
        world.sandbox.add_fault(Fault(kind=FaultKind.LAG, reads=int(lag), times=None))
        follow(world)


@pytest.mark.parametrize("seconds", [0, 5, 30])
def test_states_that_only_time_ends_and_lists_that_lag_by_the_clock_make_no_difference(seconds: int) -> None:
    with World(is_tied=True) as world:
        world.sandbox.configure("pending_reads", "clock")
        if seconds:
            world.sandbox.add_fault(Fault(kind=FaultKind.LAG, seconds=Decimal(seconds), times=None))
        follow(world)
