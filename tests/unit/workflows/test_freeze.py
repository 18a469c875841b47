"""A realised loss over its limit sets a freeze once; a person lifts it, and a larger loss sets it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.journal.database import Database, sqlite_url
from reconciler.model.freeze import FreezeSource
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.workflows.freeze import trip_freeze
from tests.support.world import World, kinds, trade

LOSS = Guardrail(name="loss_realised", value=Decimal(312), limit=Decimal(300), unit="USDT", state=GuardrailState.OVER)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, World(database=database) as made:
        yield made


def lift(world: World) -> None:
    assert world.database is not None
    world.open_journal(world.database).unfreeze("checked")


def test_it_trips_once_and_holds_back_what_adds_risk(world: World) -> None:
    for _ in range(2):
        trip_freeze(world.session, [LOSS])
    (freeze,) = world.session.find_freezes()
    assert freeze.source is FreezeSource.GUARDRAIL
    assert "312, over the limit of 300 USDT" in freeze.reason
    assert kinds(world.converge(trade())) == ["not_started"]
    assert len(world.told) == 1


def test_after_it_was_lifted_only_a_larger_loss_sets_it_again(world: World) -> None:
    trip_freeze(world.session, [LOSS])
    lift(world)
    trip_freeze(world.session, [LOSS, replace(LOSS, value=Decimal(305))])
    assert world.session.find_freezes() == ()
    trip_freeze(world.session, [replace(LOSS, value=Decimal(313))])
    assert len(world.session.find_freezes()) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(LOSS, state=GuardrailState.AT_LIMIT),
        replace(LOSS, state=GuardrailState.UNKNOWN, value=None),
        replace(LOSS, level=GuardrailLevel.WARN),
        replace(LOSS, acknowledged=True),
        replace(LOSS, name="notional_total"),
    ],
)
def test_nothing_else_trips_it(world: World, other: Guardrail) -> None:
    trip_freeze(world.session, [other])
    assert world.session.find_freezes() == ()


def test_what_the_journal_remembers_of_another_currency_or_damaged_does_not_count(world: World) -> None:
    trip_freeze(world.session, [LOSS])
    lift(world)
    trip_freeze(world.session, [replace(LOSS, unit="BTC", value=Decimal(1), limit=Decimal("0.1"))])
    assert len(world.session.find_freezes()) == 1
