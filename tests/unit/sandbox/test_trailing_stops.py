"""Trailing stops as the documents and recorded answers have them: without a distance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.sandbox.bodies import Body, market, step, steps, trade
from tests.unit.sandbox.client import Client, status_of

UNITS = {"units": {"value": "0.01"}}


def trailing(trigger: str = "9000", **others: Any) -> Body:
    conditional = {"price": {"type": "last", "value": trigger}, "trailing": {"enabled": True, **others}}
    return {"enabled": True, "order_type": "market", "conditional": conditional}


def read_conditional(entity: Body) -> Any:
    return entity["stop_loss"]["conditional"]


@pytest.fixture
def recorded(client: Client) -> Client:
    """Bitcoin at 10,000, in a sandbox that answers no distance."""
    client.sandbox.configure("trailing_percent", "null")
    client.price("10000")
    return client


@pytest.mark.parametrize("given", [{}, {"percent": None}, {"percent": 4}, {"percent": "4"}])
def test_a_trailing_stop_is_answered_without_its_distance(recorded: Client, given: Body) -> None:
    entity = recorded.open(trade(stop_loss=trailing(**given)))
    orders = recorded.orders(entity["id"])

    assert read_conditional(entity)["trailing"] == {"enabled": True, "percent": None}
    assert status_of(entity["stop_loss"]) == "trailing_activated"
    assert (orders[1]["trailing_enabled"], orders[1]["trail_percentage"]) == (True, None)


@pytest.mark.parametrize("given", [{}, {"percent": 4}])
def test_the_distance_is_that_between_price_and_trigger(recorded: Client, given: Body) -> None:
    trade_id = recorded.open(trade(stop_loss=trailing(**given)))["id"]
    assert read_conditional(recorded.show(trade_id))["price"]["value"] == "9000.0"
    recorded.price("11001.37")

    assert read_conditional(recorded.show(trade_id))["price"]["value"] == "9901.233"
    recorded.price("9901.24")
    assert status_of(recorded.show(trade_id)) == "waiting_targets"
    recorded.price("9901.23")
    assert status_of(recorded.show(trade_id)) == "stop_loss_finished"


def test_a_short_trailing_stop_follows_the_falling_price(recorded: Client) -> None:
    trade_id = recorded.open(trade(position=market(side="sell"), stop_loss=trailing("10500")))["id"]
    recorded.price("9000")

    assert read_conditional(recorded.show(trade_id))["price"]["value"] == "9450.0"
    recorded.price("9450")
    assert status_of(recorded.show(trade_id)) == "stop_loss_finished"


def test_a_moved_trigger_has_no_more_digits_than_recorded_ones(recorded: Client) -> None:
    recorded.price("9700")
    trade_id = recorded.open(trade(stop_loss=trailing("9000")))["id"]
    recorded.price("10001.01")
    value = read_conditional(recorded.show(trade_id))["price"]["value"]

    assert Decimal(value) == (Decimal("10001.01") * 9000 / 9700).quantize(Decimal("1e-12"))


def test_a_trailing_stop_that_is_echoed_goes_on_trailing(recorded: Client) -> None:
    trade_id = recorded.open(trade(take_profit=steps(step("12000")), stop_loss=trailing()))["id"]
    recorded.price("11001.37")
    shown = recorded.show(trade_id)["stop_loss"]
    stop = {name: shown[name] for name in ("enabled", "order_type", "conditional")}
    answer = recorded.patch(trade_id, {"position": UNITS, "take_profit": steps(step("13000")), "stop_loss": stop})

    assert answer.status == 200
    assert read_conditional(recorded.show(trade_id))["price"]["value"] == "9901.233"
    recorded.price("12000")
    assert read_conditional(recorded.show(trade_id))["price"]["value"] == "10800.0"


def test_an_echo_is_taken_even_if_values_off_the_grid_are_refused(recorded: Client) -> None:
    recorded.sandbox.configure("off_grid", "refused")
    trade_id = recorded.open(trade(stop_loss=trailing()))["id"]
    recorded.price("11001.37")
    shown = recorded.show(trade_id)["stop_loss"]
    other = trailing("9901.2331")

    assert recorded.patch(trade_id, {"position": UNITS, "stop_loss": shown}).status == 200
    assert recorded.patch(trade_id, {"position": UNITS, "stop_loss": other}).status == 422


def test_another_trigger_begins_a_new_distance(recorded: Client) -> None:
    trade_id = recorded.open(trade(stop_loss=trailing()))["id"]
    recorded.price("11000")
    recorded.patch(trade_id, {"position": UNITS, "stop_loss": trailing("10450")})
    recorded.price("12000")

    assert read_conditional(recorded.show(trade_id))["price"]["value"] == "11400.0"


def test_a_stop_beyond_the_price_fires_and_does_not_trail(recorded: Client) -> None:
    trade_id = recorded.open(trade(stop_loss=trailing("10001")))["id"]
    recorded.price("10000.5")

    assert status_of(recorded.show(trade_id)) == "stop_loss_finished"


def test_a_distance_is_used_and_echoed_where_the_option_says_so(client: Client) -> None:
    client.sandbox.configure("trailing_percent", "as_sent")
    client.price("10000")
    given, derived = (client.open(trade(stop_loss=each))["id"] for each in (trailing(percent=4), trailing()))
    client.price("11000")

    assert [read_conditional(client.show(each))["trailing"]["percent"] for each in (given, derived)] == ["4.0", None]
    client.price("10560")
    assert [status_of(client.show(each)) for each in (given, derived)] == ["stop_loss_finished", "waiting_targets"]
