"""An update of the stop is sent without the steps only if 3Commas refuses the executed ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.journal.database import Database, sqlite_url
from reconciler.model.outcomes import OutcomeKind
from tests.support.world import World, kinds, trade

FIRST = 30000001


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An open position; a step was executed after `hit`."""
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as made:
        made.converge(trade())
        made.price("USDT_BTC", 59900)
        made.sandbox.configure("finished_steps", "refused")
        made.connect()
        yield made


def hit(world: World) -> None:
    world.price("USDT_BTC", 63100)


def sent_forms(world: World) -> list[bool]:
    """For each update of the journal, the oldest first, whether it left the steps out."""
    writes = (intent.write for intent in world.journal.find_writes(FIRST))
    return [write.omits_steps for write in writes if write.kind == "update"]


def test_before_a_step_was_executed_all_steps_are_repeated(world: World) -> None:
    assert kinds(world.converge(trade(stop=58600))) == [OutcomeKind.APPLIED]
    assert sent_forms(world) == [False]


def test_after_a_refusal_the_steps_are_left_out_and_the_next_time_at_once(world: World) -> None:
    hit(world)
    assert kinds(world.converge(trade(stop=58600))) == [OutcomeKind.APPLIED]
    assert sent_forms(world) == [False, True]
    assert kinds(world.converge(trade(stop=58700))) == [OutcomeKind.APPLIED]
    assert sent_forms(world) == [False, True, True]


def test_a_change_of_steps_is_never_sent_without_them(world: World) -> None:
    hit(world)
    assert kinds(world.converge(trade(steps=((63000, 50), (67000, 50))))) == [OutcomeKind.FAILED]
    assert sent_forms(world) == [False]


def test_where_executed_steps_are_taken_again_nothing_is_left_out(world: World) -> None:
    world.sandbox.configure("finished_steps", "kept")
    hit(world)
    assert kinds(world.converge(trade(stop=58600))) == [OutcomeKind.APPLIED]
    assert sent_forms(world) == [False]
