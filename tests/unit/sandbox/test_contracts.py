"""Contracts with a size: totals and profits of linear and of inverse pairs, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reconciler.sandbox.values.pairs import PAIRS, split_pair
from tests.unit.sandbox.bodies import Body, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of

LINEAR = "USDT_BTC_USDT"
INVERSE = "BTC_BTCUSD_PERP"


@pytest.fixture
def futures(client: Client) -> Client:
    """A futures account, without fees."""
    client.sandbox.ensure_account(7, market="futures")
    client.sandbox.configure("fee_pct", "0")
    return client


def contract(pair: str, **groups: object) -> Body:
    return trade(account_id=7, pair=pair, **groups)


def rates(client: Client, pair: str, code: str = "paper_trading") -> Any:
    path = f"/ver1/accounts/currency_rates_with_leverage_data?market_code={code}&pair={pair}"
    return client.call("GET", path).body


def test_the_recorded_total_of_a_linear_contract_is_reproduced(futures: Client) -> None:
    futures.price("119306.9", pair=LINEAR, ask="119306.9")
    entity = futures.open(contract(LINEAR, position=market("25")))

    assert entity["position"]["units"]["value"] == "25.0"
    assert entity["position"]["price"]["value"] == "119306.9"
    assert entity["position"]["total"]["value"] == "298.26725"
    assert entity["data"]["entered_total"] == "298.26725"


def test_a_linear_contract_wins_and_loses_units_times_size_times_price(futures: Client) -> None:
    futures.price("60000", pair=LINEAR, ask="60000")
    position = {"position": market("25"), "take_profit": steps(step("61000.1")), "stop_loss": stop("59000")}
    won, lost = futures.open(contract(LINEAR, **position)), futures.open(contract(LINEAR, **position))
    futures.price("61000.1", pair=LINEAR)
    assert futures.show(won["id"])["take_profit"]["steps"][0]["total"] == "152.50025"
    assert futures.show(won["id"])["profit"]["volume"] == "2.50025"
    assert futures.show(lost["id"])["profit"]["percent"] == "1.67"


def test_a_short_linear_contract_with_fees_is_right_to_the_last_digit(futures: Client) -> None:
    futures.sandbox.configure("fee_pct", "0.1")
    futures.price("60000", pair=LINEAR, ask="60000")
    before, _ = futures.balance("USDT", 7)
    trade_id = futures.open(contract(LINEAR, position=market("30", "sell")))["id"]
    futures.price("59000", pair=LINEAR, ask="59000")
    futures.post(f"{trade_id}/close_by_market")
    entity = futures.show(trade_id)

    # 30 contracts of 0.0001 BTC are 180 USDT at the entry and 177 USDT at the close; 0.1 % of each is the fee.
    profit = Decimal(180) * Decimal("0.999") - Decimal(177) * Decimal("1.001")
    assert (entity["profit"]["volume"], futures.balance("USDT", 7)[0] - before) == ("2.643", profit)
    assert entity["data"]["average_enter_price_without_commission"] == "60000.0"
    assert entity["data"]["average_close_price_without_commission"] == "59000.0"


def test_a_limit_of_a_linear_contract_reserves_what_it_costs(futures: Client) -> None:
    futures.open(contract(LINEAR, position=limit("50000", "10")))

    assert futures.balance("USDT", 7)[1] == 50


@pytest.mark.parametrize(("side", "last", "profit"), [("buy", "50000", "0.001"), ("sell", "40000", "0.0005")])
def test_an_inverse_contract_is_settled_in_coins(futures: Client, side: str, last: str, profit: str) -> None:
    # 2 contracts of 100 USD. Bought at 40000 and closed at 50000: 0.005 - 0.004 BTC.
    entry = "40000" if side == "buy" else "44444.4"
    futures.price(entry, pair=INVERSE, ask=entry)
    before, _ = futures.balance("BTC", 7)
    trade_id = futures.open(contract(INVERSE, position=market("2", side)))["id"]
    futures.price(last, pair=INVERSE, ask=last)
    futures.post(f"{trade_id}/close_by_market")
    entity = futures.show(trade_id)

    assert status_of(entity) == "panic_sold"
    assert Decimal(entity["profit"]["volume"]).quantize(Decimal("1e-8")) == Decimal(profit)
    assert (futures.balance("BTC", 7)[0] - before).quantize(Decimal("1e-8")) == Decimal(profit)


def test_the_recorded_total_of_an_inverse_contract_is_reproduced(futures: Client) -> None:
    futures.price("32809.8", pair=INVERSE, ask="32809.8")
    entity = futures.open(contract(INVERSE, position=market("2")))

    assert Decimal(entity["position"]["total"]["value"]).quantize(Decimal("1e-8")) == Decimal("0.00609574")
    assert entity["data"]["orderbook_price_currency"] == "BTC"


def test_fees_of_inverse_contracts_make_a_profit_smaller_on_both_sides(futures: Client) -> None:
    futures.sandbox.configure("fee_pct", "0.1")
    futures.price("40000", pair=INVERSE, ask="40000")
    entities = [futures.open(contract(INVERSE, position=market("200", side))) for side in ("buy", "sell")]

    assert [Decimal(entity["profit"]["volume"]) < 0 for entity in entities] == [True, True]
    assert [entity["position"]["price"]["value"] for entity in entities] == ["40040.0", "39960.0"]


def test_profits_of_contracts_are_ordered_by_what_they_are_worth(futures: Client) -> None:
    for pair in (LINEAR, INVERSE, "USDT_BTCUSDT"):
        futures.price("40000", pair=pair, ask="40000")
    wanted = [("USDT_BTCUSDT", "0.003"), (LINEAR, "20"), (INVERSE, "2")]
    ids = [futures.open(contract(pair, position=market(units)))["id"] for pair, units in wanted]
    for pair in (LINEAR, INVERSE, "USDT_BTCUSDT"):
        futures.price("50000", pair=pair, ask="50000")
    listed = futures.call("GET", "/v2/smart_trades?order_by=profit&order_direction=desc").body

    assert [entity["id"] for entity in listed] == ids


def test_rates_name_the_size_of_a_contract_by_an_option(futures: Client) -> None:
    named = {
        value: [pair for pair in PAIRS if "quanto_multiplier" in rates(futures, pair)]
        for value in ("linear", "always", "never")
        if futures.sandbox.configure("quanto_multiplier", value)
    }

    assert named["linear"] == [LINEAR]
    assert set(named["always"]) == {"USDT_BTCUSDT", "USDT_ETHUSDT", "USDT_SOLUSDT", LINEAR, INVERSE}
    assert named["never"] == []
    futures.sandbox.configure("quanto_multiplier", "always")
    assert rates(futures, LINEAR, "gate_io_usdt_perpetual")["quanto_multiplier"] == "0.0001"
    assert rates(futures, INVERSE, "binance_futures_coin")["quanto_multiplier"] == "100.0"
    assert rates(futures, INVERSE)["instrumentKind"] == "inverse_futures"


def test_a_list_can_be_filtered_by_the_parts_of_a_long_name(futures: Client) -> None:
    trade_id = futures.open(contract(LINEAR, position=market("25")))["id"]
    listed = futures.call("GET", "/v2/smart_trades?quote=USDT&base=BTC_USDT").body

    assert split_pair(LINEAR) == ("USDT", "BTC_USDT")
    assert [entity["id"] for entity in listed] == [trade_id]


def test_a_reduction_of_contracts_leaves_the_smallest_total(futures: Client) -> None:
    futures.price("50000", pair=LINEAR, ask="50000")
    trade_id = futures.open(contract(LINEAR, position=market("25")))["id"]
    info = futures.call("GET", f"/v2/smart_trades/{trade_id}/reduce_funds_info").body

    # 25 contracts are 125 USDT; 7.5 USDT, one and a half of the smallest total, must stay.
    assert info == {"max_reduce_funds_amount": "23.5"}


def test_a_contract_can_be_held_already(futures: Client) -> None:
    own = market("25") | {"price": {"value": "60000"}}
    entity = futures.open(contract(LINEAR, skip_enter_step=True, position=own))

    assert entity["data"]["entered_total"] == "150.0"
    futures.patch(entity["id"], {"position": own | {"price": {"value": "62000"}}})
    assert futures.show(entity["id"])["data"]["entered_total"] == "155.0"
