"""Pairs as exchanges and charts write them."""

from __future__ import annotations

import pytest

from reconciler.validation.sloppy_pairs import turn_pair


@pytest.mark.parametrize(
    "text",
    [
        *("BTCUSDT", "BTC/USDT", "BTC-USDT", "USDT-BTC", "usdt_btc", "btc_usdt", "BTC", "USDT_BTC ", "USDTBTC"),
        *("BTCUSDT.P", "BINANCE:BTCUSDT", "BTC/USDT:USDT", "$BTC", "#BTC", "btc usdt", "“USDT_BTC”", "'BTCUSDT'"),
    ],
)
def test_the_pair_that_is_meant_is_found(text: str) -> None:
    assert turn_pair(text) == "USDT_BTC"


def test_the_quote_currency_is_kept() -> None:
    assert [turn_pair(text) for text in ("ETHBTC", "SOL/USDC", "BTCEUR")] == ["BTC_ETH", "USDC_SOL", "EUR_BTC"]


@pytest.mark.parametrize("text", ["", "USDT", "x", "5", None, 5, "a/b/c", "币安"])
def test_what_is_not_clear_gives_nothing(text: object) -> None:
    assert turn_pair(text) is None
