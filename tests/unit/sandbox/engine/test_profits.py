"""The arithmetic reproduces the figures of published answers to the last digit.

Source: SmartTrade, create, add funds, reduce funds and cancel trade pages.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.sizing import share_units
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.decimals import format_decimal
from tests.unit.sandbox.bodies import Body, market, step, steps, trade
from tests.unit.sandbox.client import Client

DOGE = "USDT_DOGE"


@pytest.fixture
def real(sandbox: Sandbox) -> Client:
    """An exchange that takes its fee of 0.6 % in what an order receives."""
    sandbox.configure("fee_currency", "received")
    sandbox.configure("fee_pct", "0.6")
    return Client(sandbox)


def at(client: Client, bid: str, ask: str) -> None:
    client.price(bid, pair=DOGE, bid=bid, ask=ask)


def doge(units: str, side: str = "buy", **groups: object) -> Body:
    return trade(pair=DOGE, position=market(units, side), **groups)


def test_the_profit_of_the_published_long(client: Client) -> None:
    # The published entry cost 2.0536 in all: 20 units that were held already at 0.10268.
    at(client, "0.10257", "0.10258")
    own = market("20") | {"price": {"value": "0.10268"}}
    entity = client.open(trade(pair=DOGE, position=own, skip_enter_step=True))

    assert entity["data"]["entered_total"] == "2.0536"
    assert entity["profit"] == {"volume": "-0.0042514", "usd": "-0.0042514", "percent": "-0.21", "roe": None}


def test_the_profit_of_the_published_short(client: Client) -> None:
    at(client, "0.2639", "0.264")
    # 7.8 units that brought 1.977066 in all; DOGE has whole lots here, so ten times as many.
    own = market("78", "sell") | {"price": {"value": "0.25347"}}
    entity = client.open(trade(pair=DOGE, position=own, skip_enter_step=True))

    assert entity["data"]["entered_total"] == "19.77066"
    assert entity["profit"]["volume"] == "-0.841932"


def test_the_commission_of_a_paper_account_is_taken_in_quote_currency(client: Client) -> None:
    at(client, "0.03715", "0.03716")
    client.sandbox.configure("fee_pct", "0.1")
    # 4 units cost 0.14878864; the smallest order here is worth one USDT, so a hundred times as many.
    entity = client.open(doge("400"))

    assert entity["data"]["entered_total"] == "14.878864"
    assert entity["position"]["units"]["value"] == "400.0"
    assert entity["position"]["price"]["value"] == "0.03719"


def test_the_commission_of_a_real_account_is_taken_in_base_currency(real: Client) -> None:
    at(real, "0.10558", "0.10559")
    exits = steps(*(step(price, volume) for price, volume in (("0.11", 50), ("0.12", 25), ("0.13", 25))))
    entity = real.open(doge("15", take_profit=exits))

    assert entity["position"]["units"]["value"] == "14.91"
    assert entity["position"]["total"] == {"value": "1.58385"}
    assert entity["position"]["price"] == {"value": "0.10622", "value_without_commission": "0.10559", "editable": False}
    assert [found["units"]["value"] for found in entity["take_profit"]["steps"]] == ["8.0", "3.0", "3.0"]
    assert entity["take_profit"]["steps"][0]["total"] == "0.88"
    assert entity["data"]["commission"] == 0.001


def test_what_the_fee_leaves_beyond_whole_lots_is_not_sold(real: Client) -> None:
    at(real, "0.10558", "0.10559")
    trade_id = real.open(doge("15", take_profit=steps(step("0.11"))))["id"]
    at(real, "0.11", "0.12")

    assert real.show(trade_id)["data"]["closed_amount"] == "14.0"


def test_steps_share_whole_lots_and_the_first_takes_the_remainder() -> None:
    lot = Decimal(1)
    found = share_units(Decimal("14.91"), [Decimal(50), Decimal(25), Decimal(25)], lot)
    assert [format_decimal(units) for units in found] == ["8.0", "3.0", "3.0"]
    found = share_units(Decimal(20), [Decimal(35), Decimal(35)], lot)
    assert [format_decimal(units) for units in found] == ["7.0", "7.0"]


def test_the_published_answer_of_add_funds(real: Client) -> None:
    # The published position is 44 units for 4.57371 in all; these two orders come to just that.
    at(real, "0.10388", "0.10389")
    trade_id = real.open(doge("29", take_profit=steps(step("0.1098"))))["id"]
    at(real, "0.10388", "0.10406")
    real.post(f"{trade_id}/add_funds", {"order_type": "market", "units": {"value": "15"}})
    entity = real.show(trade_id)

    assert entity["position"]["units"]["value"] == "43.736"
    assert entity["position"]["total"] == {"value": "4.57371", "value_without_commission": "4.54626774"}
    assert Decimal("4.57371") * Decimal("0.994") == Decimal("4.54626774")
    assert entity["take_profit"]["steps"][0]["units"]["value"] == "43.0"
    assert entity["take_profit"]["steps"][0]["price"]["value"] == "0.1098"

    # And the answer of reduce funds info, for the same position.
    at(real, "0.10056", "0.10057")
    info = real.call("GET", f"/v2/smart_trades/{trade_id}/reduce_funds_info")
    assert info.body["max_reduce_funds_amount"].startswith("28.81953221957040572792362768")


def test_a_market_create_is_shown_at_the_ask_until_it_is_filled(client: Client) -> None:
    client.price("56283.72")
    entity = client.create(trade())

    assert entity["position"]["price"]["value"] == "56283.73"
    assert entity["position"]["total"]["value"] == "562.8373"


def test_a_percentage_of_a_trailing_entry_is_truncated_and_shown_beside_the_value(client: Client) -> None:
    # Nothing is bought below: the published step shows 0.1098 beside 5.0 %, which is 5 % above 0.10457.
    at(client, "0.10446", "0.10447")
    trailing = {
        "type": "buy",
        "order_type": "conditional",
        "units": {"value": "44"},
        "conditional": {
            "price": {"value": "0.10447"},
            "order_type": "market",
            "trailing": {"enabled": True, "percent": 0},
        },
    }
    level = {"price": {"type": "last", "percent": 5}}
    body = trade(pair=DOGE, position=trailing, take_profit=steps(step("1") | level))
    trade_id = client.open(body)["id"]
    at(client, "0.10446", "0.10447")

    assert client.show(trade_id)["take_profit"]["steps"][0]["price"] == {
        "type": "last",
        "value": "0.1098",
        "percent": "5.0",
    }
