"""Trades that the journal knows as open and that no list shows are read by id."""

from __future__ import annotations

from reconciler.matching.sighting import History, index_active
from reconciler.model.journal import CreatedTrade
from reconciler.workflows.hidden_trades import FEW_TRADES, HiddenTrades
from tests.support.world import World, trade

FIRST = 30000001


def _created(live_id: int, *, is_ended: bool = False) -> CreatedTrade:
    return CreatedTrade(live_id=live_id, generation=1, is_ended=is_ended)


def test_an_active_and_an_ended_trade_are_distinguished_and_a_missing_one_is_remembered_as_gone() -> None:
    with World() as world:
        world.converge(trade(), trade("other", price=50000, stop=49000))
        world.api.cancel(FIRST + 1)
        known = {"btc-dip": _created(FIRST), "other": _created(FIRST + 1), "lost": _created(5)}
        hidden = HiddenTrades(world.session, set(), known, listed=())
        hidden.read()
        assert [live.id for live in hidden.active.values()] == [FIRST]
        assert [live.id for live in hidden.ended.values()] == [FIRST + 1]
        assert (hidden.vanished, hidden.gone) == ({"lost"}, {5})
        world.connect()
        again = HiddenTrades(world.session, hidden.gone, {"lost": _created(5)}, listed=())
        again.read()
        assert (again.vanished, world.wire.seen) == ({"lost"}, [])


def test_what_is_listed_seen_or_ended_is_not_read() -> None:
    with World() as world:
        world.connect()
        known = {"listed": _created(1), "over": _created(2, is_ended=True), "seen": _created(3)}
        hidden = HiddenTrades(world.session, set(), known, listed={1})
        hidden.read(seen={3})
        assert hidden.names == {"seen"}
        assert hidden.find_stripped() == {"listed"}
        assert world.wire.seen == []


def test_of_very_many_the_rest_is_named_as_unread() -> None:
    with World() as world:
        known = {f"t{number}": _created(number + 1) for number in range(FEW_TRADES + 2)}
        hidden = HiddenTrades(world.session, set(), known, listed=())
        assert not hidden.is_few
        hidden.read()
        assert (len(hidden.vanished), len(hidden.unread)) == (FEW_TRADES, 2)
        history = hidden.add_to(History(newest={}), index_active([], {"test"}))
        assert (history.vanished, history.unread) == (hidden.vanished, hidden.unread)
        assert history.created == known
