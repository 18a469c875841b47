"""What `journal` shows: runs, operations and requests, and the lock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.errors import Locked, UsageError
from reconciler.journal.database import Database
from reconciler.journal.journal_reader import JournalReader
from reconciler.model.journal import IntentState, RunStart, Write, WriteKind
from tests.support.world import World, trade

START = RunStart(git_commit=None, plan_digest="", operations=1)
WRITE = Write(kind=WriteKind.CANCEL, trade="btc-dip", generation=1, live_id=7)


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with World(database=database) as made:
        yield made


@pytest.fixture
def reader(database: Database) -> JournalReader:
    return JournalReader(database=database, scope="test")


def test_a_run_is_shown_with_its_operations_and_requests(world: World, reader: JournalReader) -> None:
    world.converge(trade())
    (run,) = reader.list_runs()
    run_id = run["run"]
    assert isinstance(run_id, int)
    assert [operation["action"] for operation in reader.list_operations(run_id)] == ["create"]
    assert [request["kind"] for request in reader.list_requests(run_id)] == ["create"]
    assert reader.list_runs(run_id) == [run]
    with pytest.raises(UsageError, match="has no run"):
        reader.list_runs(run_id + 1)


def test_a_request_that_was_settled_by_the_user_is_unresolved_no_longer(world: World, reader: JournalReader) -> None:
    world.journal.begin_run(START, 0)
    intent_id = world.journal.intend(WRITE, "DELETE", "/v2/smart_trades/7", None)
    assert len(reader.list_unresolved()) == 1
    reader.resolve(intent_id, IntentState.FAILED, world.clock)
    assert reader.list_unresolved() == []


def test_the_lock_of_a_run_that_may_be_alive_is_taken_away_by_force_alone(world: World, reader: JournalReader) -> None:
    assert reader.find_lock() is None
    world.journal.begin_run(START, 0)
    assert reader.find_lock() is not None
    with pytest.raises(Locked):
        reader.unlock(world.clock, is_forced=False, is_alive=lambda _: True)
    assert reader.unlock(world.clock, is_forced=True, is_alive=lambda _: True) is not None
    assert reader.find_lock() is None
