"""Which trades the journal knows as created."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.journal.created import read_created
from reconciler.journal.database import Database
from reconciler.journal.known_trades import write_trade
from reconciler.journal.scopes import as_scope, find_labels
from reconciler.model.journal import CreatedTrade
from reconciler.model.specs import DesiredState
from tests.support.world import World, trade

SCOPE = as_scope("test")


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with World(database=database) as made:
        yield made


def read(database: Database, *names: str) -> dict[str, CreatedTrade]:
    with database.begin() as connection:
        return read_created(connection, SCOPE, find_labels(connection, SCOPE), names or None)


def test_a_trade_is_known_by_its_id_until_it_is_released(world: World, database: Database) -> None:
    world.converge(trade())
    found = read(database)
    assert list(found) == ["btc-dip"]
    assert (found["btc-dip"].generation, found["btc-dip"].is_ended) == (1, False)
    assert read(database, "another") == {}
    world.converge(trade(state=DesiredState.RELEASED))
    assert read(database) == {}


def test_a_trade_that_was_closed_is_known_as_ended(world: World, database: Database) -> None:
    world.converge(trade())
    world.converge(trade(state=DesiredState.CLOSED))
    assert read(database)["btc-dip"].is_ended


def test_of_one_name_the_latest_generation_counts(database: Database) -> None:
    values = {"status": "created", "is_ended": False, "updated_at": 1.0}
    with database.begin() as connection:
        write_trade(connection, SCOPE, "a", 2, {**values, "live_id": 8})
        write_trade(connection, SCOPE, "a", 1, {**values, "live_id": 9})
    assert (read(database)["a"].live_id, read(database)["a"].generation) == (8, 2)
