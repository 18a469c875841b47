from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from tests.unit.sandbox.bodies import trade
from tests.unit.sandbox.client import Client


def test_open_endpoints_need_no_signature(client: Client) -> None:
    client.sandbox.advance(90)

    assert client.http.get("/public/api/ver1/ping").get_json() == {"pong": "pong"}
    assert client.http.get("/public/api/ver1/time").get_json() == {"server_time": 1767225690}


def test_validate_says_that_the_key_is_good(client: Client) -> None:
    assert client.call("GET", "/ver1/validate").body == {"valid": True}
    assert client.http.get("/public/api/ver1/validate").status_code == 401


def test_accounts_are_listed_by_mode(sandbox: Sandbox) -> None:
    sandbox.ensure_account(32199203, name="main")
    sandbox.ensure_account(32402783, mode="real")
    client = Client(sandbox)
    paper = client.call("GET", "/ver1/accounts").body
    real = client.call("GET", "/ver1/accounts", headers={"Forced-Mode": "real"}).body

    assert [(found["id"], found["name"], found["market_code"]) for found in paper] == [
        (1, "Paper account", "paper_trading"),
        (32199203, "main", "paper_trading"),
    ]
    assert [(found["id"], found["market_code"], found["exchange_name"]) for found in real] == [
        (32402783, "binance", "Binance Spot")
    ]
    assert all(found["smart_trading_supported"] and not found["is_locked"] for found in paper + real)


def test_accounts_come_in_pages(sandbox: Sandbox) -> None:
    for account_id in range(2, 6):
        sandbox.ensure_account(account_id)
    client = Client(sandbox)
    pages = [client.call("GET", f"/ver1/accounts?per_page=2&page={page}").body for page in (1, 2, 3, 4)]

    assert [[found["id"] for found in page] for page in pages] == [[1, 2], [3, 4], [5], []]
    refused = client.call("GET", "/ver1/accounts?per_page=101&page=0")
    assert (refused.status, sorted(refused.body["error_attributes"])) == (400, ["page", "per_page"])


def test_one_account_is_shown_in_its_mode_only(sandbox: Sandbox) -> None:
    sandbox.ensure_account(7, mode="real")
    client = Client(sandbox)

    assert client.call("GET", "/ver1/accounts/1").body["id"] == 1
    assert client.call("GET", "/ver1/accounts/7").status == 404
    assert client.call("GET", "/ver1/accounts/7", headers={"Forced-Mode": "real"}).body["id"] == 7
    assert client.call("GET", "/ver1/accounts/8").body == {"error": "not_found", "error_description": "Not Found"}


def test_a_smart_trade_names_its_account(client: Client) -> None:
    assert client.create(trade())["account"] == {
        "id": 1,
        "type": "paper_trading",
        "name": "Paper account",
        "market": "Binance Spot account simulator",
        "link": "/accounts/1",
    }


def test_the_mode_of_requests_without_a_header_can_be_changed(sandbox: Sandbox) -> None:
    sandbox.ensure_account(7, mode="real")
    client = Client(sandbox)
    answer = client.call("POST", "/ver1/users/change_mode", {"mode": "real"})

    assert answer.status == 201
    assert client.call("GET", "/ver1/users/current_mode").body == {"mode": "real"}
    assert [found["id"] for found in client.call("GET", "/ver1/accounts").body] == [7]
    refused = client.call("POST", "/ver1/users/change_mode", {"mode": "demo"})
    assert (refused.status, refused.body["error_attributes"]) == (400, {"mode": ["does not have a valid value"]})


@pytest.mark.parametrize("version", ["ver1", "v2"])
@pytest.mark.parametrize(("code", "count"), [("paper_trading", 25), ("binance", 20)])
def test_pairs_are_listed(client: Client, version: str, code: str, count: int) -> None:
    pairs = client.call("GET", f"/{version}/accounts/market_pairs?market_code={code}").body

    assert len(pairs) == count
    assert {"USDT_BTC", "USDT_ETH", "USDT_DOGE", "BTC_ETH"} < set(pairs)


@pytest.mark.parametrize("code", ["paper_trading", "binance"])
def test_the_published_rates_of_bitcoin_are_answered(sandbox: Sandbox, code: str) -> None:
    path = f"/ver1/accounts/currency_rates?market_code={code}&pair=USDT_BTC&limit_type=smart_trade"

    assert Client(sandbox).call("GET", path).body == {
        "last": "63802.44",
        "bid": "63802.44",
        "ask": "63802.45",
        "orderbook_ask": "63802.45",
        "orderbook_bid": "63802.44",
        "orderbook_last": "63802.44",
        "orderbook_price_currency": "USDT",
        "strategy_name": "orderbook_price",
        "contract_strategy_name": "orderbook_price",
        "instrumentKind": "spot",
        "minPrice": "0.01",
        "maxPrice": "1000000.0",
        "priceStep": "0.01",
        "minLotSize": "0.00001",
        "maxLotSize": "9000.0",
        "lotStep": "0.00001",
        "maxMarketBuyAmount": "121.22278732",
        "maxMarketSellAmount": "121.22278732",
        "minTotal": "5.0",
        "minMarketTotal": "5.0",
        "maxTotal": "9000000.0",
        "bidMultiplierDown": "0.2",
        "bidMultiplierUp": "5.0",
        "askMultiplierUp": "5.0",
        "askMultiplierDown": "0.2",
    }


@pytest.mark.parametrize(
    ("query", "attributes"),
    [
        ("", {"market_code": ["is missing"], "pair": ["is missing"]}),
        ("market_code=mars&pair=USDT_BTC", {"market_code": ["does not have a valid value"]}),
        ("market_code=binance&pair=USDT_NO", {"pair": ["Unknown pair"]}),
    ],
)
def test_rates_of_an_unknown_market_are_refused(client: Client, query: str, attributes: dict[str, list[str]]) -> None:
    answer = client.call("GET", f"/ver1/accounts/currency_rates?{query}")

    assert (answer.status, answer.body["error_attributes"]) == (400, attributes)


def test_pairs_of_an_unknown_market_are_refused(client: Client) -> None:
    assert client.call("GET", "/ver1/accounts/market_pairs").status == 400


def test_what_a_key_may_do_is_shown(sandbox: Sandbox) -> None:
    sandbox.ensure_key("narrow", "secret", {"SMART_TRADES_READ"})
    shown = Client(sandbox, "narrow", "secret").call("GET", "/ver1/users/permissions_info").body

    assert {name for name, allowed in shown.items() if allowed} == {"smart_trades_read"}
    assert len(shown) == 6


def test_accounts_are_summed_up_by_mode(sandbox: Sandbox) -> None:
    client = Client(sandbox)
    (account,) = client.call("GET", "/ver1/accounts").body
    sandbox.ensure_account(2)
    summary = client.call("GET", "/ver1/accounts/summary").body

    assert Decimal(summary["usd_amount"]) == 2 * Decimal(account["usd_amount"])
    empty = client.call("GET", "/ver1/accounts/summary", headers={"Forced-Mode": "real"}).body
    assert (empty["usd_amount"], empty["btc_amount"]) == ("0.0", "0.0")


def test_balances_are_loaded_again(client: Client) -> None:
    answer = client.call("POST", "/ver1/accounts/1/load_balances")

    assert (answer.status, answer.body) == (201, client.call("GET", "/ver1/accounts/1").body)


def test_what_is_active_on_an_account_is_counted(client: Client) -> None:
    client.open(trade())
    client.open(trade(instant=True))

    assert client.call("GET", "/ver1/accounts/1/active_trading_entities").body == {
        "data": {"active_smart_trades_count": 1, "active_deals_count": 0, "active_bots_count": 0}
    }


def test_markets_are_listed_for_everybody(client: Client) -> None:
    answer = client.http.get("/public/api/ver1/accounts/market_list")

    assert [market["market_code"] for market in answer.get_json()] == [
        *("paper_trading", "binance", "binance_futures"),
        *("gate_io_usdt_perpetual", "binance_futures_coin"),
    ]


def test_spot_accounts_know_no_leverage(client: Client) -> None:
    leverages = client.call("GET", "/ver1/accounts/1/leverage_data?pair=USDT_BTC").body
    market = "market_code=binance&pair=USDT_BTC"
    rates = client.call("GET", f"/ver1/accounts/currency_rates?{market}&limit_type=smart_trade").body
    with_leverages = client.call("GET", f"/ver1/accounts/currency_rates_with_leverage_data?{market}").body

    assert [leverage["code"] for leverage in leverages] == ["none"]
    assert with_leverages == {**rates, "leverage_data": leverages}


@pytest.mark.parametrize(
    ("path", "attributes"),
    [
        ("1/leverage_data", {"pair": ["is missing"]}),
        ("1/leverage_data?pair=USDT_NO", {"pair": ["Unknown pair"]}),
        (
            "currency_rates?market_code=binance&pair=USDT_BTC&limit_type=x",
            {"limit_type": ["does not have a valid value"]},
        ),
    ],
)
def test_a_malformed_question_about_a_pair_is_refused(
    client: Client, path: str, attributes: dict[str, list[str]]
) -> None:
    answer = client.call("GET", f"/ver1/accounts/{path}")

    assert (answer.status, answer.body["error_attributes"]) == (400, attributes)


def test_an_account_that_cannot_trade_says_so_and_refuses_a_create(client: Client) -> None:
    client.sandbox.configure("trading_supported", "false")
    answer = client.call("POST", "/v2/smart_trades", trade())

    assert client.call("GET", "/ver1/accounts/1").body["trading_supported"] is False
    assert (answer.status, answer.body["error_attributes"]) == (422, {"account_id": ["does not support trading"]})
