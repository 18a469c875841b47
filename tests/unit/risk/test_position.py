"""Positions: unit costs of each kind of entry, what is closed already, and prices of levels in percent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.live import Prices
from reconciler.model.markets import Market, MarketKind
from reconciler.model.risk import RiskReason
from reconciler.model.terms import Entry, OrderType, Side
from reconciler.risk.position import find_entry_price, make_position, price_of_percent, sign_of, size_for_risk
from reconciler.risk.state import TradeState, state_of_terms
from tests.support import builders

D = Decimal
FEE = D("0.001")
PRICES = Prices(bid=D(59), ask=D(61), last=D(60))
HELD = TradeState(
    terms=builders.terms(),
    opened_units=D(3),
    opened_total=D(100),
    closed_units=D(1),
    closed_total=D(40),
)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (builders.entry(50), "50"),
        (builders.entry(None), "61"),
        (builders.entry(None, side=Side.SELL), "59"),
        (builders.entry(None, trigger=70), "70"),
        (builders.entry(72, trigger=70), "72"),
        (builders.entry(None, trigger=70, trailing=10), "77.0"),
        (builders.entry(None, trigger=70, trailing=10, side=Side.SELL), "63.0"),
    ],
)
def test_an_entry_is_expected_at_the_worst_price_at_which_it_fills(entry: Entry, expected: str) -> None:
    assert find_entry_price(entry, PRICES) == D(expected)


def test_an_entry_at_market_has_no_price_without_prices() -> None:
    entry = builders.entry(None)
    found = make_position(state_of_terms(builders.terms(entered_by=entry)), FEE)

    assert find_entry_price(entry, None) is None
    assert (found.cost, found.notional, found.problem) == (None, None, RiskReason.NO_ENTRY_PRICE)


def test_the_price_of_a_market_entry_that_the_api_shows_is_no_limit() -> None:
    shown = replace(builders.entry(50), order_type=OrderType.MARKET)
    assert find_entry_price(shown, PRICES) == 61


def test_a_part_that_was_closed_is_realised_and_the_rest_keeps_its_cost() -> None:
    found = make_position(HELD, FEE)
    assert found.cost is not None
    assert found.realised is not None

    assert found.units == 2
    assert found.cost + (D(40) - found.realised) == 100
    assert round(found.realised, 10) == round(40 - D(100) / 3, 10)


def test_the_parts_of_a_cost_make_the_whole() -> None:
    found = make_position(HELD, FEE)
    part = found.cost_of(D("0.7"))
    assert part is not None
    assert found.cost is not None
    assert round(part / found.cost, 12) == D("0.35")
    assert found.cost_of(found.units) == found.cost


def test_what_the_closed_part_has_brought_may_not_be_known() -> None:
    found = make_position(replace(HELD, closed_total=None), FEE)
    assert (found.realised, found.problem) == (None, None)


def test_without_the_size_of_a_contract_no_money_is_known() -> None:
    market = Market(kind=MarketKind.INVERSE, unit_size=None)
    for state in (replace(HELD, terms=HELD.terms.on(market)), state_of_terms(builders.terms().on(market))):
        found = make_position(state, FEE)
        assert (found.cost, found.notional, found.problem) == (None, None, RiskReason.NO_CONTRACT_SIZE)


def test_an_inverse_contract_that_is_bought_brings_coins() -> None:
    long = builders.terms()
    short = builders.terms(entered_by=builders.entry(side=Side.SELL))
    inverse = Market(kind=MarketKind.INVERSE)

    assert [sign_of(long), sign_of(short)] == [1, -1]
    assert [sign_of(long.on(inverse)), sign_of(short.on(inverse))] == [-1, 1]


def test_a_level_in_percent_is_cut_to_the_tick() -> None:
    assert price_of_percent(D("60.06"), D(5), D("0.01"), is_up=True) == D("63.06")
    assert price_of_percent(D("60.06"), D(5), D(0), is_up=False) == D("57.057")
    assert price_of_percent(None, D(5), D("0.01"), is_up=True) is None


def test_a_size_for_a_risk_is_in_whole_lots() -> None:
    assert size_for_risk(D(100), D("2.6778"), D("0.1")) == D("37.3")
