"""Changes of a position after a take-profit step was executed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Effect
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import TradeSpec
from reconciler.rendering.reasons import describe
from tests.support.world import World, kinds, trade

MOVED = trade(stop=60000, steps=((63000, 50), (67000, 50)))
TRIED = "when that was tried: PATCH /v2/smart_trades/30000001 was refused"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A trade whose first target was hit."""
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as made:
        made.converge(trade())
        made.price("USDT_BTC", 59900)
        made.price("USDT_BTC", 63100)
        yield made


def read_live(world: World) -> LiveTrade:
    """The trade as the API shows it."""
    return read_trade(world.api.get(30000001))


def live_stop(world: World) -> Decimal | None:
    """The trigger of its stop."""
    stop = read_live(world).terms.stop_loss
    return stop.trigger.value if stop else None


def blocked(world: World, spec: TradeSpec) -> list[str]:
    return [describe(each.reason) for each in world.plan(spec).blocked]


def test_stop_and_next_target_move_in_two_updates_the_stop_first(world: World) -> None:
    plan = world.plan(MOVED)

    assert [operation.effect for operation in plan.operations] == [Effect.PROTECTS, Effect.REPRICES]
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.APPLIED, OutcomeKind.APPLIED]
    assert not world.plan(MOVED).operations
    steps = world.api.get(30000001)["take_profit"]["steps"]  # type: ignore[index]
    assert [step["status"]["type"] for step in steps] == ["finished", "order_placed"]


def test_a_plan_that_was_cut_short_after_the_stop_goes_on_with_the_target(world: World) -> None:
    plan = world.plan(MOVED)
    world.apply(world.plan(trade(stop=60000)))

    assert kinds(world.converge(MOVED)) == [OutcomeKind.APPLIED]
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.ALREADY_DONE, OutcomeKind.ALREADY_DONE]


def test_refused_steps_are_blocked_with_what_was_answered_and_hold_back_no_stop(world: World) -> None:
    world.sandbox.configure("finished_steps", "refused")

    assert kinds(world.converge(MOVED)) == [OutcomeKind.APPLIED, OutcomeKind.FAILED]
    assert live_stop(world) == 60000
    (why,) = blocked(world, MOVED)
    assert TRIED in why
    assert "finished steps cannot be changed" in why
    # Other steps would be refused as well, and the stop moves on.
    again = trade(stop=60100, steps=((63000, 50), (68000, 50)))
    assert TRIED in blocked(world, again)[0]
    assert kinds(world.converge(again)) == [OutcomeKind.APPLIED]
    assert live_stop(world) == 60100


def test_a_stop_alone_goes_without_the_steps_and_the_journal_remembers_that(world: World) -> None:
    world.sandbox.configure("finished_steps", "refused")
    world.connect()
    before = read_live(world).steps
    assert kinds(world.converge(trade(stop=60000))) == [OutcomeKind.APPLIED]
    patches = [method for method, _ in world.wire.writes if method == "PATCH"]
    # With the steps, and without them.
    assert len(patches) == 2
    assert (live_stop(world), read_live(world).steps) == (Decimal(60000), before)

    world.connect()
    assert kinds(world.converge(trade(stop=60100))) == [OutcomeKind.APPLIED]
    assert len([method for method, _ in world.wire.writes if method == "PATCH"]) == 1
    assert (live_stop(world), read_live(world).steps) == (Decimal(60100), before)
    assert not world.plan(trade(stop=60100)).operations


def test_a_lost_stop_is_sent_again_without_the_steps(world: World) -> None:
    world.sandbox.configure("finished_steps", "refused")
    world.api.update(30000001, {"position": {"units": {"value": "0.01"}}, "stop_loss": {"enabled": False}})

    assert kinds(world.converge(trade())) == [OutcomeKind.APPLIED]
    assert live_stop(world) == 58500


def test_a_stop_that_no_form_carries_is_blocked_by_name_until_another_one_is_written(world: World) -> None:
    world.sandbox.configure("finished_steps", "refused")
    # An update without a group switches it off, so that it is refused like any other.
    world.sandbox.configure("missing_groups", "disabled")

    assert kinds(world.converge(trade(stop=60000))) == [OutcomeKind.FAILED]
    (why,) = blocked(world, trade(stop=60000))
    assert TRIED in why
    assert not world.plan(trade(stop=60000)).operations
    assert TRIED in blocked(world, trade(stop=60100))[0]


def test_steps_that_do_not_add_up_any_more_hold_back_no_stop(world: World) -> None:
    world.converge(trade(steps=((63000, 50), (66000, 25), (67000, 25))))
    step = read_live(world).steps[-1]
    world.api.cancel_trade(30000001, step.id)
    spec = trade(stop=60000, steps=((63000, 50), (66000, 25)), unallocated=25)

    assert kinds(world.converge(spec)) == [OutcomeKind.APPLIED]
    assert live_stop(world) == 60000


@pytest.mark.parametrize("steps", [((63500, 50), (66000, 50)), ((66000, 100),)], ids=["moved", "left out"])
def test_a_step_that_was_executed_stays_as_it_is_in_the_file(world: World, steps: tuple[tuple[int, int], ...]) -> None:
    plan = world.plan(trade(stop=60000, steps=steps))

    assert [operation.effect for operation in plan.operations] == [Effect.PROTECTS]
    assert "the steps that did it must stay as they are" in describe(plan.blocked[0].reason)


def test_a_position_that_was_reduced_by_hand_keeps_its_steps(world: World) -> None:
    world.api.reduce_funds(30000001, {"order_type": "market", "units": {"value": "0.001"}})
    world.clock.sleep(1)

    assert "a part of the position was closed" in blocked(world, trade(steps=((63000, 50), (67000, 50))))[0]
