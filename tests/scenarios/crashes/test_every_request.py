"""The process dies before or after any request; run again until it ends, the account is as after an undisturbed run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import event

from reconciler.journal.database import Database, sqlite_url
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from tests.support.world import Killed, World, trade

pytestmark = pytest.mark.slow

Prepare = Callable[[World], None]
MIXED = [
    trade("created", price=50004),
    trade("updated", price=50100),
    trade("cancelled", price=50001, state=DesiredState.CLOSED),
    trade("replaced", price=3000, stop=2900, steps=((3300, 100),), pair="USDT_ETH", units="1"),
    trade("stepped", steps=((66000, 50),), unallocated=50),
    trade("closed", state=DesiredState.CLOSED),
]


def _nothing(world: World) -> None:
    pass


def _waiting(world: World) -> None:
    world.converge(trade())


def _open(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)


def _mixed(world: World) -> None:
    world.converge(
        trade("updated", price=50000),
        trade("cancelled", price=50001),
        trade("replaced", price=50002),
        trade("stepped"),
        trade("closed"),
    )
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
    "all at once": (_mixed, MIXED),
}


def _requests_of(
    prepare: Prepare, specs: Sequence[TradeSpec], database: Database | None = None
) -> tuple[int, list[tuple[str, ...]]]:
    with World(database=database) as world:
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
                outcomes = {(outcome.kind, describe_outcome(outcome)) for outcome in result.outcomes}
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


class Saboteur:
    """Kills the process before or after the n-th transaction of the journal, a read or a write.

    Args:
        database: Whose transactions.
    """

    def __init__(self, database: Database) -> None:
        self.seen = 0
        self.fatal: tuple[str, int] | None = None
        engine = database._engine
        event.listen(engine, "begin", self._before, insert=True)
        event.listen(engine, "commit", self._after)

    def _before(self, connection: object) -> None:
        self.seen += 1
        if self.fatal == ("before", self.seen):
            raise Killed

    def _after(self, connection: object) -> None:
        """Called right before the commit: what it raises keeps the transaction from happening."""
        if self.fatal == ("in", self.seen):
            raise Killed


@pytest.fixture
def make_database() -> Iterator[Callable[[], Database]]:
    """Journals in memory, which outlive every process that is killed here; `test_sigkill` has them on disk."""
    made: list[Database] = []

    def make() -> Database:
        database = Database(sqlite_url(Path(":memory:")))
        with database.begin() as connection:
            connection.exec_driver_sql("SELECT 1")
        made.append(database)
        return database

    yield make
    for database in made:
        database.close()


def _run_again(world: World, specs: Sequence[TradeSpec], expected: list[tuple[str, ...]], why: str) -> None:
    """A new process applies again and must end where an undisturbed one does."""
    result = world.converge(*specs)
    outcomes = {(outcome.kind, describe_outcome(outcome)) for outcome in result.outcomes}
    assert {kind for kind, _ in outcomes} <= {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}, f"{why}: {outcomes}"
    assert _essence(world) == expected, why
    assert world.plan(*specs).is_empty, why
    assert world.journal.find_unresolved() == (), why


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("side", "is_kept"), [("before", True), ("in", True), ("in", False)])
def test_a_run_killed_at_any_journal_write_and_started_again_ends_as_an_undisturbed_one(
    story: str, side: str, is_kept: bool, make_database: Callable[[], Database]
) -> None:
    prepare, specs = STORIES[story]
    _, expected = _requests_of(prepare, specs)
    fatal, is_over = 0, False
    while not is_over:
        fatal += 1
        with World(database=make_database()) as world:
            prepare(world)
            world.connect()
            assert world.database is not None
            saboteur = Saboteur(world.database)
            saboteur.fatal = (side, fatal)
            try:
                world.converge(*specs)
                is_over = True
            except Killed:
                pass
            saboteur.fatal = None
            if not is_kept:
                world.database = make_database()
            world.connect()
            _run_again(world, specs, expected, f"killed {side} journal transaction {fatal}")
    assert fatal > len(specs)


# With its journal deleted a run is one that never had any: see the first test.
@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_run_with_a_journal_killed_at_any_request_ends_as_an_undisturbed_one(
    story: str, side: str, make_database: Callable[[], Database]
) -> None:
    prepare, specs = STORIES[story]
    total, expected = _requests_of(prepare, specs, make_database())
    for fatal in range(total):
        with World(database=make_database()) as world:
            prepare(world)
            world.connect()

            def die(number: int, method: str, path: str, fatal: int = fatal) -> None:
                if number == fatal:
                    raise Killed

            setattr(world.wire, side, die)
            with pytest.raises(Killed):
                world.converge(*specs)
            world.connect()
            _run_again(world, specs, expected, f"killed {side} request {fatal}")
