from __future__ import annotations

import pytest

from reconciler.diffing.firing import find_certain_fires, find_fires, is_step_reached, pick_price
from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES, WAITS_FOR_FALL, WAITS_FOR_RISE, Fire, FireKind
from reconciler.model.terms import PriceType, Side, Terms
from tests.support import builders

# Bid 60999, ask 61001, last 61000.
PRICES = builders.prices(61000)
SELL = Side.SELL


@pytest.mark.parametrize(
    ("terms", "fires"),
    [
        (builders.terms(), ()),
        (builders.terms(entered_by=builders.entry(61000)), ()),
        (builders.terms(entered_by=builders.entry(61001)), (ENTRY_FIRES,)),
        (builders.terms(entered_by=builders.entry(60999, side=SELL), steps=(), stop_loss=None), (ENTRY_FIRES,)),
        (builders.terms(entered_by=builders.entry(61000, side=SELL)), ()),
        (builders.terms(entered_by=builders.entry(None)), (ENTRY_FIRES,)),
        (builders.terms(entered_by=builders.entry(None, trigger=61001)), (ENTRY_FIRES,)),
        (builders.terms(entered_by=builders.entry(None, trigger=62000)), (WAITS_FOR_RISE,)),
        (builders.terms(entered_by=builders.entry(None, trigger=60000)), (WAITS_FOR_FALL,)),
        (builders.terms(entered_by=builders.entry(None), is_instant=True), (ENTRY_FIRES,)),
    ],
)
def test_a_waiting_trade_fires_by_its_entry_first(terms: Terms, fires: tuple[Fire, ...]) -> None:
    assert find_fires(terms, PRICES, is_entered=False) == fires


def test_exits_of_a_waiting_entry_do_not_fire() -> None:
    assert find_fires(builders.terms(stop_loss=builders.stop(62000)), PRICES, is_entered=False) == ()


def test_exits_behind_an_entry_that_fires_do() -> None:
    terms = builders.terms(
        entered_by=builders.entry(None), steps=[builders.step(61000, 100)], stop_loss=builders.stop(61000)
    )
    fires = (ENTRY_FIRES, STOP_FIRES, Fire(FireKind.STEP, 0))
    assert find_fires(terms, PRICES, is_entered=False) == fires
    own_funds = builders.terms(
        is_own_funds=True, steps=[builders.step(70000, 50), builders.step(61000, 50)], stop_loss=builders.stop(61000)
    )
    assert find_fires(own_funds, PRICES, is_entered=False) == (STOP_FIRES, Fire(FireKind.STEP, 1))


@pytest.mark.parametrize(
    ("side", "stop", "step", "fires"),
    [
        (Side.BUY, 60999, 61001, ()),
        (Side.BUY, 61000, 61000, (STOP_FIRES, Fire(FireKind.STEP, 0))),
        (SELL, 61001, 60999, ()),
        (SELL, 61000, 61000, (STOP_FIRES, Fire(FireKind.STEP, 0))),
    ],
)
def test_exits_of_a_held_position_fire_when_their_price_is_reached(
    side: Side, stop: int, step: int, fires: tuple[Fire, ...]
) -> None:
    terms = builders.terms(
        entered_by=builders.entry(side=side), steps=[builders.step(step, 100)], stop_loss=builders.stop(stop)
    )
    assert find_fires(terms, PRICES, is_entered=True) == fires


def test_the_watched_price_counts() -> None:
    assert [pick_price(PRICES, watched) for watched in PriceType] == [60999, 61001, 61000]
    by_ask = builders.terms(stop_loss=builders.stop(61000, watched=PriceType.ASK))
    by_bid = builders.terms(stop_loss=builders.stop(61000, watched=PriceType.BID))
    assert find_fires(by_ask, PRICES, is_entered=True) == ()
    assert find_fires(by_bid, PRICES, is_entered=True) == (STOP_FIRES,)


def test_a_level_in_percent_is_never_called_reached() -> None:
    assert not is_step_reached(builders.terms(), builders.step(None, 100, percent="0.01"), PRICES)
    assert find_fires(builders.terms(stop_loss=builders.stop(None, percent=1)), PRICES, is_entered=True) == ()


def test_without_prices_only_an_entry_at_market_certainly_acts_at_once() -> None:
    assert find_certain_fires(builders.terms(entered_by=builders.entry(None))) == (ENTRY_FIRES,)
    assert find_certain_fires(builders.terms()) == ()
    assert find_certain_fires(builders.terms(entered_by=builders.entry(None, trigger=62000))) == ()
    assert find_certain_fires(builders.terms(entered_by=builders.entry(None), is_own_funds=True)) == ()
