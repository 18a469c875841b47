from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.values.errors import InvalidPrice
from reconciler.sandbox.values.market import PriceType, Quote, count_steps, follow_last, is_price
from tests.unit.sandbox.trades import BTC


def test_bid_and_ask_follow_the_last_price() -> None:
    quote = follow_last(BTC, Decimal(100))

    assert (quote.bid, quote.ask) == (Decimal(100), Decimal("100.01"))
    assert [quote.price(price_type) for price_type in PriceType] == [quote.bid, quote.ask, quote.last]


def test_a_given_bid_moves_the_ask() -> None:
    assert follow_last(BTC, Decimal(100), bid=Decimal(101)) == Quote(Decimal(101), Decimal("101.01"), Decimal(100))


@pytest.mark.parametrize("price", ["0", "-1", "1.001", "1000000.01", "NaN", "Infinity"])
def test_a_price_lies_on_the_grid_above_zero(price: str) -> None:
    assert not is_price(BTC, Decimal(price))
    with pytest.raises(InvalidPrice, match="is not a price of USDT_BTC"):
        follow_last(BTC, Decimal(price))


def test_the_bid_is_never_above_the_ask() -> None:
    with pytest.raises(InvalidPrice, match="above the ask"):
        follow_last(BTC, Decimal(100), bid=Decimal(101), ask=Decimal(100))


def test_a_price_is_a_whole_number_of_steps() -> None:
    assert count_steps(BTC, Decimal("123.45")) == 12345


def test_a_pair_is_named_quote_first() -> None:
    assert BTC.name == "USDT_BTC"


def test_bid_and_ask_may_be_equal() -> None:
    quote = follow_last(BTC, Decimal(100), bid=Decimal(100), ask=Decimal(100))

    assert quote.bid == quote.ask
