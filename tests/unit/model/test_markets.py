"""Money of a size and a price, by kind of market."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.markets import UNTOLD, Market, MarketKind, settle_market

SPOT = Market(kind=MarketKind.SPOT)


def linear(size: str | None = "1") -> Market:
    return Market(kind=MarketKind.LINEAR, unit_size=None if size is None else Decimal(size))


def inverse(size: str | None) -> Market:
    return Market(kind=MarketKind.INVERSE, unit_size=None if size is None else Decimal(size))


@pytest.mark.parametrize(
    ("market", "units", "price", "worth"),
    [
        (SPOT, "0.02", "60000", "1200"),
        (UNTOLD, "0.02", "60000", "1200"),
        (linear(), "0.005", "98765.4", "493.827"),
        # 40 contracts of 0.0001 BTC each.
        (linear("0.0001"), "40", "98765.4", "395.0616"),
        (linear("10"), "3", "0.25", "7.5"),
        # 3 contracts of 100 USD each, 50 of 10 USD each: paid in the coin.
        (inverse("100"), "3", "31250", "0.0096"),
        (inverse("10"), "50", "2500", "0.2"),
    ],
)
def test_the_worth_of_a_size_depends_on_the_kind_of_market(market: Market, units: str, price: str, worth: str) -> None:
    assert market.worth_of(Decimal(units), Decimal(price)) == Decimal(worth)


@pytest.mark.parametrize("market", [linear(None), inverse(None)])
def test_no_money_is_made_of_contracts_whose_size_is_not_known(market: Market) -> None:
    one, price = Decimal(1), Decimal(60000)
    assert market.worth_of(one, price) is None
    assert market.gain_of(one, price, price, is_long=True) is None
    assert market.compare_size(one, price) is None
    assert market.units_for(one, price) is None
    assert market.counts_contracts


def test_no_money_is_made_without_a_price() -> None:
    assert SPOT.worth_of(Decimal(1), None) is None
    assert inverse("100").worth_of(Decimal(1), Decimal(0)) is None
    assert SPOT.gain_of(Decimal(1), None, Decimal(5), is_long=True) is None


@pytest.mark.parametrize(
    ("market", "units", "entry", "leaving", "gain"),
    [
        (SPOT, "0.5", "100", "110", "5"),
        (linear("0.0001"), "40", "100000", "110000", "40"),
        # 100 USD bought at 20000 and sold at 25000: 0.005 BTC less 0.004 BTC.
        (inverse("100"), "1", "20000", "25000", "0.001"),
    ],
)
def test_a_long_position_gains_when_the_price_rises(
    market: Market, units: str, entry: str, leaving: str, gain: str
) -> None:
    size, before, after = Decimal(units), Decimal(entry), Decimal(leaving)
    assert market.gain_of(size, before, after, is_long=True) == Decimal(gain)
    assert market.gain_of(size, before, after, is_long=False) == -Decimal(gain)


def test_positions_are_ordered_in_the_currency_of_prices() -> None:
    assert inverse("100").compare_size(Decimal(3), Decimal(31250)) == Decimal(300)
    assert linear("0.0001").compare_size(Decimal(40), Decimal(100000)) == Decimal(400)


NUMBERS = st.decimals("0.0001", "100000", places=4)
MARKETS = st.one_of(
    st.just(SPOT),
    st.builds(Market, kind=st.just(MarketKind.LINEAR), unit_size=NUMBERS),
    st.builds(Market, kind=st.just(MarketKind.INVERSE), unit_size=NUMBERS),
)


@given(market=MARKETS, units=NUMBERS, entry=NUMBERS, leaving=NUMBERS)
def test_result_and_worth_agree_on_every_market(
    market: Market, units: Decimal, entry: Decimal, leaving: Decimal
) -> None:
    worth = market.worth_of(units, entry)
    gain, loss = (market.gain_of(units, entry, leaving, is_long=is_long) for is_long in (True, False))
    assert worth is not None
    assert gain is not None
    assert worth > 0
    assert gain == -loss  # type: ignore[operator]
    assert (gain > 0) is (leaving > entry)
    assert (gain == 0) is (leaving == entry)
    if market.kind is not MarketKind.INVERSE:
        assert market.worth_of(units, entry) == units * entry * (market.unit_size or 0)
    back = market.units_for(worth, entry)
    assert back is not None
    assert abs(back - units) <= units * Decimal("1e-9")


@given(market=MARKETS, units=NUMBERS, price=NUMBERS)
def test_twice_the_size_is_worth_twice_as_much(market: Market, units: Decimal, price: Decimal) -> None:
    once, twice = market.worth_of(units, price), market.worth_of(units * 2, price)
    assert once is not None
    assert twice is not None
    assert abs(twice - once * 2) <= twice * Decimal("1e-20")


@pytest.mark.parametrize(
    ("told", "seen", "settled"),
    [
        (SPOT, [linear("0.0001")], SPOT),
        (UNTOLD, [UNTOLD], UNTOLD),
        (UNTOLD, [linear("0.0001")], linear("0.0001")),
        (linear(None), [], linear(None)),
        (linear(None), [linear("0.0001"), linear(None)], linear("0.0001")),
        (linear(None), [linear("0.0001"), linear("0.01")], linear(None)),
        (linear("0.0001"), [linear("0.00010")], linear("0.0001")),
        (linear("0.0001"), [linear("0.01")], linear(None)),
        (linear("0.0001"), [UNTOLD], linear("0.0001")),
        (inverse(None), [inverse("100")], inverse("100")),
    ],
)
def test_the_size_of_a_contract_is_known_only_if_all_sources_agree(
    told: Market, seen: list[Market], settled: Market
) -> None:
    assert settle_market(told, seen) == settled


def test_only_a_spot_pair_is_known_to_ignore_leverage() -> None:
    assert [market.ignores_leverage for market in (SPOT, UNTOLD, linear(), inverse("1"))] == [True, False, False, False]
    assert [market.is_contract for market in (SPOT, UNTOLD, linear(), inverse("1"))] == [False, False, True, True]
    assert [market.counts_contracts for market in (SPOT, linear(), linear("10"), inverse("1"))] == [
        False,
        False,
        True,
        True,
    ]
