"""The close of a partly filled entry, killed at every request."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconciler.applying.run import Result
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Side
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from reconciler.workflows.applying import Applied
from tests.support.world import Killed, World, kinds, trade

CLOSED = trade(state=DesiredState.CLOSED)
FIRST = 30000001


def fill(world: World) -> None:
    """Open the usual trade and fill a part of its entry."""
    world.converge(trade())
    world.sandbox.fill(FIRST, Decimal("0.004"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as made:
        fill(made)
        yield made


def short_trade() -> TradeSpec:
    """A limit sell above the price."""
    spec = trade(price=64000, stop=66000, steps=((60000, 100),))
    return replace(spec, terms=replace(spec.terms, entry=replace(spec.terms.entry, side=Side.SELL)))


def statuses(world: World) -> list[str]:
    return [each["status"]["type"] for each in world.trades()]  # type: ignore[index]


def told(result: Applied | Result) -> list[str]:
    return [describe_outcome(outcome) for outcome in result.outcomes]


def test_the_plan_says_what_is_taken_back_and_what_is_sold(world: World) -> None:
    (operation,) = world.plan(CLOSED).operations

    assert operation.action is Action.CLOSE
    assert [describe(each).partition(" at market")[0] for each in operation.money] == [
        "sells 0.004 BTC",
        "the rest of the entry is cancelled first, which frees 360 USDT",
        "a trade on own funds is opened for that and closed at once",
    ]


def test_what_is_held_is_sold_and_nothing_is_left(world: World) -> None:
    result = world.converge(CLOSED)

    assert kinds(result) == [OutcomeKind.APPLIED]
    assert "closed 0.004 BTC" in told(result)[0]
    assert statuses(world) == ["panic_sold", "cancelled"]
    again = world.plan(CLOSED)
    assert not again.operations
    assert not again.blocked
    assert not again.notices


def test_a_short_position_is_bought_back(tmp_path: Path) -> None:
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as world:
        spec = short_trade()
        world.converge(spec)
        world.sandbox.fill(FIRST, Decimal("0.004"))
        result = world.converge(replace(spec, state=DesiredState.CLOSED))

        assert kinds(result) == [OutcomeKind.APPLIED]
        assert statuses(world) == ["panic_sold", "cancelled"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(14))
def test_a_close_that_is_killed_at_any_request_is_carried_out_once(world: World, number: int, when: str) -> None:
    plan = world.plan(CLOSED)
    start = len(world.wire.seen)

    def die(seen: int, _method: str, _path: str) -> None:
        if seen == start + number:
            raise Killed

    setattr(world.wire, when, die)
    with contextlib.suppress(Killed):
        world.apply(plan)
    world.connect()
    for _ in range(3):
        world.converge(CLOSED)

    assert statuses(world) == ["panic_sold", "cancelled"]
    assert not world.plan(CLOSED).operations


def test_what_is_too_small_to_be_sold_is_reported_with_what_takes_it_over(tmp_path: Path) -> None:
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as world:
        world.converge(trade())
        world.sandbox.fill(FIRST, Decimal("0.00001"))
        result = world.converge(CLOSED)

        assert kinds(result) == [OutcomeKind.FILLED_WHILE_CANCELLING]
        assert "0.00001 BTC are still held, without a stop: POST /v2/smart_trades was refused" in told(result)[0]
        (outcome,) = result.outcomes
        assert outcome.takeover is not None
        assert outcome.takeover.entry.units == Decimal("0.00001")


def test_a_trade_that_was_cancelled_to_keep_its_coins_is_never_sold(world: World) -> None:
    world.converge(trade(state=DesiredState.ABANDONED))

    assert not world.plan(CLOSED).operations
    assert statuses(world) == ["cancelled"]


def test_a_note_that_is_emptied_while_the_rest_is_cancelled_is_reported_with_what_is_held(world: World) -> None:
    def empty(method: str, path: str, body: Any) -> Any:
        is_cancelled = method == "GET" and path.endswith(f"/{FIRST}") and body["status"]["type"] == "cancelled"
        return body | {"note": "", "note_raw": ""} if is_cancelled else body

    plan = world.plan(CLOSED)
    world.wire.alter = empty
    (outcome,) = world.apply(plan).outcomes
    assert outcome.kind in (OutcomeKind.FILLED_WHILE_CANCELLING, OutcomeKind.FAILED)
    assert outcome.takeover is not None
    assert "its note was edited meanwhile" in describe_outcome(outcome)


@pytest.mark.parametrize(("name", "generation"), [("other", 1), ("btc-dip", 2)])
def test_a_note_that_names_another_trade_after_the_cancel_opens_nothing_under_that_name(
    world: World, name: str, generation: int
) -> None:
    def paste(method: str, path: str, body: Any) -> Any:
        if method != "GET" or not path.endswith(f"/{FIRST}") or body["status"]["type"] != "cancelled":
            return body
        note = body["note"].replace("test/btc-dip#1 ", f"test/{name}#{generation} ")
        assert note != body["note"]
        return body | {"note": note, "note_raw": note}

    plan = world.plan(CLOSED)
    world.wire.alter = paste
    (outcome,) = world.apply(plan).outcomes
    assert outcome.kind is OutcomeKind.FILLED_WHILE_CANCELLING
    assert outcome.takeover is not None
    assert "its note was edited meanwhile and names another trade" in describe_outcome(outcome)
    assert statuses(world) == ["cancelled"]
