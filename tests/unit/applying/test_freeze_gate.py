"""A freeze that another process sets in the middle of a run stops the next write that adds risk, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.averaging import AveragingOrder
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import OutcomeKind, is_frozen
from reconciler.model.specs import DesiredState
from tests.support.world import World, kinds, open_position, trade

FREEZE = Freeze(source=FreezeSource.COMMAND, reason="news")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as made:
        yield made


def open_other(world: World) -> SqlJournal:
    """The journal as another process has it."""
    assert world.database is not None
    return world.open_journal(world.database)


def test_the_next_trade_is_not_opened_after_a_freeze(world: World) -> None:
    plan = world.plan(trade("a"), trade("b", price=59000), trade("c", price=58900))
    other = open_other(world)
    world.wire.after = lambda _number, method, _path: other.freeze(FREEZE) if method == "POST" else None
    applied = world.apply(plan)
    assert sorted(kinds(applied)) == ["applied", "not_started", "not_started"]
    frozen = [outcome for outcome in applied.outcomes if is_frozen(outcome)]
    assert [outcome.operation.trade for outcome in frozen] == ["b", "c"]
    assert len(world.trades()) == 1
    assert applied.error is None


def test_what_protects_is_sent_while_frozen_and_what_reprices_is_not(world: World) -> None:
    open_position(world)
    open_other(world).freeze(FREEZE)
    world.wire.seen.clear()
    protected = world.converge(trade(stop=59000))
    assert kinds(protected) == [OutcomeKind.APPLIED]
    held = world.converge(trade(stop=58000))
    assert [outcome.reason and outcome.reason.code for outcome in held.outcomes] == [OutcomeReason.FROZEN_BEFORE]
    moved = world.converge(trade(stop=59000, steps=((64000, 50), (66000, 50))))
    assert kinds(moved) == [OutcomeKind.NOT_STARTED]


def test_a_close_that_a_file_states_is_sent_while_frozen(world: World) -> None:
    open_position(world)
    open_other(world).freeze(FREEZE)
    assert kinds(world.converge(trade(state=DesiredState.CLOSED))) == [OutcomeKind.APPLIED]


def test_an_update_that_was_sent_before_the_freeze_still_gets_its_note(world: World) -> None:
    open_position(world)
    plan = world.plan(trade(stop=58000))
    other = open_other(world)
    world.wire.after = lambda _number, method, _path: other.freeze(FREEZE) if method == "PUT" else None
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]
    assert kinds(world.converge(trade(stop=58000))) == []


def test_an_averaging_order_that_a_freeze_stops_is_not_counted(world: World) -> None:
    open_position(world)
    spec = trade()
    order = AveragingOrder(units=Decimal("0.01"), price=Decimal(57000))
    averaged = replace(spec, averaging=(order,))
    plan = world.plan(averaged)
    assert [each.action.value for each in plan.operations] == ["add_funds"]
    before = str(world.trades()[0]["note"])
    other = open_other(world)
    world.wire.after = lambda _number, method, _path: other.freeze(FREEZE) if method == "POST" else None
    (outcome,) = world.apply(plan).outcomes
    assert is_frozen(outcome)
    assert str(world.trades()[0]["note"]) == before
    world.wire.after = lambda number, method, path: None
    other.unfreeze("over")
    assert kinds(world.apply(world.plan(averaged))) == [OutcomeKind.APPLIED]
