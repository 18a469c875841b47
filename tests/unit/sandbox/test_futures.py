"""Accounts on a futures market: contract pairs, and leverage that is stored and shown; no margin."""

from __future__ import annotations

import pytest

from reconciler.sandbox.values.errors import ConflictingAccount
from tests.unit.sandbox.bodies import Body, market, step, steps, trade
from tests.unit.sandbox.client import Client, status_of

PAIR = "USDT_BTCUSDT"
LEVERAGE = {"enabled": True, "type": "isolated", "value": "12"}


@pytest.fixture
def futures(client: Client) -> Client:
    client.sandbox.ensure_account(7, market="futures")
    return client


def contract(**groups: object) -> Body:
    return trade(account_id=7, pair=PAIR, **groups)


def test_leverage_is_stored_and_shown(futures: Client) -> None:
    entity = futures.open(contract(leverage=LEVERAGE))

    assert entity["leverage"] == {"enabled": True, "type": "isolated", "value": "12.0", "type_editable": True}
    assert entity["account"]["market"] == "Binance Futures account simulator"
    assert (entity["margin"], entity["profit"]["roe"]) == ({"amount": None, "total": None}, None)
    assert entity["data"]["liquidation_price"] is None


def test_the_retired_custom_leverage_is_stored_as_isolated(futures: Client) -> None:
    entity = futures.open(contract(leverage=LEVERAGE | {"type": "custom"}))

    assert entity["leverage"]["type"] == "isolated"


@pytest.mark.parametrize(
    ("group", "value"),
    [({}, "12.0"), ({"leverage": LEVERAGE | {"value": 3}}, "3.0"), ({"leverage": {"enabled": False}}, None)],
)
def test_an_update_may_change_leverage(futures: Client, group: Body, value: str | None) -> None:
    trade_id = futures.open(contract(leverage=LEVERAGE))["id"]
    futures.patch(trade_id, {"position": {"units": {"value": "0.01"}}, **group})

    assert futures.show(trade_id)["leverage"].get("value") == value


def test_a_contract_lives_like_any_trade(futures: Client) -> None:
    body = contract(position=market(side="sell"), take_profit=steps(step("60000")), leverage=LEVERAGE)
    trade_id = futures.open(body)["id"]
    futures.price("59999.9", pair=PAIR)

    assert status_of(futures.show(trade_id)) == "finished"


@pytest.mark.parametrize(("account_id", "pair"), [(1, PAIR), (7, "USDT_BTC")])
def test_a_market_trades_its_own_pairs_only(futures: Client, account_id: int, pair: str) -> None:
    answer = futures.call("POST", "/v2/smart_trades", trade(account_id=account_id, pair=pair))

    assert (answer.status, answer.body["error_attributes"]) == (422, {"pair": ["Unknown pair"]})


def test_leverage_on_a_spot_account_is_ignored(client: Client) -> None:
    trade_id = client.open(trade(leverage=LEVERAGE))["id"]
    client.patch(trade_id, {"position": {"units": {"value": "0.01"}}, "leverage": LEVERAGE})

    assert client.show(trade_id)["leverage"] == {"enabled": False}


def test_market_data_and_accounts_show_the_market(futures: Client) -> None:
    account = futures.call("GET", "/ver1/accounts/7").body
    rates = futures.call("GET", f"/ver1/accounts/currency_rates?market_code=paper_trading&pair={PAIR}").body
    pairs = futures.call("GET", "/ver1/accounts/market_pairs?market_code=binance_futures").body

    assert (account["supported_market_types"], account["usd_amount"]) == (["futures"], "19500000.0")
    assert rates["instrumentKind"] == "linear_futures"
    assert PAIR in pairs
    assert "USDT_BTC" not in pairs


def test_a_contract_is_traded_with_leverage_cross_or_isolated(futures: Client) -> None:
    leverages = futures.call("GET", f"/ver1/accounts/7/leverage_data?pair={PAIR}").body

    assert [(each["code"], each["can_set_leverage_value"]) for each in leverages] == [
        ("cross", True),
        ("isolated", True),
    ]
    assert leverages[0]["valid"] == {"min": 1, "max": "125"}


@pytest.mark.parametrize("code", ["binance_futures", "paper_trading"])
def test_rates_of_a_contract_come_with_its_leverages_and_market_minimum(futures: Client, code: str) -> None:
    query = f"market_code={code}&pair={PAIR}"
    rates = futures.call("GET", f"/ver1/accounts/currency_rates_with_leverage_data?{query}").body
    leverages = futures.call("GET", f"/ver1/accounts/7/leverage_data?pair={PAIR}").body

    assert rates["leverage_data"] == leverages
    assert (rates["minMarketBuyAmount"], rates["minMarketSellAmount"]) == ("0.001", "0.001")


@pytest.mark.parametrize(
    "path",
    [
        "7/leverage_data?pair=USDT_BTC",
        f"1/leverage_data?pair={PAIR}",
        "currency_rates?market_code=binance_futures&pair=USDT_BTC",
        f"currency_rates?market_code=binance&pair={PAIR}",
        f"currency_rates_with_leverage_data?market_code=binance&pair={PAIR}",
    ],
)
def test_a_pair_of_the_other_market_is_unknown(futures: Client, path: str) -> None:
    answer = futures.call("GET", f"/ver1/accounts/{path}")

    assert (answer.status, answer.body["error_attributes"]) == (400, {"pair": ["Unknown pair"]})


def test_an_unknown_market_and_an_unknown_pair_are_reported_together(futures: Client) -> None:
    answer = futures.call("GET", "/ver1/accounts/currency_rates?market_code=mars&pair=USDT_NO")

    assert list(answer.body["error_attributes"]) == ["market_code", "pair"]


@pytest.mark.parametrize("market_name", ["spot", "options"])
def test_an_account_keeps_its_market(futures: Client, market_name: str) -> None:
    with pytest.raises(ConflictingAccount):
        futures.sandbox.ensure_account(7, market=market_name)


def test_a_control_path_opens_accounts(client: Client) -> None:
    answer = client.http.post("/sandbox/account", json={"id": 9, "mode": "real", "market": "futures", "name": "Mine"})
    opened = answer.get_json()["accounts"][-1]

    assert (opened["id"], opened["mode"], opened["market"], opened["name"]) == (9, "real", "futures", "Mine")
    assert client.http.post("/sandbox/account", json={"id": 9, "market": "futures"}).status_code == 422
