"""Trades that get another name: at whatever request the process dies, they keep one position and end under one name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.codec.note import find_former_name, read_note
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.targets import TargetKind
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from tests.support.world import Killed, World, kinds, trade

GOOD = {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}
ENDED = {"cancelled", "finished", "panic_sold", "stop_loss_finished"}


def moved(spec: TradeSpec, *former: str) -> TradeSpec:
    return replace(spec, name="btc-new", former_names=former or ("btc-dip",))


def waiting(world: World) -> None:
    world.converge(trade())


def held(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)


def ended(world: World) -> None:
    held(world)
    world.converge(trade(state=DesiredState.CLOSED))


# What is there before, and what the files want then.
STORIES: dict[str, tuple[Callable[[World], None], TradeSpec]] = {
    "a name alone, waiting": (waiting, moved(trade())),
    "a name alone, open": (held, moved(trade())),
    "another entry": (waiting, moved(trade(price=60500, stop=59000))),
    "another stop": (held, moved(trade(stop=59000))),
    "a step less": (held, moved(trade(stop=59000, steps=((66000, 50),), unallocated=50))),
    "replaced": (waiting, moved(trade(order_type="market", stop=50000, steps=((70000, 100),)))),
    "cancelled": (waiting, moved(trade(state=DesiredState.CLOSED))),
    "closed": (held, moved(trade(state=DesiredState.CLOSED))),
    "released": (held, moved(trade(state=DesiredState.RELEASED))),
    "a chain": (held, moved(trade(), "btc-mid", "btc-dip")),
    "ended before": (ended, moved(trade())),
    "opened again": (ended, moved(trade(generation=2))),
}


def essence(world: World) -> list[tuple[object, ...]]:
    """Every trade that is or was, without ids and times."""
    return sorted((entity["note"], entity["status"]["type"]) for entity in world.trades())  # type: ignore[index]


def run(world: World, spec: TradeSpec) -> int:
    """Plan and apply once more as a new process; how many requests that took."""
    world.connect()
    result = world.converge(spec)
    assert set(kinds(result)) <= GOOD, [describe_outcome(outcome) for outcome in result.outcomes]
    return len(world.wire.seen)


# With a journal only what has several writes: every transaction is synced to disk, which takes its time.
JOURNALED = ("another entry", "a step less", "replaced")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("story", "has_journal"), [*((story, False) for story in STORIES), *((story, True) for story in JOURNALED)]
)
def test_a_move_that_is_killed_at_any_request_ends_as_an_undisturbed_one(
    story: str, *, has_journal: bool, tmp_path: Path
) -> None:
    prepare, spec = STORIES[story]
    undisturbed = Database(sqlite_url(tmp_path / "undisturbed.sqlite")) if has_journal else None
    with World(database=undisturbed) as world:
        prepare(world)
        total = run(world, spec)
        expected = essence(world)
    if undisturbed is not None:
        undisturbed.close()
    for fatal in range(total):
        database = Database(sqlite_url(tmp_path / f"{fatal}.sqlite")) if has_journal else None
        with World(database=database) as world:
            prepare(world)
            world.connect()

            def die(number: int, method: str, path: str, fatal: int = fatal) -> None:
                if number == fatal:
                    raise Killed

            world.wire.after = die
            with pytest.raises(Killed):
                world.converge(spec)
            run(world, spec)
            assert essence(world) == expected, f"killed after request {fatal}"
            assert not world.plan(spec).operations
        if database is not None:
            database.close()


@pytest.mark.slow
@pytest.mark.parametrize("story", [name for name in STORIES if name != "ended before"])
def test_a_saved_plan_with_a_move_can_be_resumed_from_any_request(story: str) -> None:
    prepare, spec = STORIES[story]
    with World() as world:
        prepare(world)
        total = run(world, spec)
        expected = essence(world)
    for fatal in range(total):
        with World() as world:
            prepare(world)
            world.connect()
            plan = world.plan(spec)
            offset = len(world.wire.seen)

            def die(number: int, method: str, path: str, fatal: int = offset + fatal) -> None:
                if number == fatal:
                    raise Killed

            world.wire.after = die
            with suppress(Killed):
                world.apply(plan, is_saved=True)
            world.connect()
            assert set(kinds(world.apply(plan, is_saved=True))) <= GOOD
            assert essence(world) == expected, f"killed after request {fatal}"


def test_the_marker_has_the_new_name_and_nothing_else_was_sent() -> None:
    with World() as world:
        held(world)
        world.connect()
        plan = world.plan(moved(trade()))
        assert [(operation.action, find_former_name(operation)) for operation in plan.operations] == [
            (Action.SET_NOTE, "btc-dip")
        ]
        world.apply(plan)
        assert [path.rpartition("/")[2] for _, path in world.wire.writes] == ["set_note"]
        marker = read_note(str(world.trades()[0]["note"])).marker
        assert marker is not None
        assert marker.name == "btc-new"


def test_a_name_that_two_live_trades_would_have_is_left_alone() -> None:
    with World() as world:
        world.converge(trade(), trade("btc-new", price=50000))
        plan = world.plan(moved(trade()))
        assert not plan.operations
        assert [describe(blocked.reason) for blocked in plan.blocked] == [
            "#30000001 (still named btc-dip) and #30000002 both carry this name"
        ]


def test_a_create_is_not_sent_while_the_former_name_was_opened_after_the_plan() -> None:
    """Somebody applied an older branch between plan and apply."""
    with World() as world:
        plan = world.plan(moved(trade()))
        world.converge(trade())
        result = world.apply(plan, is_saved=True)
        assert kinds(result) == [OutcomeKind.ALREADY_DONE]
        assert len(world.trades()) == 1


def test_an_answer_that_was_lost_under_the_old_name_blocks_the_new_one(tmp_path: Path) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as world:
        held(world)
        world.connect()

        def die(number: int, method: str, path: str) -> None:
            if method == "PATCH":
                raise Killed

        world.wire.after = die
        with pytest.raises(Killed):
            world.converge(trade(stop=59000))
        world.connect()
        live_id = world.trades()[0]["id"]
        spec = moved(trade(stop=59500))
        plan = world.plan(spec)
        world.wire.alter = lambda method, path, answer: (
            answer if method != "GET" or not path.endswith(f"/{live_id}") else {**answer, "position": None}
        )
        assert set(kinds(world.apply(plan))) == {OutcomeKind.INDETERMINATE}


def test_a_journal_knows_an_ended_trade_under_its_former_name_and_reads_no_history(tmp_path: Path) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as world:
        world.settings = replace(world.settings, target=replace(world.settings.target, kind=TargetKind.API))
        ended(world)
        assert not world.plan(trade()).operations
        for spec in (moved(trade()), moved(trade(), "btc-mid", "btc-dip")):
            world.connect()
            plan = world.plan(spec)
            assert not plan.operations
            assert [describe(notice.reason) for notice in plan.notices] == ["closed at market"]
            assert not [path for _, path in world.wire.seen if "status=all" in path]


def test_a_moved_trade_that_lost_its_marker_is_recognised_by_the_journal(tmp_path: Path) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as world:
        held(world)
        live_id = world.trades()[0]["id"]
        world.api.set_note(int(str(live_id)), "mine")
        plan = world.plan(moved(trade(units="0.02")))
        assert not plan.operations
        assert [describe(blocked.reason) for blocked in plan.blocked] == [
            f"#{live_id} was opened for it, and somebody removed its marker"
        ]
