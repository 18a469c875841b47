from __future__ import annotations

import pytest

from reconciler.codec.contracts import contract_of, is_same_contract


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("USDT_BTCUSDT", "USDT_BTC"),
        ("USDC_ETHUSDC", "USDC_ETH"),
        ("BTC_BTCUSD_PERP", "USD_BTCUSD_PERP"),
        ("BTC_BTCUSD_PERP", "USD_BTC"),
        ("USDT_KNC_USDT", "USDT_KNC_USDT"),
    ],
)
def test_two_names_of_one_contract_are_the_same(one: str, other: str) -> None:
    assert is_same_contract(one, other)
    assert is_same_contract(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("USDT_BTCUSDT_250926", "USDT_BTC"),
        ("SOL_SOLUSD_250926", "USD_SOL"),
        ("USDT_BTC", "USDC_BTC"),
        ("USDT_BTC", "USDT_ETH"),
        ("ETH_BTCUSD_PERP", "USD_BTC"),
        ("BNFCR_BTCUSDT", "USDT_BTC"),
    ],
)
def test_other_contracts_are_others(one: str, other: str) -> None:
    assert not is_same_contract(one, other)


@pytest.mark.parametrize("pair", ["USDT_USDT", "", "_", "BTC", "USD_USD_PERP"])
def test_a_name_without_a_coin_is_its_own(pair: str) -> None:
    assert contract_of(pair) == pair
