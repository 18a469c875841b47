"""What follows a price: trailing entries, steps and stops, the timeout of a stop, and breakeven."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.bodies import Body, conditional, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of, step_statuses


@pytest.fixture(autouse=True)
def distances_count(client: Client) -> None:
    """The distances of trailing stops are those of the requests."""
    client.sandbox.configure("trailing_percent", "as_sent")


def trail(percent: object) -> Body:
    return {"enabled": True, "percent": percent}


def trailing_stop(trigger: str, percent: object) -> Body:
    condition = {"price": {"type": "last", "value": trigger}, "trailing": trail(percent)}
    return stop(trigger) | {"conditional": condition}


def test_a_trailing_buy_follows_the_lowest_ask_and_buys_when_it_turns(client: Client) -> None:
    trade_id = client.open(trade(position=conditional("9000", trailing=trail(1))))["id"]

    client.price("9200")
    assert status_of(client.show(trade_id)["position"]) == "to_process"
    client.price("8990")
    assert status_of(client.show(trade_id)["position"]) == "trailing_activated"
    client.price("8000")
    assert client.price("8079.98") == []
    client.price("8080.01")
    entity = client.show(trade_id)
    # The lowest ask was 8000.01; one percent above it is 8080.0101.
    assert (status_of(entity), entity["position"]["price"]["value_without_commission"]) == (
        "waiting_targets",
        "8080.02",
    )


def test_a_trailing_sell_is_mirrored(client: Client) -> None:
    position = conditional("10000", "sell", trailing=trail(10))
    trade_id = client.open(trade(position=position))["id"]
    client.price("10000")
    client.price("11000")
    assert client.price("9900.01") == []
    client.price("9900")

    assert client.show(trade_id)["position"]["price"]["value_without_commission"] == "9900.0"


def test_levels_in_percent_become_prices_once_the_trailing_entry_is_filled(client: Client) -> None:
    level = {"price": {"type": "last", "percent": 10}}
    body = trade(
        position=conditional("9000", trailing=trail(1)),
        take_profit=steps(step("1") | level),
        stop_loss=stop("1") | {"conditional": {"price": {"type": "last", "percent": 5}}},
    )
    trade_id = client.open(body)["id"]
    waiting = client.show(trade_id)
    assert waiting["take_profit"]["steps"][0]["price"] == {"type": "last", "value": None, "percent": "10.0"}
    for price in ("8999.99", "8910", "9000"):
        client.price(price)
    entity = client.show(trade_id)

    # Bought at 9000.01; with commission 9009.01001 a unit.
    assert entity["take_profit"]["steps"][0]["price"] == {"type": "last", "value": "9909.91", "percent": "10.0"}
    assert entity["stop_loss"]["conditional"]["price"] == {"value": "8558.55", "type": "last", "percent": "5.0"}


def test_a_trailing_step_follows_the_highest_price(client: Client) -> None:
    trailing = step("10000", 50, "market", trailing=trail(5))
    trade_id = client.open(trade(take_profit=steps(step("9900", 50), trailing)))["id"]

    client.price("10000")
    assert step_statuses(client.show(trade_id)) == ["finished", "trailing_activated"]
    client.price("12000")
    assert client.price("11400.01") == []
    client.price("11400")
    ended = client.show(trade_id)
    assert (status_of(ended), ended["data"]["average_close_price_without_commission"]) == ("finished", "10650.0")


def test_a_trailing_step_that_fell_below_its_price_stays_activated(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(step("10000", 100, "market", trailing=trail(50)))))["id"]
    client.price("10000")
    client.price("9000")

    assert step_statuses(client.show(trade_id)) == ["trailing_activated"]
    assert client.orders(trade_id)[-1]["trailing_last_price"] == "10000.0"


def test_a_trailing_stop_follows_the_highest_price_since_the_entry(client: Client) -> None:
    trade_id = client.open(trade(stop_loss=trailing_stop("8500", 10)))["id"]

    # From 9,500 it trails to 8,550, above the trigger.
    assert status_of(client.show(trade_id)["stop_loss"]) == "trailing_activated"
    client.price("10000")
    assert client.price("9000.01") == []
    client.price("9000")
    assert status_of(client.show(trade_id)) == "stop_loss_finished"


def test_a_trailing_stop_waits_for_its_trigger_while_that_is_nearer(client: Client) -> None:
    trade_id = client.open(trade(stop_loss=trailing_stop("9000", 10)))["id"]
    assert status_of(client.show(trade_id)["stop_loss"]) == "to_process"

    client.price("9000")
    assert status_of(client.show(trade_id)) == "stop_loss_finished"


def test_a_trailing_stop_of_a_short_is_mirrored(client: Client) -> None:
    trade_id = client.open(trade(position=market(side="sell"), stop_loss=trailing_stop("10500", 10)))["id"]
    client.price("9000")
    client.price("9899.99")
    assert status_of(client.show(trade_id)) == "waiting_targets"

    client.price("9900")
    assert status_of(client.show(trade_id)) == "stop_loss_finished"


@pytest.mark.parametrize(("shown", "trigger"), [("unchanged", "8500.0"), ("moved", "9009.0")])
def test_an_option_says_whether_a_trailing_stop_is_shown_moved(client: Client, shown: str, trigger: str) -> None:
    client.sandbox.configure("trailing_stop", shown)
    trade_id = client.open(trade(stop_loss=trailing_stop("8500", 10)))["id"]
    client.price("10010")

    assert client.show(trade_id)["stop_loss"]["conditional"]["price"]["value"] == trigger


@pytest.mark.parametrize(("shown", "trigger"), [("unchanged", "9000.0"), ("moved", "9509.51")])
def test_breakeven_moves_the_trigger_to_the_average_entry_price(client: Client, shown: str, trigger: str) -> None:
    client.sandbox.configure("breakeven", shown)
    body = trade(take_profit=steps(step("10000", 50), step("11000", 50)), stop_loss=stop("9000", breakeven=True))
    trade_id = client.open(body)["id"]
    client.price("9400")
    assert status_of(client.show(trade_id)) == "waiting_targets"
    client.price("10000")

    # Bought at 9500.01, with commission 9509.51001 a unit.
    assert client.show(trade_id)["stop_loss"]["conditional"]["price"]["value"] == trigger
    assert client.price("9509.52") == []
    client.price("9509.51")
    assert status_of(client.show(trade_id)) == "stop_loss_finished"


def test_a_trailing_level_above_breakeven_counts(client: Client) -> None:
    breakeven = trailing_stop("9000", 1) | {"breakeven": True}
    body = trade(take_profit=steps(step("10000", 50), step("12000", 50)), stop_loss=breakeven)
    trade_id = client.open(body)["id"]
    client.sandbox.configure("trailing_stop", "moved")
    client.price("10000")
    assert client.show(trade_id)["stop_loss"]["conditional"]["price"]["value"] == "9900.0"

    client.price("9900")
    assert status_of(client.show(trade_id)) == "stop_loss_finished"


def test_a_timeout_runs_in_sandbox_time(client: Client) -> None:
    trade_id = client.open(trade(stop_loss=stop("9000", timeout={"enabled": True, "value": 8})))["id"]
    client.price("8000")
    client.sandbox.advance(7)
    assert status_of(client.show(trade_id)) == "waiting_targets"
    client.sandbox.advance(10)
    ended = client.show(trade_id)

    assert status_of(ended) == "stop_loss_finished"
    # It ran out in the middle of the advance, eight seconds after the trigger was reached.
    assert ended["data"]["closed_at"] == "2026-01-01T00:00:08.000Z"


def test_a_price_that_comes_back_resets_the_timeout(client: Client) -> None:
    trade_id = client.open(trade(stop_loss=stop("9000", timeout={"enabled": True, "value": 8})))["id"]
    client.price("8000")
    client.sandbox.advance(7)
    client.price("9000.01")
    client.price("9000")
    client.sandbox.advance(7)
    assert status_of(client.show(trade_id)) == "waiting_targets"

    client.sandbox.advance(1)
    assert status_of(client.show(trade_id)) == "stop_loss_finished"


def test_a_tick_without_a_new_high_touches_no_trailing_trade(client: Client) -> None:
    trailing = step("9600", 100, "market", trailing=trail(20))
    client.open(trade(take_profit=steps(trailing), stop_loss=trailing_stop("5000", 20)))
    client.price("9600")

    assert client.price("9600") == []
    assert client.price("9000") == []
    assert len(client.price("9601")) == 1
