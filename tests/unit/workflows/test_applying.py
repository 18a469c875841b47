"""Absence is proven late enough to show what an earlier run has just sent, however old the plan is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.journal.database import Database, sqlite_url
from reconciler.model.outcomes import OutcomeKind
from reconciler.sandbox.store.faults import Fault, FaultKind
from tests.support.world import Killed, World, kinds, trade

LAG_S = 5
SETTLE_S = 10


class Shared(Database):
    """A journal that says of itself that every machine writes to it."""

    def __init__(self, path: Path) -> None:
        super().__init__(sqlite_url(path))
        self.is_shared = True


@pytest.fixture(params=["no journal", "one machine", "shared"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A world whose lists lag, with each kind of journal."""
    path = tmp_path / "journal.sqlite"
    makers: dict[str, Callable[[], Database | None]] = {
        "no journal": lambda: None,
        "one machine": lambda: Database(sqlite_url(path)),
        "shared": lambda: Shared(path),
    }
    database = makers[request.param]()
    with World(database=database, is_tied=True) as made:
        made.settings = replace(made.settings, target=replace(made.settings.target, settle_s=SETTLE_S))
        made.sandbox.add_fault(Fault(kind=FaultKind.LAG, seconds=Decimal(LAG_S), times=None))
        yield made
    if database is not None:
        database.close()


def kill_after_the_create(world: World) -> None:
    """The process dies when the answer to a create has been written down, before lists show the trade."""

    def die(number: int, method: str, path: str) -> None:
        if method == "GET" and world.wire.writes:
            raise Killed

    world.wire.before = die


def test_an_old_plan_that_was_cut_short_a_moment_ago_opens_nothing_twice(world: World) -> None:
    plan = world.plan(trade())
    world.clock.sleep(3600)
    world.connect()
    kill_after_the_create(world)
    with pytest.raises(Killed):
        world.apply(plan, is_saved=True)
    world.connect()

    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.ALREADY_DONE]
    world.clock.sleep(LAG_S)
    assert len(world.trades()) == 1


def test_a_fresh_plan_after_a_run_that_died_opens_nothing_twice(world: World) -> None:
    world.connect()
    kill_after_the_create(world)
    with pytest.raises(Killed):
        world.converge(trade())
    world.connect()

    assert kinds(world.converge(trade())) == [OutcomeKind.ALREADY_DONE]
    world.clock.sleep(LAG_S)
    assert len(world.trades()) == 1


def test_a_shared_journal_in_which_nothing_was_opened_lately_makes_nobody_wait(tmp_path: Path) -> None:
    with Shared(tmp_path / "journal.sqlite") as database, World(database=database, is_tied=True) as world:
        world.settings = replace(world.settings, target=replace(world.settings.target, settle_s=SETTLE_S))
        world.converge(trade())
        world.clock.sleep(SETTLE_S)
        world.connect()
        world.converge(trade(), trade("other", price=50000, stop=49000))

        assert [text for text in world.told if "Waiting" in text] == [
            "Waiting 10 s: what an earlier run may just have sent is not listed before."
        ]
