"""An apply that dies between releasing a trade and creating another just like it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.model.drift import FindingKind
from reconciler.model.operations import Action
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.workflows.plan_files import PlanFiles, select_all
from reconciler.workflows.survey import Surveyor
from tests.support.world import Killed, World, trade

OLD, NEW = trade("old", state=DesiredState.RELEASED), trade("new")
FIRST = 30000001


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[World]:
    """The old trade is released and the new one not created."""
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as world:
        world.converge(trade("old"))
        plan = world.plan(OLD, NEW)
        assert [operation.action for operation in plan.operations] == [Action.RELEASE, Action.CREATE]

        def die(number: int, method: str, path: str) -> None:
            if (method, path) == ("POST", "/v2/smart_trades"):
                raise Killed

        world.wire.before = die
        with pytest.raises(Killed):
            world.apply(plan)
        world.connect()
        yield world


def test_the_next_apply_creates_the_other_once(killed: World) -> None:
    killed.converge(OLD, NEW)
    assert len(killed.trades()) == 2
    assert killed.plan(OLD, NEW).is_empty


def test_killed_a_second_time_it_is_still_known(killed: World) -> None:
    def die(number: int, method: str, path: str) -> None:
        if method == "POST":
            raise Killed

    killed.wire.before = die
    with pytest.raises(Killed):
        killed.converge(OLD, NEW)
    killed.connect()
    killed.converge(OLD, NEW)
    assert len(killed.trades()) == 2


def test_drift_does_not_take_the_released_trade_for_the_missing_one(killed: World) -> None:
    surveyor = Surveyor(killed.session)
    report = surveyor.find_drift(select_all(PlanFiles(specs=(OLD, NEW))))
    assert [finding.kind for finding in report.findings] == [FindingKind.FILE]


@pytest.mark.parametrize(
    "specs",
    [(NEW,), (trade("old"), NEW), (trade("old"),)],
    ids=["the file of the released trade is gone", "it is to be open again", "it is to be open again, alone"],
)
def test_where_the_files_do_not_say_any_more_that_it_is_released_it_blocks(
    killed: World, specs: tuple[TradeSpec, ...]
) -> None:
    plan = killed.plan(*specs)
    assert not plan.operations
    assert {blocked.live_id for blocked in plan.blocked} == {FIRST}


def test_an_empty_disk_stays_blocked(killed: World) -> None:
    killed.journal = NO_JOURNAL
    assert [blocked.live_id for blocked in killed.plan(OLD, NEW).blocked] == [FIRST]


def test_a_note_that_was_written_since_blocks(killed: World) -> None:
    killed.api.set_note(FIRST, "mine now")
    assert [blocked.live_id for blocked in killed.plan(OLD, NEW).blocked] == [FIRST]


def test_another_trade_just_like_it_blocks(killed: World) -> None:
    entity = killed.api.get(FIRST)
    assert entity["note"] == "released by reconciler"
    world = killed
    saved, world.journal = world.journal, NO_JOURNAL
    world.converge(trade("third", price=50000, stop=40000))
    world.journal = saved
    world.api.update(FIRST + 1, {"position": {"units": {"value": "0.01"}, "price": {"value": "60000"}}})
    world.api.set_note(FIRST + 1, "released by reconciler")
    assert [blocked.live_id for blocked in world.plan(OLD, NEW).blocked] == [FIRST + 1]
