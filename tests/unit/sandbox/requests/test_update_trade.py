from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.sandbox.bodies import OFF, conditional, limit, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of, step_statuses

UNITS = {"units": {"value": "0.01"}}


def ids(entity: dict[str, Any]) -> list[int]:
    return [found["id"] for found in entity["take_profit"]["steps"]]


def echo(entity: dict[str, Any]) -> dict[str, Any]:
    return {name: entity[name] for name in ("leverage", "position", "take_profit", "stop_loss")}


def two_steps(client: Client) -> dict[str, Any]:
    return client.open(trade(take_profit=steps(step("10000", 50), step("11000", 50, "market")), stop_loss=stop("9000")))


def test_steps_are_rebuilt_with_new_ids_and_idle_at_first(client: Client) -> None:
    entity = two_steps(client)
    answer = client.patch(entity["id"], {"position": UNITS, "take_profit": steps(step("10500", 40), step("11000", 60))})

    assert (answer.status, status_of(answer.body)) == (200, "waiting_targets")
    assert step_statuses(answer.body) == ["idle", "idle"]
    assert [found["units"]["value"] for found in answer.body["take_profit"]["steps"]] == [None, None]
    assert not set(ids(answer.body)) & set(ids(entity))
    settled = client.show(entity["id"])
    assert step_statuses(settled) == ["order_placed", "order_placed"]
    assert [found["units"]["value"] for found in settled["take_profit"]["steps"]] == ["0.004", "0.006"]
    assert client.balance("BTC")[1] == Decimal("0.01")


def test_a_group_that_is_left_out_stays(client: Client) -> None:
    entity = two_steps(client)
    answer = client.patch(entity["id"], {"position": UNITS, "stop_loss": stop("9100")})

    assert ids(answer.body) == ids(entity)
    assert status_of(answer.body["stop_loss"]) == "idle"
    settled = client.show(entity["id"])
    assert step_statuses(settled) == ["order_placed", "to_process"]
    assert settled["stop_loss"]["conditional"]["price"]["value"] == "9100.0"
    assert status_of(settled["stop_loss"]) == "to_process"
    client.price("9100")
    assert status_of(client.show(entity["id"])) == "stop_loss_finished"


def test_a_group_can_be_disabled(client: Client) -> None:
    entity = two_steps(client)
    client.patch(entity["id"], {"position": UNITS, "take_profit": OFF, "stop_loss": OFF})
    settled = client.show(entity["id"])

    assert (settled["take_profit"]["enabled"], settled["take_profit"]["steps"]) == (False, [])
    assert settled["stop_loss"] == {"enabled": False}
    assert client.balance("BTC")[1] == 0
    assert client.price("1000") == []


def test_an_echoed_entity_changes_nothing_but_ids(client: Client) -> None:
    entity = two_steps(client)
    answer = client.patch(entity["id"], echo(entity))
    settled = client.show(entity["id"])

    assert answer.status == 200
    for old, new in zip(entity["take_profit"]["steps"], settled["take_profit"]["steps"], strict=True):
        assert new == old | {"id": new["id"]}
    assert settled["stop_loss"] == entity["stop_loss"]
    assert settled["position"] == entity["position"]


@pytest.mark.parametrize(
    ("body", "attributes"),
    [
        (
            {"position": {}},
            {
                "position": ["is invalid"],
                "position[units]": ["is missing", "is invalid"],
                "position[units][value]": ["is missing"],
            },
        ),
        ({"position": {"units": {}}}, {"position[units][value]": ["is missing"]}),
        (
            {"position": UNITS, "stop_loss": {"enabled": True, "conditional": {"price": {"type": "bid", "value": 1}}}},
            {"stop_loss[order_type]": ["is missing"]},
        ),
        (
            {
                "position": UNITS,
                "take_profit": steps(step("1") | {"price": {"type": "bid", "value": 1, "percent": 1}}),
            },
            {
                "take_profit[steps][0][price][value],take_profit[steps][0][price][percent]": ["are mutually exclusive"],
            },
        ),
    ],
)
def test_the_published_errors_of_an_update_are_answered(
    client: Client, body: dict[str, Any], attributes: dict[str, list[str]]
) -> None:
    answer = client.patch(two_steps(client)["id"], body)

    assert (answer.status, answer.body) == (
        400,
        {"error": "record_invalid", "error_description": "Invalid parameters", "error_attributes": attributes},
    )


@pytest.mark.parametrize(
    ("groups", "key"),
    [
        ({"take_profit": steps(step("10000", 70))}, "take_profit.steps"),
        ({"take_profit": steps(step("10000.001"))}, "take_profit.steps.0.price"),
        ({"stop_loss": stop("9000.001")}, "stop_loss.conditional.price"),
        ({"take_profit": steps(step("10000")), "stop_loss": stop("9000", breakeven=True)}, "stop_loss.breakeven"),
    ],
)
def test_the_rules_of_a_create_hold_for_an_update(client: Client, groups: dict[str, Any], key: str) -> None:
    client.sandbox.configure("off_grid", "refused")
    entity = two_steps(client)
    answer = client.patch(entity["id"], {"position": UNITS, **groups})

    assert (answer.status, list(answer.body["error_attributes"])) == (422, [key])
    assert client.show(entity["id"]) == entity


def test_after_a_cancelled_step_the_volumes_must_be_whole_again(client: Client) -> None:
    entity = two_steps(client)
    left = client.delete(f"{entity['id']}/trades/{ids(entity)[0]}").body
    refused = client.patch(entity["id"], echo(left))
    whole = client.patch(entity["id"], {"position": UNITS, "take_profit": steps(step("11000"))})

    assert (refused.status, whole.status) == (422, 200)
    assert client.show(entity["id"])["take_profit"]["steps"][0]["units"]["value"] == "0.01"


def test_a_finished_step_is_kept_if_it_is_echoed(client: Client) -> None:
    entity = two_steps(client)
    client.price("10000")
    body = {"position": UNITS, "take_profit": steps(step("10000", 50), step("12000", 30), step("13000", 20))}
    answer = client.patch(entity["id"], body)

    assert answer.status == 200
    assert step_statuses(answer.body) == ["finished", "idle", "idle"]
    assert ids(answer.body)[0] == ids(entity)[0]
    settled = client.show(entity["id"])
    assert [found["units"]["value"] for found in settled["take_profit"]["steps"]] == ["0.005", "0.003", "0.002"]
    client.price("13000")
    ended = client.show(entity["id"])
    assert (status_of(ended), ended["data"]["closed_amount"]) == ("finished", "0.01")


@pytest.mark.parametrize(
    "take_profit", [OFF, steps(step("11000")), steps(step("10000.5", 50), step("11000", 50, "market"))]
)
def test_a_finished_step_cannot_be_changed(client: Client, take_profit: dict[str, Any]) -> None:
    entity = two_steps(client)
    client.price("10000")
    answer = client.patch(entity["id"], {"position": UNITS, "take_profit": take_profit})

    assert answer.status == 422
    assert answer.body["error_attributes"] == {"take_profit.steps": ["finished steps cannot be changed"]}


def test_a_waiting_limit_entry_can_be_moved_and_resized(client: Client) -> None:
    entity = client.open(trade(position=limit("9000"), take_profit=steps(step("10000"))))
    client.patch(entity["id"], {"position": {"units": {"value": "0.02"}, "price": {"value": "9100"}}})
    settled = client.show(entity["id"])

    assert status_of(settled["position"]) == "order_placed"
    assert (settled["position"]["units"]["value"], settled["position"]["price"]["value"]) == ("0.02", "9100.0")
    assert client.balance("USDT")[1] == Decimal("182.182")
    client.price("9099.99")
    filled = client.show(entity["id"])
    assert (status_of(filled), filled["data"]["entered_total"]) == ("waiting_targets", "182.182")


def test_an_unchanged_waiting_entry_keeps_its_order(client: Client) -> None:
    entity = client.open(trade(position=limit("9000"), take_profit=steps(step("10000"))))
    answer = client.patch(entity["id"], echo(entity) | {"take_profit": steps(step("10500"))})

    assert status_of(answer.body["position"]) == "order_placed"
    assert client.balance("USDT")[1] == Decimal("90.09")


def test_a_moved_limit_entry_that_became_marketable_fills_at_the_ask(client: Client) -> None:
    entity = client.open(trade(position=limit("9000")))
    client.patch(entity["id"], {"position": UNITS | {"price": {"value": "9800"}}})

    assert client.show(entity["id"])["position"]["price"]["value_without_commission"] == "9500.01"


def test_a_moved_trigger_waits_from_the_new_side(client: Client) -> None:
    entity = client.open(trade(position=conditional("10000")))
    client.patch(entity["id"], {"position": UNITS | {"conditional": {"price": {"value": "9000"}}}})
    client.price("10000")

    assert status_of(client.show(entity["id"])) == "waiting_position"
    client.price("8999")
    assert status_of(client.show(entity["id"])) == "waiting_targets"


def test_a_trailing_entry_can_be_made_plain(client: Client) -> None:
    trailing = {"enabled": True, "percent": 2}
    entity = client.open(trade(position=conditional("10000", trailing=trailing)))
    client.patch(entity["id"], {"position": UNITS | {"conditional": {"trailing": OFF}}})
    client.price("10000")

    assert status_of(client.show(entity["id"])) == "waiting_targets"


def test_a_limit_that_the_trigger_already_placed_is_placed_again_at_once(client: Client) -> None:
    entity = client.open(trade(position=conditional("9600", price="9550")))
    client.price("9700")
    client.patch(entity["id"], {"position": UNITS | {"price": {"value": "9560"}}})
    settled = client.show(entity["id"])

    assert (status_of(settled["position"]), settled["position"]["price"]["value"]) == ("order_placed", "9560.0")


def test_units_and_price_of_an_entered_position_stay(client: Client) -> None:
    entity = two_steps(client)
    client.patch(entity["id"], {"position": {"units": {"value": "0.05"}, "price": {"value": "1"}}})

    assert client.show(entity["id"])["position"] == entity["position"]


def test_the_own_price_of_own_funds_can_be_changed(client: Client) -> None:
    own = {"type": "buy", "order_type": "market", "units": {"value": "0.01"}, "price": {"value": "8000"}}
    entity = client.open(trade(skip_enter_step=True, position=own))
    client.patch(entity["id"], {"position": UNITS | {"price": {"value": "8100"}}})
    settled = client.show(entity["id"])

    assert (settled["position"]["price"]["value"], settled["data"]["entered_total"]) == ("8100.0", "81.0")


def test_immutable_fields_are_ignored(client: Client) -> None:
    entity = client.open(trade(position=limit("9000")))
    body = {
        "account_id": 99,
        "pair": "USDT_ETH",
        "instant": True,
        "skip_enter_step": True,
        "note": "other",
        "position": UNITS | {"type": "sell", "order_type": "market"},
    }
    client.patch(entity["id"], body)

    assert client.show(entity["id"]) == entity


def test_a_simple_trade_gets_no_exits(client: Client) -> None:
    entity = client.open(trade(instant=True, position=limit("9000")))
    client.patch(entity["id"], {"position": UNITS, "take_profit": steps(step("10000")), "stop_loss": stop("8000")})

    assert client.show(entity["id"]) == entity


def test_a_conditional_entry_needs_a_price_to_become_a_limit(client: Client) -> None:
    entity = client.open(trade(position=conditional("10000")))
    answer = client.patch(entity["id"], {"position": UNITS | {"conditional": {"order_type": "limit"}}})
    priced = UNITS | {"conditional": {"order_type": "limit"}, "price": {"value": 9900}}

    assert (answer.status, list(answer.body["error_attributes"])) == (
        400,
        ["position[price]", "position[price][value]"],
    )
    assert client.patch(entity["id"], {"position": priced}).status == 200
    client.price("10000")
    assert status_of(client.show(entity["id"])["position"]) == "order_placed"
