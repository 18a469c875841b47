"""A plan is checked as a whole before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.applying.fresh_checks import block_unsettled, check_preconditions
from reconciler.model.outcome_codes import SettlingReason
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.reasons import reason
from reconciler.rendering.outcome_text import describe_outcome
from tests.support.world import World, trade


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def test_what_is_as_planned_has_no_outcome_yet(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(price=59000))
    assert check_preconditions(plan.operations, world.api, lambda: ()) == {}


def test_a_trade_that_moved_on_makes_its_operation_stale(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(price=59000))
    world.price("USDT_BTC", 59900)
    (outcome,) = check_preconditions(plan.operations, world.api, lambda: ()).values()
    assert outcome.kind is OutcomeKind.STALE
    assert describe_outcome(outcome) == "#30000001 is waiting_targets now, waiting_position when planned"


def test_what_was_done_before_counts_as_done(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(price=59000))
    world.apply(plan)
    (outcome,) = check_preconditions(plan.operations, world.api, lambda: ()).values()
    assert outcome.kind is OutcomeKind.ALREADY_DONE


def test_a_trade_of_which_an_earlier_run_is_not_settled_is_left_unchanged(world: World) -> None:
    (create,) = world.plan(trade()).operations
    why = reason(SettlingReason.UNREADABLE, message="nobody knows")
    (outcome,) = block_unsettled([create], {"btc-dip": why}).values()
    assert (outcome.kind, describe_outcome(outcome)) == (OutcomeKind.INDETERMINATE, "nobody knows")
    assert block_unsettled([create], {"other": why}) == {}
