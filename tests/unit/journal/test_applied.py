"""What the journal knows of trades as last applied, in both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.codec.digests import exits_digest
from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.model.journal import IntentState, RunStart, Write, WriteKind
from reconciler.model.specs import DesiredState
from tests.support.world import World, trade


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


def test_a_close_whose_run_was_killed_before_it_could_say_so_is_known_as_ours(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.journal.begin_run(RunStart(git_commit=None, plan_digest="", operations=1), 0)
    write = Write(kind=WriteKind.CLOSE, trade="btc-dip", generation=1, live_id=30000001)
    sent = world.journal.intend(write, "POST", "/v2/smart_trades/30000001/close_by_market", None)
    assert not world.journal.find_applied(["btc-dip"])["btc-dip"].was_ended_by_us
    world.journal.resolve(sent, IntentState.APPLIED)
    assert world.journal.find_applied(["btc-dip"])["btc-dip"].was_ended_by_us


def test_a_position_that_a_plan_abandoned_is_told_from_one_that_a_command_cancelled(world: World) -> None:
    world.converge(trade(), trade("other"))
    world.price("USDT_BTC", 59900)
    world.converge(trade(state=DesiredState.ABANDONED), trade("other"))
    known = world.journal.find_applied(["btc-dip", "other"])
    assert (known["btc-dip"].was_abandoned, known["other"].was_abandoned) == (True, False)


def test_what_may_hold_coins_is_all_that_is_not_known_to_have_ended_well(world: World) -> None:
    world.converge(trade("a"), trade("b"), trade("c"), trade("d", price=50000, stop=48000))
    world.price("USDT_BTC", 59900)
    world.api.cancel(30000002)
    world.converge(trade("a", state=DesiredState.ABANDONED), trade("c"), trade("d", price=50000, stop=48000))
    world.journal.remember_ended([read_trade(world.api.get(30000001)), read_trade(world.api.get(30000002))])
    found = world.journal.find_unsettled({("c", 1)})
    assert [(each.name, each.generation, each.live_id) for each in found] == [("b", 1, 30000002), ("d", 1, 30000004)]
    assert [each.ended.status if each.ended else "" for each in found] == ["cancelled", ""]
    assert world.journal.find_names() == {"a", "b", "c", "d"}
    assert NO_JOURNAL.find_unsettled(()) == ()
    assert NO_JOURNAL.find_names() == frozenset()
