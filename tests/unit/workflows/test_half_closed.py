"""Closes that were cut short after the cancel of the rest of an entry."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.model.specs import DesiredState
from reconciler.workflows.half_closed import find_half_closed, read_half_closed
from tests.support.world import Killed, World, trade

FIRST = 30000001


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A trade whose entry is partly filled."""
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as made:
        made.converge(trade())
        made.sandbox.fill(FIRST, Decimal("0.004"))
        yield made


def cut_short(world: World) -> None:
    """Close it, and die before the trade that sells what is held is opened."""

    def die(_number: int, method: str, path: str) -> None:
        if (method, path) == ("POST", "/v2/smart_trades"):
            raise Killed

    plan = world.plan(trade(state=DesiredState.CLOSED))
    world.wire.before = die
    with pytest.raises(Killed):
        world.apply(plan)
    world.connect()


def find_ids(world: World) -> list[int]:
    return [live.id for live in read_half_closed(world.session)]


def test_a_close_that_was_cut_short_is_found_until_what_is_held_is_sold(world: World) -> None:
    assert not find_ids(world)
    cut_short(world)
    assert find_ids(world) == [FIRST]

    world.converge(trade(state=DesiredState.CLOSED))
    assert not find_ids(world)


def test_a_cancel_that_was_to_keep_the_coins_is_none(world: World) -> None:
    world.converge(trade(state=DesiredState.ABANDONED))
    assert not find_ids(world)


def test_without_a_journal_nothing_is_taken_for_half_closed(world: World) -> None:
    cut_short(world)
    live = read_trade(world.api.get(FIRST))
    assert find_half_closed(world.session, [live]) == (live,)
    world.journal = NO_JOURNAL
    assert not find_half_closed(world.session, [live])
