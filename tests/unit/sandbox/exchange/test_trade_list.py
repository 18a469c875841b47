from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from tests.unit.sandbox.bodies import limit, market, trade
from tests.unit.sandbox.client import Client, status_of


@pytest.fixture
def market_of_trades(client: Client) -> Client:
    """Six trades, a minute apart: waiting, open, finished, cancelled, closed, and a simple sell in another pair."""
    client.sandbox.ensure_account(2)
    client.open(trade(position=limit("9000"), account_id=2))
    client.sandbox.advance(60)
    client.open(trade())
    client.sandbox.advance(60)
    client.open(trade(instant=True))
    client.sandbox.advance(60)
    client.delete(str(client.open(trade(position=limit("9000")))["id"]))
    client.sandbox.advance(60)
    client.post(f"{client.open(trade())['id']}/close_by_market")
    client.sandbox.advance(60)
    client.open(trade(pair="BTC_ETH", instant=True, position=market("1", "sell")))
    return client


def numbers(client: Client, **parameters: object) -> list[int]:
    """The listed trades, numbered from 1 in the order of their creation."""
    answer = client.call("GET", "/v2/smart_trades" + (f"?{urlencode(parameters)}" if parameters else ""))
    assert answer.status == 200, answer.body
    return [entity["id"] - 30000000 for entity in answer.body]


def test_a_list_shows_full_entities(market_of_trades: Client) -> None:
    answer = market_of_trades.call("GET", "/v2/smart_trades?order_by=created_at&order_direction=asc")

    assert answer.body[0] == market_of_trades.show(30000001)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [2, 1, 5, 6, 3, 4]),
        ({"order_by": "status", "order_direction": "asc"}, [4, 3, 6, 5, 1, 2]),
        ({"order_by": "created_at"}, [6, 5, 4, 3, 2, 1]),
        ({"order_by": "created_at", "order_direction": "ASC"}, [1, 2, 3, 4, 5, 6]),
        ({"order_by": "updated_at", "order_direction": "asc"}, [1, 2, 3, 4, 5, 6]),
        ({"order_by": "closed_at"}, [6, 5, 4, 3, 2, 1]),
        ({"order_by": "profit"}, [5, 2, 6, 4, 3, 1]),
        ({"order_by": "profit_percentage", "order_direction": "asc"}, [1, 3, 4, 6, 2, 5]),
    ],
)
def test_a_list_is_ordered(market_of_trades: Client, parameters: dict[str, Any], expected: list[int]) -> None:
    assert numbers(market_of_trades, **parameters) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"status": "all"}, [1, 2, 3, 4, 5, 6]),
        ({"status": "active"}, [1, 2]),
        ({"status": "finished"}, [3, 5, 6]),
        ({"status": "successfully_finished"}, [3, 5, 6]),
        ({"status": "successfully_finish"}, [3, 5, 6]),
        ({"status": "cancelled"}, [4]),
        ({"status": "failed"}, []),
        ({"account_id": 2}, [1]),
        ({"account_id": "3"}, []),
        ({"pair": "BTC_ETH"}, [6]),
        ({"base": "BTC"}, [1, 2, 3, 4, 5]),
        ({"quote": "BTC"}, [6]),
        ({"type": "simple_sell"}, [6]),
        ({"type": "smart_trade", "status": "active"}, [1, 2]),
        ({"from": "2026-01-01T00:03:00.000Z"}, [4, 5, 6]),
        ({"to": "2026-01-01T00:01:00Z"}, [1, 2]),
        ({"from": "2026-01-01T00:01:00Z", "to": "2026-01-01T00:02:59.999Z"}, [2, 3]),
        ({"from": "2026-01-02"}, []),
        ({"limit": 1, "order": "x"}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_list_is_filtered(market_of_trades: Client, parameters: dict[str, Any], expected: list[int]) -> None:
    assert numbers(market_of_trades, **parameters, order_by="created_at", order_direction="asc") == expected


def test_a_stopped_trade_counts_as_finished_but_not_successfully(client: Client) -> None:
    stopped = {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": 9000}}}
    client.open(trade(stop_loss=stopped))
    client.price("9000")

    assert numbers(client, status="finished") == [1]
    assert numbers(client, status="successfully_finished") == []


def test_pages_follow_each_other_without_gap_or_overlap(client: Client) -> None:
    for _ in range(25):
        client.create(trade(position=limit("9000")))
    pages = [numbers(client, page=page, order_by="created_at", order_direction="asc") for page in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [number for page in pages for number in page] == list(range(1, 26))
    assert len(numbers(client, per_page=100)) == 25
    assert len(numbers(client, per_page="20", page="2")) == 5


@pytest.mark.parametrize(
    ("parameters", "key", "message"),
    [
        ({"per_page": 0}, "per_page", "does not have a valid value"),
        ({"per_page": 101}, "per_page", "does not have a valid value"),
        ({"per_page": "x"}, "per_page", "is invalid"),
        ({"page": 0}, "page", "does not have a valid value"),
        ({"status": "open"}, "status", "does not have a valid value"),
        ({"order_by": "id"}, "order_by", "does not have a valid value"),
        ({"order_direction": "up"}, "order_direction", "does not have a valid value"),
        ({"type": "smart"}, "type", "does not have a valid value"),
        ({"from": "yesterday"}, "from", "is invalid"),
        ({"account_id": "x"}, "account_id", "is invalid"),
    ],
)
def test_a_malformed_list_parameter_is_refused(
    client: Client, parameters: dict[str, Any], key: str, message: str
) -> None:
    answer = client.call("GET", f"/v2/smart_trades?{urlencode(parameters)}")

    assert (answer.status, answer.body["error_attributes"]) == (400, {key: [message]})


def test_each_mode_lists_its_own_trades(sandbox: Sandbox) -> None:
    sandbox.ensure_account(7, mode="real")
    client = Client(sandbox)
    client.create(trade())
    client.create(trade(account_id=7))
    listed = {
        mode: [found["account"]["id"] for found in client.call("GET", "/v2/smart_trades", headers=header).body]
        for mode, header in (("paper", {"Forced-Mode": "paper"}), ("real", {"Forced-Mode": "real"}), ("none", {}))
    }

    assert listed == {"paper": [1], "real": [7], "none": [1]}


def test_a_list_settles_what_is_pending(client: Client) -> None:
    client.create(trade())
    (entity,) = client.call("GET", "/v2/smart_trades").body

    assert status_of(entity) == "waiting_targets"
