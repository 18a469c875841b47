"""Values off their grid: prices and units are cut, triggers are kept; or all are refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.bodies import Body, conditional, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of

STEP, KEPT = steps(step("10000.126")), stop("9000.555")


def read_exits(entity: Body) -> tuple[Any, Any]:
    step_price = entity["take_profit"]["steps"][0]["price"]["value"]
    return step_price, entity["stop_loss"]["conditional"]["price"]["value"]


def test_prices_of_steps_are_cut_and_triggers_of_stops_are_kept(client: Client) -> None:
    entity = client.open(trade(take_profit=STEP, stop_loss=KEPT))

    assert read_exits(entity) == ("10000.12", "9000.555")
    client.price("9000.56")
    assert status_of(client.show(entity["id"])) == "waiting_targets"
    client.price("9000.55")
    assert status_of(client.show(entity["id"])) == "stop_loss_finished"


def test_units_and_prices_of_orders_are_cut(client: Client) -> None:
    entity = client.open(trade(position=limit("9000.999", "0.0025145")))
    limited = stop("9000.555", order_type="limit", price={"value": "8999.999"})
    waiting = client.open(trade(position=conditional("9900.123", price="9900.129"), stop_loss=limited))

    assert entity["position"]["units"]["value"] == "0.00251"
    assert entity["position"]["price"]["value"] == "9000.99"
    assert waiting["position"]["price"]["value"] == "9900.12"
    assert waiting["position"]["conditional"]["price"]["value"] == "9900.123"
    assert waiting["stop_loss"]["price"]["value"] == "8999.99"


def test_an_update_and_orders_of_funds_are_cut(client: Client) -> None:
    trade_id = client.open(trade())["id"]
    client.patch(trade_id, {"position": market("0.01"), "take_profit": STEP, "stop_loss": KEPT})
    assert read_exits(client.show(trade_id)) == ("10000.12", "9000.555")

    funds = {"order_type": "limit", "units": {"value": "0.0012345"}, "price": {"value": "9100.129"}}
    assert client.post(f"{trade_id}/add_funds", funds).status == 201
    added = client.orders(trade_id)[-1]
    assert (added["initial_amount"], added["order_price"]) == ("0.00123", "9100.12")
    assert client.post(f"{trade_id}/reduce_funds", funds | {"price": {"value": "9999.999"}}).status == 201
    assert client.show(trade_id)["reduce_funds"]["steps"][0]["price"]["value"] == "9999.99"


def test_the_own_price_of_coins_is_never_cut(client: Client) -> None:
    own = market("0.01") | {"price": {"value": "8765.4321"}}
    entity = client.open(trade(skip_enter_step=True, position=own))

    assert entity["position"]["price"]["value"] == "8765.4321"


def test_units_below_a_lot_are_too_few(client: Client) -> None:
    answer = client.call("POST", "/v2/smart_trades", trade(position=market("0.000009")))

    assert answer.status == 422
    assert answer.body["error_attributes"]["units_to_buy"] == ["must be greater than or equal to 0.00001"]


@pytest.mark.parametrize(
    ("groups", "key"),
    [
        ({"take_profit": STEP}, "take_profit.steps.0.price"),
        ({"stop_loss": KEPT}, "stop_loss.conditional.price"),
        ({"position": market("0.0025145")}, "units_to_buy"),
        ({"position": conditional("9900.123")}, "position.conditional.price"),
    ],
)
def test_an_option_refuses_all_of_them(client: Client, groups: Body, key: str) -> None:
    client.sandbox.configure("off_grid", "refused")
    answer = client.call("POST", "/v2/smart_trades", trade(**groups))

    assert (answer.status, answer.body["error_attributes"][key][0][:23]) == (422, "Should change with step")
