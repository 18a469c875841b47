"""The journal for the user: runs, what they sent, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from reconciler.errors import UsageError
from reconciler.journal.database import Database
from reconciler.journal.journal_reader import JournalReader
from reconciler.model.journal import IntentState
from tests.support.world import World, trade


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with World(database=database) as made:
        yield made


@pytest.fixture
def reader(database: Database) -> JournalReader:
    return JournalReader(database=database, scope="test")


def test_runs_are_listed_oldest_first_and_one_by_its_number(world: World, reader: JournalReader) -> None:
    world.converge(trade())
    world.converge(trade(stop=58000))
    runs = reader.list_runs()
    assert [run["run"] for run in runs] == sorted(int(str(run["run"])) for run in runs)
    number = int(str(runs[-1]["run"]))
    assert reader.list_runs(number) == runs[-1:]
    with pytest.raises(UsageError, match="has no run 99"):
        reader.list_runs(99)


def test_a_run_has_its_requests_and_its_operations(world: World, reader: JournalReader) -> None:
    world.converge(trade())
    (request,) = reader.list_requests(1)
    assert (request["kind"], request["method"], request["path"], request["state"]) == (
        "create",
        "POST",
        "/v2/smart_trades",
        "applied",
    )
    (operation,) = reader.list_operations(1)
    assert (operation["trade"], operation["action"], operation["outcome"]) == ("btc-dip", "create", "applied")


def test_the_export_is_one_document_for_each_run_request_and_operation(world: World, reader: JournalReader) -> None:
    world.converge(trade())
    documents = list(reader.export(1))
    assert [document["type"] for document in documents] == ["run", "request", "operation"]
    assert all(json.loads(json.dumps(document, default=str)) for document in documents)


def test_another_workspace_has_another_journal(world: World, database: Database) -> None:
    world.converge(trade())
    assert JournalReader(database=database, scope="another").list_runs() == []


def test_only_a_request_whose_effect_nobody_knows_is_settled_by_the_user(world: World, reader: JournalReader) -> None:
    world.converge(trade())
    assert reader.list_unresolved() == []
    with pytest.raises(UsageError, match="request 1 is not among those whose effect nobody knows"):
        reader.resolve(1, IntentState.APPLIED, world.clock)


def test_nobody_holds_the_lock_after_a_run(world: World, reader: JournalReader) -> None:
    world.converge(trade())
    assert reader.find_lock() is None
    assert reader.unlock(world.clock, is_forced=False) is None
