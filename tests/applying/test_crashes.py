"""The process dies before or after any request; run again until it ends, the account is as after an undisturbed run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from reconciler.model.plan import OutcomeKind
from reconciler.model.specs import DesiredState, TradeSpec
from tests.worlds import Killed, World, trade

Prepare = Callable[[World], None]


def _nothing(world: World) -> None:
    pass


def _waiting(world: World) -> None:
    world.converge(trade())


def _open(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)


# What is there before, and what the files want then.
STORIES: dict[str, tuple[Prepare, Sequence[TradeSpec]]] = {
    "create": (_nothing, [trade(f"t{number}", price=50000 + number) for number in range(5)]),
    "create and execute": (_nothing, [trade("now", order_type="market", stop=50000, steps=((70000, 100),))]),
    "update the entry": (_waiting, [trade(price=60500)]),
    "update entry and exits": (_waiting, [trade(price=60500, stop=59000)]),
    "replace": (_waiting, [trade(order_type="market", stop=50000, steps=((70000, 100),))]),
    "cancel": (_waiting, [trade(state=DesiredState.CLOSED)]),
    "move the stop": (_open, [trade(stop=59000)]),
    "drop a step": (_open, [trade(steps=((66000, 50),), unallocated=50)]),
    "drop a step and move the stop": (_open, [trade(stop=59000, steps=((66000, 50),), unallocated=50)]),
    "close": (_open, [trade(state=DesiredState.CLOSED)]),
    "a new note": (_open, [trade(note="new")]),
}


def _requests_of(prepare: Prepare, specs: Sequence[TradeSpec]) -> tuple[int, list[tuple[str, ...]]]:
    with World() as world:
        prepare(world)
        world.connect()
        world.converge(*specs)
        sent = len(world.wire.seen)
        return sent, _essence(world)


def _essence(world: World) -> list[tuple[str, ...]]:
    """What counts of the account: every trade that is or was, without ids and times."""
    return sorted(
        (
            str(entity["note"]),
            str(entity["status"]["type"]),  # type: ignore[index] # raw JSON
            str(entity["position"]["price"]["value"]),  # type: ignore[index] # raw JSON
            str([step["price"]["value"] for step in entity["take_profit"]["steps"]]),  # type: ignore[index] # raw JSON
            str(entity["stop_loss"].get("conditional", {}).get("price", {}).get("value")),  # type: ignore[attr-defined] # raw JSON
        )
        for entity in world.trades()
    )


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_run_killed_at_any_request_and_started_again_ends_as_an_undisturbed_one(story: str, side: str) -> None:
    prepare, specs = STORIES[story]
    total, expected = _requests_of(prepare, specs)
    for fatal in range(total):
        with World() as world:
            prepare(world)
            world.connect()

            def die(number: int, method: str, path: str, fatal: int = fatal) -> None:
                if number == fatal:
                    raise Killed

            setattr(world.wire, side, die)
            with pytest.raises(Killed):
                world.converge(*specs)
            world.connect()
            result = world.converge(*specs)
            assert {outcome.kind for outcome in result.outcomes} <= {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}
            assert _essence(world) == expected, f"killed {side} request {fatal}"
            assert world.plan(*specs).is_empty


@pytest.mark.parametrize("story", STORIES)
def test_a_saved_plan_killed_at_any_request_can_be_resumed(story: str) -> None:
    prepare, specs = STORIES[story]
    total, expected = _requests_of(prepare, specs)
    for fatal in range(total):
        with World() as world:
            prepare(world)
            world.connect()
            plan = world.plan(*specs)
            offset = len(world.wire.seen)

            def die(number: int, method: str, path: str, fatal: int = offset + fatal) -> None:
                if number == fatal:
                    raise Killed

            world.wire.after = die
            try:
                world.apply(plan, is_saved=True)
            except Killed:
                world.wire.after = lambda number, method, path: None
                result = world.apply(plan, is_saved=True)
                outcomes = {(outcome.kind, outcome.text) for outcome in result.outcomes}
                assert {kind for kind, _ in outcomes} <= {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}, outcomes
            world.connect()
            assert _essence(world) == expected, f"killed after request {fatal}"


def test_an_entry_that_fills_after_a_killed_update_of_it_is_no_other_entry() -> None:
    with World() as world:
        world.converge(trade(price=50000))
        world.connect()

        def die(number: int, method: str, path: str) -> None:
            if method == "PATCH":
                raise Killed

        world.wire.after = die
        with pytest.raises(Killed):
            world.converge(trade(price=60500))
        world.price("USDT_BTC", 60000)
        world.connect()
        plan = world.plan(trade(price=60500))
        assert not plan.blocked
        assert {outcome.kind for outcome in world.apply(plan).outcomes} == {OutcomeKind.APPLIED}
        assert world.plan(trade(price=60500)).is_empty
