"""What the exchange does on demand: partial fills, refusals, fills while cancelling, stops that die."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.values.errors import InvalidEvent
from tests.unit.sandbox.bodies import limit, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of, step_statuses


def order_id(client: Client, trade_id: int, purpose: str) -> int:
    return next(int(found["id"]) for found in client.orders(trade_id) if found["trade_purpose"] == purpose)


def test_an_entry_fills_in_parts(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000"), take_profit=steps(step("10000"))))["id"]
    assert client.sandbox.fill(trade_id, Decimal("0.004"))["filled"] == "0.004"
    entity = client.show(trade_id)

    assert (status_of(entity), status_of(entity["position"])) == ("waiting_position", "order_placed")
    assert (entity["data"]["entered_amount"], entity["is_position_not_filled"]) == ("0.004", True)
    assert client.orders(trade_id)[0]["realised_percentage"] == "40.0"
    assert client.balance("USDT")[1] == Decimal("54.054")
    client.sandbox.fill(trade_id, Decimal("0.006"))
    filled = client.show(trade_id)
    assert (status_of(filled), filled["data"]["entered_total"]) == ("waiting_targets", "90.09")
    assert step_statuses(filled) == ["order_placed"]


def test_a_partly_filled_entry_fills_the_rest_at_its_price(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000")))["id"]
    client.sandbox.fill(trade_id, Decimal("0.004"))
    client.patch(trade_id, {"position": {"units": {"value": "0.012"}, "price": {"value": "8900"}}})
    client.show(trade_id)
    assert client.balance("USDT")[1] == Decimal("71.2712")
    client.price("8800")

    # 0.004 at 9,000 and 0.008 at 8,900.
    assert client.show(trade_id)["data"]["entered_total"] == "107.3072"


def test_an_entry_cannot_shrink_below_what_is_filled(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000")))["id"]
    client.sandbox.fill(trade_id, Decimal("0.004"))
    answer = client.patch(trade_id, {"position": {"units": {"value": "0.004"}}})

    assert (answer.status, list(answer.body["error_attributes"])) == (422, ["units_to_buy"])


def test_coins_of_a_cancelled_partial_entry_are_kept(client: Client) -> None:
    before = client.balance("BTC")[0]
    trade_id = client.open(trade(position=limit("9000")))["id"]
    client.sandbox.fill(trade_id, Decimal("0.004"))
    client.delete(str(trade_id))
    ended = client.show(trade_id)

    assert (status_of(ended), status_of(ended["position"])) == ("cancelled", "cancelled")
    assert (ended["data"]["entered_amount"], client.balance("BTC")) == (
        "0.004",
        (before + Decimal("0.004"), Decimal(0)),
    )


def test_a_step_fills_in_parts(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000", 50), step("11000", 50))))["id"]
    client.sandbox.fill(trade_id, Decimal("0.002"))
    entity = client.show(trade_id)
    assert (step_statuses(entity), entity["data"]["closed_amount"]) == (["order_placed"] * 2, "0.002")
    client.price("10000")
    assert client.show(trade_id)["data"]["closed_total"] == "49.95"


@pytest.mark.parametrize("is_update", [True, False])
def test_what_a_removed_step_had_sold_stays_sold(client: Client, *, is_update: bool) -> None:
    exits = steps(step("10000", 50), step("11000", 50))
    trade_id = client.open(trade(take_profit=exits))["id"]
    client.sandbox.fill(trade_id, Decimal("0.002"))
    if is_update:
        client.patch(trade_id, {"position": {"units": {"value": "0.01"}}, "take_profit": exits})
    else:
        client.delete(f"{trade_id}/trades/{order_id(client, trade_id, 'take_profit')}")
    entity = client.show(trade_id)

    assert entity["data"]["closed_amount"] == "0.002"
    assert entity["data"]["average_close_price_without_commission"] == "10000.0"


def test_a_limit_stop_fills_in_parts(client: Client) -> None:
    body = trade(stop_loss=stop("9000", order_type="limit", price={"value": "8900"}))
    trade_id = client.open(body)["id"]
    client.price("8800")
    client.sandbox.fill(trade_id, Decimal("0.004"))
    assert status_of(client.show(trade_id)) == "stop_loss_in_progress"

    client.sandbox.fill(trade_id, Decimal("0.006"))
    ended = client.show(trade_id)
    assert (status_of(ended), ended["data"]["closed_total"]) == ("stop_loss_finished", "88.911")


def test_added_and_reduced_funds_fill_in_parts(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("11000"))))["id"]
    body = {"order_type": "limit", "units": {"value": "0.01"}, "price": {"value": "9000"}}
    client.post(f"{trade_id}/add_funds", body)
    client.show(trade_id)
    added = client.orders(trade_id)[-1]["id"]
    client.sandbox.fill(trade_id, Decimal("0.004"), order_id=added)
    assert client.show(trade_id)["take_profit"]["steps"][0]["units"]["value"] == "0.014"
    client.sandbox.fill(trade_id, Decimal("0.006"), order_id=added)

    client.post(f"{trade_id}/reduce_funds", body | {"price": {"value": "10000"}})
    client.show(trade_id)
    reduced = client.orders(trade_id)[-1]["id"]
    client.sandbox.fill(trade_id, Decimal("0.004"), order_id=reduced)
    assert status_of(client.show(trade_id)) == "reduce_funds_in_progress"
    client.sandbox.fill(trade_id, Decimal("0.006"), order_id=reduced)
    entity = client.show(trade_id)
    assert (status_of(entity), entity["take_profit"]["steps"][0]["units"]["value"]) == ("waiting_targets", "0.01")


@pytest.mark.parametrize("units", ["0", "-1", "0.02"])
def test_no_more_than_what_rests_can_be_filled(client: Client, units: str) -> None:
    trade_id = client.open(trade(position=limit("9000")))["id"]

    with pytest.raises(InvalidEvent, match="expected above 0 and up to"):
        client.sandbox.fill(trade_id, Decimal(units))


def test_only_what_rests_can_be_filled(client: Client) -> None:
    trade_id = client.open(trade())["id"]
    with pytest.raises(InvalidEvent, match="no such order"):
        client.sandbox.fill(trade_id, Decimal(1))
    with pytest.raises(InvalidEvent, match="there is no trade 5"):
        client.sandbox.fill(5, Decimal(1))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (None, "Insufficient funds: the balance of the account is too low"),
        ("kyc", "You need to pass KYC on the exchange to trade on this pair"),
        ("pair_closed", "Trading on this pair is closed"),
        ("the moon is full", "the moon is full"),
    ],
)
def test_the_exchange_refuses_on_demand_after_the_create_was_taken(
    client: Client, value: str | None, error: str
) -> None:
    client.sandbox.schedule("refuse", value=value)
    entity = client.create(trade())
    assert status_of(entity) == "created"

    failed = client.show(entity["id"])
    assert (failed["status"]["type"], failed["status"]["error"]) == ("failed", error)
    assert not failed["data"]["cancel_available"]
    assert status_of(client.open(trade())) == "waiting_targets"


@pytest.mark.parametrize(("percent", "position", "held"), [(None, "finished", "0.01"), ("50", "cancelled", "0.005")])
def test_an_entry_being_cancelled_fills_first(client: Client, percent: str | None, position: str, held: str) -> None:
    trade_id = client.open(trade(position=limit("9000"), take_profit=steps(step("10000"))))["id"]
    client.sandbox.schedule("fill_on_cancel", value=percent, trade_id=trade_id)
    client.delete(str(trade_id))
    ended = client.show(trade_id)

    assert (status_of(ended), status_of(ended["position"])) == ("cancelled", position)
    assert (ended["data"]["entered_amount"], client.balance("USDT")[1]) == (held, Decimal(0))


def test_a_step_being_cancelled_fills_first(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000", 50), step("11000", 50))))["id"]
    client.sandbox.schedule("fill_on_cancel", trade_id=trade_id)
    client.delete(f"{trade_id}/trades/{order_id(client, trade_id, 'take_profit')}")

    assert step_statuses(client.show(trade_id)) == ["finished", "order_placed"]


@pytest.mark.parametrize("status", ["failed", "suspended", "need_reset"])
def test_a_stop_is_inactive_after_an_update_and_active_after_another(client: Client, status: str) -> None:
    trade_id = client.open(trade(stop_loss=stop("9000")))["id"]
    client.sandbox.schedule("kill_stop", value=status)
    body = {"position": {"units": {"value": "0.01"}}, "stop_loss": stop("9100")}
    client.patch(trade_id, body)
    entity = client.show(trade_id)

    assert (status_of(entity), status_of(entity["stop_loss"])) == ("waiting_targets", status)
    client.price("8000")
    assert status_of(client.show(trade_id)) == "waiting_targets"
    client.price("9500")
    client.patch(trade_id, body)
    assert status_of(client.show(trade_id)["stop_loss"]) == "to_process"


@pytest.mark.parametrize(("percent", "status", "units"), [("100", "finished", "0.02"), ("50", "cancelled", "0.015")])
def test_added_funds_being_cancelled_fill_first(client: Client, percent: str, status: str, units: str) -> None:
    trade_id = client.open(trade(take_profit=steps(step("11000"))))["id"]
    client.post(
        f"{trade_id}/add_funds", {"order_type": "limit", "units": {"value": "0.01"}, "price": {"value": "9000"}}
    )
    client.show(trade_id)
    client.sandbox.schedule("fill_on_cancel", value=percent)
    added = client.orders(trade_id)[-1]["id"]
    client.delete(f"{trade_id}/trades/{added}")
    entity = client.show(trade_id)

    assert (client.orders(trade_id)[-1]["status"], client.balance("USDT")[1]) == (status, Decimal(0))
    assert entity["take_profit"]["steps"][0]["units"]["value"] == units


def test_a_step_filled_as_a_whole_is_finished(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000", 50), step("11000", 50))))["id"]
    client.sandbox.fill(trade_id, Decimal("0.005"))
    assert step_statuses(client.show(trade_id)) == ["finished", "order_placed"]
    client.sandbox.fill(trade_id, Decimal("0.005"))

    assert status_of(client.show(trade_id)) == "finished"


def test_a_fill_that_the_account_cannot_pay_changes_nothing(client: Client) -> None:
    body = trade(position=limit("10000", side="sell"), take_profit=steps(step("10500")))
    trade_id = client.open(body)["id"]
    with client.sandbox.transaction() as transaction:
        transaction.wallet(1).spend("USDT", Decimal(10000000))
    with pytest.raises(InvalidEvent, match="cannot be filled: Insufficient funds"):
        client.sandbox.fill(trade_id, Decimal("0.01"))

    assert status_of(client.show(trade_id)) == "waiting_position"


def test_events_wait_for_their_trade_and_are_shown_and_forgotten(client: Client) -> None:
    first, second = (client.open(trade(position=limit("9000")))["id"] for _ in range(2))
    client.sandbox.schedule("fill_on_cancel", trade_id=second)
    client.delete(str(first))
    assert client.show(first)["data"]["entered_amount"] == "0.0"
    waiting = [{"event": "fill_on_cancel", "value": "100", "trade_id": second}]
    assert client.sandbox.show()["events"] == waiting
    client.sandbox.reset()

    assert client.sandbox.show()["events"] == []


@pytest.mark.parametrize(
    ("event", "value"),
    [("earthquake", None), ("fill_on_cancel", "0"), ("fill_on_cancel", "half"), ("kill_stop", "finished")],
)
def test_an_unknown_event_says_what_is_expected(client: Client, event: str, value: str | None) -> None:
    with pytest.raises(InvalidEvent, match="expected"):
        client.sandbox.schedule(event, value=value)


def test_control_paths_schedule_fill_and_set(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000")))["id"]
    answers = [
        client.http.post("/sandbox/fill", json={"trade_id": trade_id, "units": "0.004"}),
        client.http.post("/sandbox/schedule", json={"event": "refuse", "value": "kyc"}),
        client.http.post("/sandbox/set", json={"name": "breakeven", "value": "unchanged"}),
        client.http.post("/sandbox/set", json={"name": "breakeven", "value": "sideways"}),
        client.http.post("/sandbox/schedule", json={}),
        client.http.post("/sandbox/replay", json={"pair": "USDT_BTC", "candles": "time,open\n"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 422, 400, 422]
    assert answers[2].get_json()["breakeven"] == "unchanged"
