from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reconciler.errors import UnreadableAnswer
from reconciler.live.accounts import read_account, read_accounts, read_rates
from reconciler.model.live import Account, Prices, Rates
from tests.unit.live.wire import Answer, Wire, open_api


def test_accounts_are_read_page_by_page() -> None:
    first = [{"id": number, "name": "A", "market_code": "binance"} for number in range(1, 101)]
    last = [{"id": 500, "name": None, "market_code": "paper_trading"}]
    wire = Wire(Answer(200, first), Answer(200, last), Answer(200, []))
    accounts = read_accounts(open_api(wire))
    assert len(accounts) == 101
    assert accounts[0] == Account(id=1, name="A", market_code="binance")
    assert accounts[-1] == Account(id=500, name="", market_code="paper_trading")
    assert accounts[-1].is_paper
    assert wire.paths == [f"GET /public/api/ver1/accounts?page={page}&per_page=100" for page in (1, 2, 3)]


def test_reading_ends_with_the_page_that_shows_the_last_account_that_is_asked_for() -> None:
    pages = [[{"id": number, "market_code": "binance"}] for number in (1, 2, 3)]
    wire = Wire(*(Answer(200, page) for page in pages), Answer(200, []))
    assert [account.id for account in read_accounts(open_api(wire), {1, 2})] == [1, 2]
    assert len(wire.paths) == 2


def test_an_account_that_a_server_with_short_pages_shows_later_is_found() -> None:
    pages = [[{"id": number, "market_code": "binance"}] for number in (1, 2, 3)]
    wire = Wire(*(Answer(200, page) for page in pages), Answer(200, []))
    assert 3 in {account.id for account in read_accounts(open_api(wire), {3})}


@pytest.mark.parametrize(
    "entity", [None, [], {}, {"id": "1", "market_code": "binance"}, {"id": None}, {"id": True, "name": "A"}]
)
def test_an_account_without_an_id_is_unreadable(entity: Any) -> None:
    with pytest.raises(UnreadableAnswer, match="account"):
        read_account(entity)


@pytest.mark.parametrize("last", ["63802.44", Decimal("63802.44")])
def test_rates_may_be_texts_or_numbers_and_limits_may_be_missing(last: object) -> None:
    prices = Prices(bid=Decimal("63802.44"), ask=Decimal("63802.45"), last=Decimal("63802.44"))
    entity: dict[str, object] = {"bid": "63802.44", "ask": "63802.45", "last": last}
    assert read_rates(entity) == Rates(prices=prices, price_step=Decimal(0), lot_step=Decimal(0))
    assert read_rates({**entity, "priceStep": "0.01", "lotStep": "0.00001"}) == Rates(
        prices=prices, price_step=Decimal("0.01"), lot_step=Decimal("0.00001")
    )


@pytest.mark.parametrize("entity", [{}, {"bid": "1", "ask": None, "last": "1"}, {"bid": "1", "ask": "x", "last": "1"}])
def test_rates_without_a_price_are_unreadable(entity: dict[str, object]) -> None:
    with pytest.raises(UnreadableAnswer, match="rates"):
        read_rates(entity)


def test_an_account_without_an_id_is_left_out() -> None:
    page = [None, 5, {"id": "x"}, {"id": 1, "name": "A", "market_code": "binance"}]
    found = read_accounts(open_api(Wire(Answer(200, page), Answer(200, []))))
    assert [account.id for account in found] == [1]


@pytest.mark.parametrize("code", [None, 5, "", {"value": None}])
def test_an_account_whose_market_cannot_be_read_has_that_for_an_obstacle(code: object) -> None:
    account = read_account({"id": 99, "name": {"x": 1}, "market_code": code, "usd_amount": "NaN"})
    assert (account.id, account.name, account.market_code, account.is_paper) == (99, "", "", False)
    assert account.obstacle == "cannot be read: market_code is missing or no text"
    assert not account.is_of_other_mode(is_paper_mode=True)
    assert not account.is_of_other_mode(is_paper_mode=False)


PRICES = {"bid": "1", "ask": "1", "last": "1"}


def test_all_limits_that_rates_name_are_read() -> None:
    limits = read_rates(
        {
            **PRICES,
            "minMarketBuyAmount": "0.001",
            "maxMarketBuyAmount": "121.5",
            "minMarketSellAmount": 0,
            "maxMarketSellAmount": "n/a",
            "bidMultiplierDown": "0.2",
            "bidMultiplierUp": "5.0",
            "askMultiplierDown": None,
        }
    ).limits
    assert (limits.min_market_buy, limits.max_market_buy) == (Decimal("0.001"), Decimal("121.5"))
    assert (limits.lowest_buy, limits.highest_buy) == (Decimal("0.2"), Decimal(5))
    # Zero, nothing, and what is not a number limit nothing.
    unlimited = (limits.min_market_sell, limits.max_market_sell, limits.lowest_sell, limits.highest_sell)
    assert unlimited == (None, None, None, None)


@pytest.mark.parametrize(
    ("listed", "largest"),
    [
        ([{"code": "isolated", "valid": {"min": 1, "max": "125"}}], (("isolated", Decimal(125)),)),
        ([{"code": "cross", "max_leverage": "50"}, {"code": "none"}], (("cross", Decimal(50)),)),
        ([{"code": "cross", "valid": []}, {"code": 5, "max_leverage": 3}, "x", None], ()),
        ([{"code": "cross", "max_leverage": 0}], ()),
        ({}, ()),
        (None, ()),
    ],
)
def test_the_largest_leverage_is_read_for_each_margin_type(
    listed: object, largest: tuple[tuple[str, Decimal], ...]
) -> None:
    assert read_rates({**PRICES, "leverage_data": listed}).largest_leverage == largest


@pytest.mark.parametrize(
    ("types", "code", "contracts", "spot"),
    [
        (["spot"], "paper_trading", False, True),
        (["futures"], "paper_trading", True, False),
        (["spot", "futures"], "mars", True, True),
        ([], "binance", None, None),
        (None, "binance", None, None),
        ("spot", "binance_futures", True, None),
        ([None, 3], "gate_io_usdt_perpetual", True, None),
    ],
)
def test_an_account_says_which_markets_it_trades(
    types: object, code: str, contracts: bool | None, spot: bool | None
) -> None:
    account = read_account({"id": 1, "market_code": code, "supported_market_types": types})
    assert (account.takes_contracts, account.takes_spot) == (contracts, spot)


def test_an_account_on_which_nothing_may_be_traded_says_so() -> None:
    account = read_account({"id": 1, "market_code": "binance", "trading_supported": False})
    assert account.obstacle == "does not support trading"
