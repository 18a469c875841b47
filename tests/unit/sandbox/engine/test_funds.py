"""Adding to a position and taking from it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.sandbox.bodies import Body, conditional, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of, step_statuses


def funds(units: str = "0.01", price: str | None = None) -> Body:
    body: Body = {"order_type": "market" if price is None else "limit", "units": {"value": units}}
    return body if price is None else body | {"price": {"value": price}}


def units_of(entity: Body) -> list[str]:
    return [found["units"]["value"] for found in entity["take_profit"]["steps"]]


def test_a_market_order_is_averaged_and_the_steps_grow(client: Client) -> None:
    body = trade(take_profit=steps(step("10000", 50), step("11000", 50)), stop_loss=stop("8000"))
    trade_id = client.open(body)["id"]
    client.price("9000")
    answer = client.post(f"{trade_id}/add_funds", funds())
    entity = client.show(trade_id)

    assert (answer.status, status_of(answer.body)) == (201, "waiting_targets")
    assert entity["position"]["units"]["value"] == "0.02"
    # 0.01 at 9500.01 and 0.01 at 9000.01, each with 0.1 % commission.
    assert entity["position"]["total"] == {"value": "185.1852002", "value_without_commission": "185.0002"}
    assert entity["position"]["price"]["value"] == "9259.26"
    assert entity["position"]["price"]["value_without_commission"] == "9250.01"
    assert units_of(entity) == ["0.01", "0.01"]
    assert [found["price"]["value"] for found in entity["take_profit"]["steps"]] == ["10000.0", "11000.0"]
    assert client.balance("BTC")[1] == Decimal("0.02")


def test_a_limit_order_is_a_pending_trade_of_its_own(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000"))))["id"]
    client.post(f"{trade_id}/add_funds", funds(price="9000"))
    client.show(trade_id)
    added = client.orders(trade_id)[-1]

    assert (added["trade_purpose"], added["status"], added["order_price"]) == ("position", "order_placed", "9000.0")
    assert (added["cancelable"], client.balance("USDT")[1]) == (True, Decimal("90.09"))
    client.price("8999.99")
    assert client.show(trade_id)["position"]["units"]["value"] == "0.02"
    assert units_of(client.show(trade_id)) == ["0.02"]


def test_a_pending_order_can_be_cancelled(client: Client) -> None:
    trade_id = client.open(trade())["id"]
    client.post(f"{trade_id}/add_funds", funds(price="9000"))
    order_id = client.orders(trade_id)[-1]["id"]

    assert client.delete(f"{trade_id}/trades/{order_id}").status == 200
    assert client.balance("USDT")[1] == 0
    assert client.orders(trade_id)[-1]["status"] == "cancelled"
    assert client.delete(f"{trade_id}/trades/{order_id}").status == 422
    assert status_of(client.show(trade_id)) == "waiting_targets"


def test_funds_may_be_added_before_the_entry(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000"), take_profit=steps(step("10000"))))["id"]
    client.post(f"{trade_id}/add_funds", funds())
    waiting = client.show(trade_id)

    assert (status_of(waiting), waiting["data"]["entered_amount"]) == ("waiting_position", "0.01")
    client.price("8900")
    assert units_of(client.show(trade_id)) == ["0.02"]


def test_an_order_that_cannot_be_paid_fails_alone(client: Client) -> None:
    trade_id = client.open(trade())["id"]
    with client.sandbox.transaction() as transaction:
        transaction.wallet(1).spend("USDT", Decimal(9999850))
    client.post(f"{trade_id}/add_funds", funds())

    assert status_of(client.show(trade_id)) == "waiting_targets"
    assert client.orders(trade_id)[-1]["status"] == "failed"


def test_what_is_not_offered_is_refused(client: Client) -> None:
    trailing = client.open(trade(position=conditional("9000", trailing={"enabled": True, "percent": 2})))
    instant = client.open(trade(instant=True, position=limit("9000")))
    for entity in (trailing, instant):
        assert not entity["data"]["add_funds_available"]
        answer = client.post(f"{entity['id']}/add_funds", funds())
        assert (answer.status, answer.body["error"]) == (400, "Wrong param(s)")


@pytest.mark.parametrize(
    ("body", "attributes"),
    [
        (
            {},
            {
                "order_type": ["is missing", "does not have a valid value"],
                "units": ["is missing"],
                "units[value]": ["is missing"],
            },
        ),
        ({"order_type": "limit", "units": {"value": 1}}, {"price": ["is missing"], "price[value]": ["is missing"]}),
    ],
)
def test_a_malformed_request_names_every_field(client: Client, body: Body, attributes: Body) -> None:
    trade_id = client.open(trade())["id"]
    answer = client.post(f"{trade_id}/add_funds", body)

    assert (answer.status, answer.body["error_attributes"]) == (400, attributes)


@pytest.mark.parametrize(
    ("name", "body", "attributes"),
    [
        ("add_funds", funds("0.00001"), {"total": ["must be greater than or equal to 5.0"]}),
        ("add_funds", funds("0.000015"), {"units_to_buy": ["Should change with step 0.00001"]}),
        ("reduce_funds", funds("0.000001"), {"entered_amount": ["Too small"]}),
        ("reduce_funds", funds("0.01"), {"entered_amount": ["Too big"]}),
        ("reduce_funds", funds("0.000015"), {"entered_amount": ["Should change with step 0.00001"]}),
    ],
)
def test_the_exchange_has_its_limits(client: Client, name: str, body: Body, attributes: Body) -> None:
    client.sandbox.configure("off_grid", "refused")
    trade_id = client.open(trade())["id"]
    answer = client.post(f"{trade_id}/{name}", body)

    assert (answer.status, answer.body["error_attributes"]) == (422, attributes)


def test_a_reduction_closes_a_part_and_the_steps_shrink(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000", 50), step("11000", 50))))["id"]
    answer = client.post(f"{trade_id}/reduce_funds", funds("0.004"))

    assert (answer.status, status_of(answer.body)) == (201, "pending_reduce_funds")
    assert status_of(answer.body["reduce_funds"]["steps"][0]) == "idle"
    flags = answer.body["data"]
    assert (flags["editable"], flags["cancel_available"], flags["panic_sell_available"]) == (False, True, True)
    entity = client.show(trade_id)
    assert (status_of(entity), entity["data"]["closed_amount"]) == ("waiting_targets", "0.004")
    assert (units_of(entity), client.balance("BTC")[1]) == (["0.003", "0.003"], Decimal("0.006"))
    client.price("11000")
    assert client.show(trade_id)["data"]["closed_amount"] == "0.01"


def test_a_limit_reduction_rests_while_the_exits_keep_watch(client: Client) -> None:
    body = trade(take_profit=steps(step("11000")), stop_loss=stop("9000"))
    first, second, third = (client.open(body)["id"] for _ in range(3))
    for trade_id in (first, second, third):
        client.post(f"{trade_id}/reduce_funds", funds("0.004", "10000"))
        assert status_of(client.show(trade_id)) == "reduce_funds_in_progress"
    order = client.show(second)["reduce_funds"]["steps"][0]
    assert (status_of(order), order["data"]["cancelable"]) == ("order_placed", True)
    client.delete(f"{second}/trades/{order['id']}")

    assert (status_of(client.show(second)), units_of(client.show(second))) == ("waiting_targets", ["0.01"])
    client.post(f"{third}/close_by_market")
    assert status_of(client.show(third)) == "panic_sold"
    client.price("10000")
    reduced = client.show(first)
    assert (status_of(reduced), units_of(reduced)) == ("waiting_targets", ["0.006"])
    client.price("9000")
    assert client.show(first)["data"]["closed_amount"] == "0.01"
    assert client.balance("BTC")[1] == 0


def test_the_stop_takes_all_although_a_reduction_rests(client: Client) -> None:
    trade_id = client.open(trade(stop_loss=stop("9000")))["id"]
    client.post(f"{trade_id}/reduce_funds", funds("0.004", "10000"))
    client.show(trade_id)
    client.price("8900")
    ended = client.show(trade_id)

    assert (status_of(ended), ended["data"]["closed_amount"]) == ("stop_loss_finished", "0.01")
    assert status_of(ended["reduce_funds"]["steps"][0]) == "cancelled"


def test_the_last_step_takes_all_although_a_reduction_rests(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000"))))["id"]
    client.post(f"{trade_id}/reduce_funds", funds("0.004", "11000"))
    client.show(trade_id)
    client.price("10000")

    assert client.show(trade_id)["data"]["closed_amount"] == "0.01"
    assert step_statuses(client.show(trade_id)) == ["finished"]


def test_a_reduction_is_refused_in_any_other_status(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000")))["id"]
    text = "Reduce funds is not allowed in the current status"
    expected = (400, {"error": "Wrong param(s)", "error_description": text})

    answer = client.post(f"{trade_id}/reduce_funds", funds())
    assert (answer.status, answer.body) == expected
    answer = client.call("GET", f"/v2/smart_trades/{trade_id}/reduce_funds_info")
    assert (answer.status, answer.body) == expected


def test_funds_of_a_short_are_mirrored(client: Client) -> None:
    body = trade(position=market(side="sell"), take_profit=steps(step("9000")))
    trade_id = client.open(body)["id"]
    client.post(f"{trade_id}/add_funds", funds(price="9600"))
    client.show(trade_id)
    client.price("9600")
    client.post(f"{trade_id}/reduce_funds", funds("0.005"))
    entity = client.show(trade_id)

    assert (entity["data"]["entered_amount"], entity["data"]["closed_amount"]) == ("0.02", "0.005")
    assert units_of(entity) == ["0.015"]


def test_a_step_that_is_being_closed_grows_with_the_others(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000", 50), step("11000", 50))))["id"]
    client.sandbox.configure("pending_reads", "clock")
    step_id = client.show(trade_id)["take_profit"]["steps"][0]["id"]
    client.post(f"{trade_id}/trades/{step_id}/close_by_market")
    client.post(f"{trade_id}/add_funds", funds())
    client.sandbox.advance(1)
    entity = client.show(trade_id)

    assert step_statuses(entity) == ["panic_sold", "order_placed"]
    assert (entity["data"]["closed_amount"], units_of(entity)) == ("0.01", ["0.01", "0.01"])


def test_a_trailing_stop_in_percent_waits_for_the_entry_to_be_armed(client: Client) -> None:
    client.sandbox.configure("pending_reads", "clock")
    level = {"price": {"type": "last", "percent": 5}}
    trailing = {"enabled": True, "percent": 0}
    body = trade(
        position=conditional("9500.01", trailing=trailing),
        take_profit=steps(step("1") | level),
        stop_loss=stop("1") | {"conditional": level},
    )
    trade_id = client.create(body)["id"]
    for _ in range(2):
        client.sandbox.advance(1)
    client.price("9500")
    assert status_of(client.show(trade_id)) == "waiting_targets"
    # Neither level exists yet, so nothing can fire.
    client.price("5000")
    assert status_of(client.show(trade_id)) == "waiting_targets"
    client.sandbox.advance(1)

    assert status_of(client.show(trade_id)) == "stop_loss_in_progress"
