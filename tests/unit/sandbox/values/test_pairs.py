from __future__ import annotations

import pytest

from reconciler.sandbox.values.errors import UnknownPair
from reconciler.sandbox.values.market import Pair, is_price
from reconciler.sandbox.values.pairs import CONTRACT_PAIRS, CURRENCIES, PAIRS, SPOT_PAIRS, find_pair


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_the_figures_of_a_pair_fit_together(pair: Pair) -> None:
    assert PAIRS[pair.name] is pair
    assert is_price(pair, pair.last)
    assert pair.lot_step < pair.max_market <= pair.max_lot
    assert 0 < pair.min_total < pair.max_total


def test_spot_and_contracts_are_apart() -> None:
    assert not SPOT_PAIRS.keys() & CONTRACT_PAIRS.keys()
    assert [pair.is_contract for pair in CONTRACT_PAIRS.values()] == [True] * len(CONTRACT_PAIRS)


def test_every_currency_has_a_price_in_usdt() -> None:
    assert all(currency == "USDT" or f"USDT_{currency}" in SPOT_PAIRS for currency in CURRENCIES)


def test_an_unknown_pair_is_named_with_the_known_ones() -> None:
    assert find_pair("USDT_BTC") is PAIRS["USDT_BTC"]
    with pytest.raises(UnknownPair, match="unknown pair 'BTC_USDT': the sandbox trades USDT_BTC"):
        find_pair("BTC_USDT")
