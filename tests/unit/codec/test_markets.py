"""The market of a pair, from rates and from live trades."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from reconciler.codec.markets import infer_market, is_contract_market, read_market
from reconciler.model.markets import UNTOLD, Market, MarketKind

LINEAR, INVERSE, SPOT = MarketKind.LINEAR, MarketKind.INVERSE, Market(kind=MarketKind.SPOT)

NO_SIZES: tuple[object, ...] = ("0", "", None, "n/a", -1, True, [], "1e999999")


def market(kind: MarketKind, size: str | None) -> Market:
    return Market(kind=kind, unit_size=None if size is None else Decimal(size))


@pytest.mark.parametrize(
    ("rates", "code", "pair", "expected"),
    [
        ({"instrumentKind": "spot"}, "binance", "USDT_BTC", SPOT),
        ({"instrumentKind": "spot", "quanto_multiplier": "1"}, "binance", "USDT_BTC", SPOT),
        ({}, "binance", "USDT_BTC", UNTOLD),
        (
            {"instrumentKind": "linear_futures", "quanto_multiplier": "0.0001"},
            "gate_io_usdt_perpetual",
            "USDT_BTC_USDT",
            market(LINEAR, "0.0001"),
        ),
        ({"quanto_multiplier": Decimal("0.01")}, "", "USDT_ETH_USDT", market(LINEAR, "0.01")),
        ({"quanto_multiplier": 10}, "gate_io_usdt_perpetual", "USDT_DOGE_USDT", market(LINEAR, "10")),
        # Zero, or what is not a number, names no size.
        *(
            ({"quanto_multiplier": value}, "gate_io_usdt_perpetual", "USDT_BTC_USDT", market(LINEAR, None))
            for value in NO_SIZES
        ),
        ({"instrumentKind": "linear_futures"}, "binance_futures", "USDT_BTC_USDT", market(LINEAR, None)),
        ({"instrumentKind": "linear_futures"}, "okex_futures", "USDC_BTC-USDC-SWAP", market(LINEAR, None)),
        # Recorded trades of these count coins.
        ({"instrumentKind": "linear_futures"}, "binance_futures", "USDT_BTCUSDT", market(LINEAR, "1")),
        ({"instrumentKind": "linear_futures"}, "binance_futures", "USDT_BTCUSDT_250926", market(LINEAR, "1")),
        ({}, "bitget_usdt_futures", "USDT_SOLUSDT_UMCBL", market(LINEAR, "1")),
        ({}, "binance_futures_coin", "BTC_BTCUSD_PERP", market(INVERSE, None)),
        ({"instrumentKind": "inverse_futures"}, "binance_futures_coin", "USD_BTC", market(INVERSE, None)),
        # Paid in Bitcoin, which the name of the pair does not say: no money is claimed.
        (
            {"instrumentKind": "inverse_futures", "quanto_multiplier": "100"},
            "binance_futures_coin",
            "USD_BTCUSD_PERP",
            market(INVERSE, None),
        ),
        ({}, "bybit", "AAVE_AAVEUSD", market(INVERSE, None)),
        ({}, "gate_io_btc_perpetual", "BTC_BTC_USD", market(INVERSE, None)),
        ({}, "okex_futures", "BTC_BTC-USD-250502", market(INVERSE, None)),
        ({}, "coinbase_advanced_perpetual", "USDC_BTC-PERP-INTX", market(LINEAR, None)),
    ],
)
def test_rates_name_kind_and_size(rates: Mapping[str, object], code: str, pair: str, expected: Market) -> None:
    assert read_market(rates, code, pair) == expected


def entity(
    pair: str, units: object, price: object, total: object, code: str = "", **more: object
) -> Mapping[str, object]:
    position = {"units": {"value": units}, "price": {"value": price}, "total": {"value": total}}
    return {"pair": pair, "account": {"id": 1, "type": code}, "position": position, **more}


@pytest.mark.parametrize(
    ("shown", "has_leverage", "expected"),
    [
        (entity("USDT_BTC_USDT", "40.0", "98765.4", "395.0616"), True, market(LINEAR, "0.0001")),
        (entity("USDT_BTC_USDT", "40.0", "98765.4", "395.0616"), False, market(LINEAR, "0.0001")),
        (entity("BTC_BTCUSD_PERP", "3.0", "31250.1", "0.00959997"), True, market(INVERSE, "100")),
        (entity("ETH_ETHUSD_PERP", "50", "2499.98", "0.2000016"), False, market(INVERSE, "10")),
        (entity("USDT_BTCUSDT", "0.005", "98765.4", "493.827", "binance_futures"), True, market(LINEAR, "1")),
        (entity("USDT_BTCUSDT", "0.005", None, None, "binance_futures"), True, market(LINEAR, "1")),
        (entity("USDT_BTC_USDT", "40.0", None, None, "gate_io_usdt_perpetual"), True, market(LINEAR, None)),
        (entity("BTC_BTCUSD_PERP", "3.0", None, None), False, market(INVERSE, None)),
        # Fees, averages and partial fills of coins are no contracts.
        (entity("USDT_BTC", "0.01", "60000", "600.6"), False, UNTOLD),
        (entity("USDT_BTC", "0.01", "60000", "300"), False, UNTOLD),
        # What fits no size of a contract names none.
        (entity("USDT_BTC_USDT", "40.0", "98765.4", "411.77", "gate_io_usdt_perpetual"), True, market(LINEAR, None)),
    ],
)
def test_a_live_trade_shows_the_size_of_a_contract(
    shown: Mapping[str, object], has_leverage: bool, expected: Market
) -> None:
    assert infer_market(shown, has_leverage=has_leverage) == expected


def test_what_was_filled_shows_the_size_if_the_entry_does_not() -> None:
    data = {"entered_amount": "40.0", "entered_total": "395.0616", "average_enter_price": "98765.4"}
    shown = entity("USDT_BTC_USDT", "40.0", None, None, data=data)
    assert infer_market(shown, has_leverage=True) == market(LINEAR, "0.0001")


@pytest.mark.parametrize("broken", [None, [], "x", {"units": 5}, {"units": {"value": {}}, "price": [], "total": "-1"}])
def test_a_part_that_cannot_be_read_says_nothing(broken: object) -> None:
    shown = {"pair": "USDT_BTC", "account": broken, "position": broken, "data": broken}
    assert infer_market(shown, has_leverage=False) == UNTOLD
    assert infer_market({}, has_leverage=False) == UNTOLD


def test_the_codes_of_contract_markets_are_known() -> None:
    spot = ("binance", "okex", "kucoin", "gate_io", "bybit_spot", "kraken", "paper_trading", "")
    contracts = ("binance_futures", "bybit", "bybit_usdt_perpetual", "gate_io_usdt_perpetual", "bitget_usdt_futures")
    assert not any(map(is_contract_market, spot))
    assert all(map(is_contract_market, contracts))


@pytest.mark.parametrize("total", ["1.0", "83.0", "2475000", "35.7"])
def test_a_total_that_belongs_to_nothing_names_no_size(total: str) -> None:
    shown = entity("USDT_BTC_USDT", "100.0", "119000", total, "gate_io_usdt_perpetual")
    assert infer_market(shown, has_leverage=True) == market(LINEAR, None)
