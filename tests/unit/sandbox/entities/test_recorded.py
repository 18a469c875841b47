"""Entities in the form that answers of 2021 were recorded in."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.bodies import Body, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of

EXITS = {"take_profit": steps(step("12000", 50), step("13000", 50)), "stop_loss": stop("9000")}


@pytest.fixture
def recorded(client: Client) -> Client:
    client.sandbox.configure("entities", "recorded")
    return client


def read_exits(entity: Body) -> tuple[int, bool]:
    return len(entity["take_profit"]["steps"]), entity["stop_loss"]["enabled"]


def test_an_entity_lacks_what_was_added_later(recorded: Client) -> None:
    entity = recorded.open(trade(note='1 < 2 & "so"'))

    assert entity["note"] == "1 &lt; 2 &amp; &quot;so&quot;"
    assert "note_raw" not in entity
    assert "entered_amount" not in entity["data"]
    assert entity["data"]["commission"] == "0.001"


def test_a_profit_of_zero_percent_is_a_number(recorded: Client) -> None:
    entity = recorded.open(trade(position=market() | {"order_type": "limit", "price": {"value": "5000"}}))

    assert (entity["profit"]["percent"], type(entity["profit"]["percent"])) == (0, int)


@pytest.mark.parametrize(
    ("action", "statuses"),
    [
        ("close", ["panic_sell_pending", "panic_sell_in_progress", "panic_sold"]),
        ("cancel", ["cancellation_pending", "cancellation_in_progress", "cancelled"]),
    ],
)
def test_a_trade_on_its_way_out_shows_no_exits(recorded: Client, action: str, statuses: list[str]) -> None:
    trade_id = recorded.open(trade(**EXITS))["id"]
    recorded.sandbox.configure("pending_reads", "1")
    first = recorded.post(f"{trade_id}/close_by_market") if action == "close" else recorded.delete(f"{trade_id}")
    shown = [first.body, recorded.show(trade_id), recorded.show(trade_id), recorded.show(trade_id)]

    assert list(dict.fromkeys(map(status_of, shown))) == statuses
    assert [read_exits(entity) for entity in shown if status_of(entity) != statuses[0]] == [(0, False)] * 2
    assert read_exits(shown[0]) == (2, True)


def test_a_stop_that_fires_is_shown_as_finished(recorded: Client) -> None:
    trade_id = recorded.open(trade(**EXITS))["id"]
    recorded.sandbox.configure("pending_reads", "1")
    recorded.price("8999")
    fired, ended = recorded.show(trade_id), recorded.show(trade_id)

    assert (status_of(fired), status_of(fired["stop_loss"])) == ("stop_loss_in_progress", "finished")
    assert (fired["data"]["panic_sell_available"], fired["data"]["cancel_available"]) == (True, True)
    assert (status_of(ended), read_exits(ended), ended["data"]["finished"]) == ("stop_loss_finished", (0, True), True)


def test_a_finished_trade_shows_a_disabled_stop(recorded: Client) -> None:
    trade_id = recorded.open(trade(**EXITS))["id"]
    recorded.price("13000")
    entity = recorded.show(trade_id)

    assert (status_of(entity), read_exits(entity)) == ("finished", (2, False))
