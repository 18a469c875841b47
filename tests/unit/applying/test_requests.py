"""The writes of operations, as they go on the wire."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.applying.requests import Requests
from reconciler.applying.writer import Writer
from tests.support.world import World, trade


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def requests_of(world: World) -> Requests:
    return Requests(world.api, Writer(world.api, world.clock, world.journal, settle_s=0))


def test_a_create_carries_the_note_of_the_operation(world: World) -> None:
    (create,) = world.plan(trade(note="mine")).operations
    assert create.after is not None
    live = requests_of(world).create(create, create.after)
    assert live.note == create.note_after


def test_a_note_never_counts_fewer_averaging_orders_than_the_trade_and_an_exact_one_is_sent_as_it_is(
    world: World,
) -> None:
    world.converge(trade())
    (rewrite,) = world.plan(trade(note="new")).operations
    requests = requests_of(world)
    live = requests.read(30000001)
    counted = requests.set_exact_note(rewrite, live, live.note.replace("]", " a2]"))
    assert counted.note.endswith(" a2]")
    assert " a2]" in requests.set_note(rewrite, counted).note


def test_a_cancel_ends_the_trade(world: World) -> None:
    world.converge(trade())
    (reprice,) = world.plan(trade(price=59000)).operations
    requests = requests_of(world)
    requests.cancel(reprice, requests.read(30000001))
    assert requests.read(30000001).status == "cancelled"
