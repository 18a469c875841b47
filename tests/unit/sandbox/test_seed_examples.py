"""Every example of the SmartTradesV2 page is accepted with Bitcoin at 9,500 and lives as its title says."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.client import EXAMPLES, Client, load_example, status_of, step_statuses

# After the create has settled at 9,500, then after ticks to 8,000, 10,000, 10,600 and 12,000 in worlds of their own.
LIVES = {
    "simple-market-buy": "finished finished finished finished finished",
    "simple-market-buy-with-leverage": "finished finished finished finished finished",
    "simple-market-sell": "finished finished finished finished finished",
    "simple-limit-buy": "finished finished finished finished finished",
    "simple-limit-sell": "waiting_position waiting_position finished finished finished",
    "smart-trade-conditional-market-buy": (
        "waiting_position waiting_position waiting_targets waiting_targets waiting_targets"
    ),
    "smart-trade-conditional-market-sell": (
        "waiting_position waiting_targets waiting_position waiting_position waiting_position"
    ),
    "smart-trade-conditional-limit-buy": (
        "waiting_position waiting_position waiting_targets waiting_position waiting_position"
    ),
    "smart-trade-conditional-limit-sell": (
        "waiting_position waiting_position waiting_position waiting_position waiting_position"
    ),
    "smart-trade-trailing-buy": "waiting_position waiting_position waiting_position waiting_position waiting_position",
    "smart-trade-trailing-sell": "waiting_position waiting_position waiting_position waiting_position waiting_position",
    "smart-trade-market-buy": "waiting_targets waiting_targets waiting_targets waiting_targets waiting_targets",
    "smart-trade-limit-buy": "waiting_targets waiting_targets waiting_targets waiting_targets waiting_targets",
    "smart-trade-market-buy-tp-1-market": "waiting_targets waiting_targets finished finished finished",
    "smart-trade-market-buy-tp-1-limit": "waiting_targets waiting_targets finished finished finished",
    "smart-trade-market-buy-tp-4-limit-trailing": (
        "waiting_targets waiting_targets waiting_targets waiting_targets waiting_targets"
    ),
    "smart-trade-market-buy-tp-4-market-trailing": (
        "waiting_targets waiting_targets waiting_targets waiting_targets waiting_targets"
    ),
    "smart-trade-market-buy-sl-market": (
        "waiting_targets stop_loss_finished waiting_targets waiting_targets waiting_targets"
    ),
    "smart-trade-market-buy-sl-limit": (
        "waiting_targets stop_loss_in_progress waiting_targets waiting_targets waiting_targets"
    ),
    "smart-trade-market-buy-sl-trailing": (
        "waiting_targets stop_loss_finished waiting_targets waiting_targets waiting_targets"
    ),
    "smart-trade-market-buy-sl-timeout": (
        "waiting_targets waiting_targets waiting_targets waiting_targets waiting_targets"
    ),
    "smart-trade-trailing-buy-tp-2-limit-trailing-sl-trailing": (
        "waiting_position waiting_position waiting_position waiting_position waiting_position"
    ),
    "smart-sell-tp-1-limit-sl-market": "waiting_targets waiting_targets finished finished finished",
}


def test_all_examples_are_covered() -> None:
    assert set(LIVES) == {path.stem for path in EXAMPLES.glob("*.json")}
    assert len(LIVES) == 23


@pytest.mark.parametrize("name", sorted(LIVES))
def test_an_example_is_created_as_pending(client: Client, name: str) -> None:
    entity = client.create(load_example(name))

    assert status_of(entity) == "created"
    assert entity["leverage"] == {"enabled": False}


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("name", sorted(LIVES))
def test_an_example_lives_as_expected(client: Client, name: str, number: int) -> None:
    trade_id = client.create(load_example(name))["id"]
    tick = [None, "8000", "10000", "10600", "12000"][number]
    if tick is not None:
        client.price(tick)

    assert status_of(client.show(trade_id)) == LIVES[name].split()[number]


def test_the_steps_of_the_four_step_example_close_one_by_one(client: Client) -> None:
    trade_id = client.create(load_example("smart-trade-market-buy-tp-4-limit-trailing"))["id"]
    client.price("10600")
    entity = client.show(trade_id)

    assert step_statuses(entity) == ["finished", "finished", "order_placed", "to_process"]
    assert [step["units"]["value"] for step in entity["take_profit"]["steps"]] == ["0.001", "0.002", "0.003", "0.004"]
    assert entity["data"]["closed_amount"] == "0.003"


def test_a_limit_that_is_left_behind_by_the_trigger_rests(client: Client) -> None:
    trade_id = client.create(load_example("smart-trade-conditional-limit-buy"))["id"]
    client.price("10600")

    assert status_of(client.show(trade_id)["position"]) == "order_placed"
    client.price("10499")
    assert status_of(client.show(trade_id)) == "waiting_targets"


def test_the_own_funds_example_stops_below_its_trigger(client: Client) -> None:
    trade_id = client.create(load_example("smart-sell-tp-1-limit-sl-market"))["id"]
    client.price("7500")

    assert status_of(client.show(trade_id)) == "stop_loss_finished"
