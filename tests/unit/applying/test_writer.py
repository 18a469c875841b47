"""Each write is in the journal before it is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.applying.lost_answers import Unsettled
from reconciler.applying.writer import HadNoEffect, Writer
from reconciler.model.journal import Write, WriteKind
from reconciler.sandbox.store.faults import Fault, FaultKind
from tests.support.world import World, trade

FIRST = 30000001


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        made.converge(trade())
        yield made


def make(world: World) -> Writer:
    return Writer(world.api, world.clock, world.journal, settle_s=0)


def test_the_answer_is_the_trade(world: World) -> None:
    writer = make(world)
    note = str(world.trades()[0]["note"])
    write = Write(kind=WriteKind.SET_NOTE, trade="btc-dip", generation=1, live_id=FIRST, note=note)
    live = writer.send(write, lambda api: api.set_note(FIRST, note))
    assert live is not None
    assert (live.id, writer.sent) == (FIRST, 1)


def test_a_lost_note_that_shows_no_effect_may_be_sent_again(world: World) -> None:
    world.sandbox.add_fault(Fault(kind=FaultKind.LOSE_REQUEST, method="POST"))
    write = Write(kind=WriteKind.SET_NOTE, trade="btc-dip", generation=1, live_id=FIRST, note="mine")
    with pytest.raises(HadNoEffect):
        make(world).send(write, lambda api: api.set_note(FIRST, "mine"))


def test_a_lost_close_that_shows_no_effect_is_not_sent_again(world: World) -> None:
    world.price("USDT_BTC", 59900)
    world.sandbox.add_fault(Fault(kind=FaultKind.LOSE_REQUEST, method="POST"))
    write = Write(kind=WriteKind.CLOSE, trade="btc-dip", generation=1, live_id=FIRST)
    with pytest.raises(Unsettled, match="it is not sent again in this run"):
        make(world).send(write, lambda api: api.close_by_market(FIRST))
