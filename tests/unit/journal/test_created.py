"""Which trades the journal knows as created, in both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.journal.database import Database
from reconciler.model.specs import DesiredState
from tests.support.world import World, trade


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with World(database=database) as made:
        yield made


def test_a_trade_that_was_created_is_known_with_its_account(world: World) -> None:
    world.converge(trade())
    created = world.journal.find_created()["btc-dip"]
    assert (created.live_id, created.generation, created.is_ended, created.account_id) == (30000001, 1, False, 1)


def test_only_the_names_that_are_asked_for_are_returned(world: World) -> None:
    world.converge(trade(), trade("eth-dip", price=59000))
    assert set(world.journal.find_created()) == {"btc-dip", "eth-dip"}
    assert set(world.journal.find_created(["eth-dip", "other"])) == {"eth-dip"}


def test_the_latest_generation_counts(world: World) -> None:
    world.converge(trade())
    world.converge(trade(state=DesiredState.CLOSED))
    world.converge(trade(generation=2))
    created = world.journal.find_created()["btc-dip"]
    assert (created.live_id, created.generation) == (30000002, 2)


def test_a_trade_that_was_released_is_not_known_any_more(world: World) -> None:
    world.converge(trade())
    world.converge(trade(state=DesiredState.RELEASED))
    assert "btc-dip" not in {name for name, created in world.journal.find_created().items() if not created.is_ended}
