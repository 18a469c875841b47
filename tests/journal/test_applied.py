"""What the journal knows of trades as last applied, in both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.journal.database import Database
from reconciler.model.journal import NO_JOURNAL
from reconciler.model.marker import exits_digest
from reconciler.model.specs import DesiredState
from tests.worlds import World, trade


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with World(database=database) as made:
        yield made


def test_terms_and_note_are_those_last_applied(world: World) -> None:
    world.converge(trade(note="weekly"))
    known = world.journal.find_applied(["btc-dip", "other"])["btc-dip"]
    assert (known.live_id, known.generation, known.terms) == (30000001, 1, trade().terms)
    assert known.note is not None
    assert known.note.endswith("] weekly")

    world.price("USDT_BTC", 59900)
    world.converge(trade(stop=59000, note="daily"))
    known = world.journal.find_applied(["btc-dip"])["btc-dip"]
    assert known.terms == trade(stop=59000).terms
    assert known.note is not None
    assert known.note.endswith("] daily")


def test_a_step_that_was_cancelled_is_not_in_them_any_more(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    dropped = trade(steps=((66000, 50),), unallocated=50)
    world.converge(dropped)
    known = world.journal.find_applied(["btc-dip"])["btc-dip"].terms
    assert known is not None
    assert exits_digest(known) == exits_digest(dropped.terms)


@pytest.mark.parametrize("state", [DesiredState.CLOSED, DesiredState.ABANDONED])
def test_it_knows_what_an_apply_has_ended(world: World, state: DesiredState) -> None:
    world.converge(trade(), trade("other", price=50000))
    world.price("USDT_BTC", 59900)
    world.converge(trade(state=state), trade("other", price=50000))
    known = world.journal.find_applied(["btc-dip", "other"])
    assert (known["btc-dip"].is_ended, known["btc-dip"].was_ended_by_us) == (True, True)
    assert (known["other"].is_ended, known["other"].was_ended_by_us) == (False, False)


def test_the_latest_generation_counts(world: World) -> None:
    world.converge(trade())
    world.converge(trade(state=DesiredState.ABANDONED))
    world.converge(trade(generation=2))
    known = world.journal.find_applied(["btc-dip"])["btc-dip"]
    assert (known.generation, known.is_ended, known.was_ended_by_us, known.live_id) == (2, False, False, 30000002)


def test_what_was_released_is_forgotten_and_no_journal_knows_nothing(world: World) -> None:
    world.converge(trade())
    world.converge(trade(state=DesiredState.RELEASED))
    assert world.journal.find_applied(["btc-dip"]) == {}
    assert NO_JOURNAL.find_applied(["btc-dip"]) == {}


def test_many_names_are_looked_up_in_parts(world: World) -> None:
    world.converge(trade("a"), trade("z", price=50000))
    names = ["a", "z", *(f"n{number}" for number in range(1200))]
    assert world.journal.find_applied(names).keys() == {"a", "z"}
