"""The market moves between the review and the write, or between two operations on one trade."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from tests.scenarios.hazards.human import Human
from tests.support.world import World, kinds, trade

FOUR = ((63000, 25), (64000, 25), (65000, 25), (66000, 25))


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def after_write(world: World, count: int, work: Callable[[], object]) -> None:
    """Something happens right after the n-th write of an apply."""
    first = len(world.wire.writes)

    def act(number: int, method: str, path: str) -> None:
        if method != "GET" and len(world.wire.writes) == first + count:
            work()

    world.wire.after = act


def methods(world: World) -> list[str]:
    return [method for method, _ in world.wire.writes]


def test_the_last_step_that_is_left_filled_between_two_cancels_so_the_second_is_not_sent(world: World) -> None:
    world.converge(trade(steps=((63000, 30), (64000, 30), (66000, 40))))
    world.price("USDT_BTC", 59900)
    # The lowest stays, and it is the one that fills.
    plan = world.plan(trade(steps=((63000, 30),), unallocated=70))
    assert [operation.action for operation in plan.operations] == [
        Action.CANCEL_STEP,
        Action.CANCEL_STEP,
        Action.SET_NOTE,
    ]
    after_write(world, 1, lambda: world.price("USDT_BTC", 63500))
    result = world.apply(plan)
    assert OutcomeKind.APPLIED not in kinds(result)[1:]
    assert methods(world).count("DELETE") == 1
    live = Human(world).look()
    assert live["status"]["type"] == "waiting_targets"
    assert live["stop_loss"]["status"]["type"] == "order_placed" or live["stop_loss"]["status"]["type"] == "to_process"


def test_another_step_that_fills_between_two_cancels_stops_the_second_and_the_next_plan_goes_on(world: World) -> None:
    world.converge(trade(steps=FOUR))
    world.price("USDT_BTC", 59900)
    wanted = trade(steps=(FOUR[0], FOUR[3]), unallocated=50)
    plan = world.plan(wanted)
    after_write(world, 1, lambda: world.price("USDT_BTC", 63500))
    result = world.apply(plan)
    assert kinds(result)[1:] == [OutcomeKind.STALE, OutcomeKind.NOT_STARTED]
    world.wire.after = lambda number, method, path: None
    assert set(kinds(world.converge(wanted))) == {OutcomeKind.APPLIED}
    assert world.plan(wanted).is_empty


@pytest.mark.parametrize(
    ("wanted", "last", "word"),
    [
        (trade(stop=59500), 59400, "the stop at once"),
        (trade(steps=((60500, 50), (66000, 50))), 60600, "take_profit.steps[0] at once"),
    ],
)
def test_an_exit_that_the_price_passed_since_the_review_is_not_sent(
    world: World, wanted: TradeSpec, last: int, word: str
) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    plan = world.plan(wanted)
    world.price("USDT_BTC", last)
    (outcome,) = world.apply(plan).outcomes
    assert outcome.kind is OutcomeKind.STALE
    assert word in describe_outcome(outcome)
    assert "PATCH" not in methods(world)


@pytest.mark.parametrize("wanted", [trade(price=60500), trade(price=60500, order_type="limit", stop=58000)])
def test_an_entry_that_the_price_passed_since_the_review_is_not_sent(world: World, wanted: TradeSpec) -> None:
    world.converge(trade())
    plan = world.plan(wanted)
    world.price("USDT_BTC", 60400)
    (outcome,) = world.apply(plan).outcomes
    assert outcome.kind is OutcomeKind.STALE
    assert "the entry at once" in describe_outcome(outcome)
    assert "PATCH" not in methods(world)


@pytest.mark.parametrize("is_saved", [True, False])
def test_an_entry_that_filled_between_plan_and_apply_is_neither_moved_nor_replaced(
    world: World, *, is_saved: bool
) -> None:
    world.converge(trade())
    moved = world.plan(trade(price=59800))
    replaced = world.plan(trade(order_type="market", stop=50000, steps=((70000, 100),)))
    world.price("USDT_BTC", 59900)
    for plan in (moved, replaced):
        assert kinds(world.apply(plan, is_saved=is_saved)) == [OutcomeKind.STALE]
    assert methods(world) == ["POST"]


@pytest.mark.parametrize("wanted", [trade(price=60500), trade(order_type="market", stop=50000, steps=((70000, 100),))])
def test_an_entry_that_fills_while_its_change_is_announced_is_neither_moved_nor_cancelled(
    world: World, wanted: TradeSpec
) -> None:
    world.converge(trade())
    plan = world.plan(wanted)
    note = Human(world).look()["note_raw"]

    def fill(number: int, method: str, path: str) -> None:
        if path.endswith("set_note"):
            world.wire.before = lambda number, method, path: None
            world.price("USDT_BTC", 59900)

    world.wire.before = fill
    (outcome,) = world.apply(plan).outcomes
    assert outcome.kind is OutcomeKind.STALE
    assert "waiting_targets now, waiting_position when planned" in describe_outcome(outcome)
    assert {"PATCH", "DELETE"}.isdisjoint(methods(world))
    live = Human(world).look()
    assert (live["status"]["type"], live["note_raw"]) == ("waiting_targets", note)
