from __future__ import annotations

import pytest

from tests.unit.sandbox.bodies import limit, trade
from tests.unit.sandbox.client import Client, status_of


def test_a_price_can_be_set_over_the_wire(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000")))["id"]
    answer = client.http.post("/sandbox/price", json={"pair": "USDT_BTC", "last": "8999.5"})

    assert (answer.status_code, answer.get_json()) == (
        200,
        {
            "pair": "USDT_BTC",
            "bid": "8999.5",
            "ask": "8999.51",
            "last": "8999.5",
            "moved": [trade_id],
            "happened": [{"trade_id": trade_id, "note": None, "text": "entered 0.01 BTC at 9000"}],
        },
    )
    assert status_of(client.show(trade_id)) == "waiting_targets"


def test_bid_and_ask_can_be_set_apart(client: Client) -> None:
    client.http.post("/sandbox/price", data={"pair": "USDT_BTC", "last": "9000", "bid": "8990", "ask": "9010"})

    assert client.sandbox.show()["prices"] == client.http.get("/sandbox/show").get_json()["prices"]
    assert client.http.get("/sandbox/show").get_json()["prices"]["USDT_BTC"] == {
        "bid": "8990.0",
        "ask": "9010.0",
        "last": "9000.0",
    }


def test_time_passes_by_a_control_path(client: Client) -> None:
    answer = client.http.post("/sandbox/advance", json={"seconds": 1.5})

    assert answer.get_json() == {"now": "2026-01-01T00:00:01.500Z", "moved": [], "happened": []}
    assert client.create(trade())["data"]["created_at"] == "2026-01-01T00:00:01.500Z"


def test_a_reset_starts_again_without_reusing_ids(client: Client) -> None:
    first = client.open(trade())["id"]
    client.sandbox.advance(60)
    answer = client.http.post("/sandbox/reset")

    assert (answer.status_code, answer.get_json()["trades"]) == (200, {})
    assert answer.get_json()["now"] == "2026-01-01T00:00:00.000Z"
    assert answer.get_json()["prices"]["USDT_BTC"]["last"] == "63802.44"
    assert client.balance("USDT")[0] == 10000000
    assert client.call("GET", f"/v2/smart_trades/{first}").status == 400
    assert client.create(trade())["id"] > first


@pytest.mark.parametrize(
    ("path", "body", "status", "text"),
    [
        ("price", {"last": "1"}, 400, "pair"),
        ("price", {"pair": "USDT_BTC"}, 400, "last"),
        ("price", {"pair": "USDT_BTC", "last": "NaN"}, 400, "last"),
        ("price", {"pair": "USDT_NO", "last": "1"}, 422, "unknown pair"),
        ("price", {"pair": "USDT_BTC", "last": "0"}, 422, "is not a price"),
        ("price", {"pair": "USDT_BTC", "last": "9000.001"}, 422, "multiple of 0.01"),
        ("price", {"pair": "USDT_BTC", "last": "9000", "bid": "9001", "ask": "9000"}, 422, "above the ask"),
        ("advance", {}, 400, "seconds"),
        ("advance", {"seconds": 0}, 422, "cannot advance by"),
        ("advance", {"seconds": "-1"}, 422, "cannot advance by"),
        ("advance", {"seconds": "1e15"}, 422, "cannot advance by"),
    ],
)
def test_a_bad_command_is_refused(client: Client, path: str, body: dict[str, str], status: int, text: str) -> None:
    before = client.sandbox.show()
    answer = client.http.post(f"/sandbox/{path}", json=body)

    assert answer.status_code == status
    assert text in answer.get_data(as_text=True)
    assert client.sandbox.show() == before


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("127.1.2.3", 200), ("::1", 200), (None, 200), ("10.0.0.7", 404)]
)
def test_control_paths_answer_this_machine_only(client: Client, address: str | None, status: int) -> None:
    answer = client.http.get("/sandbox/show", environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == status


def test_show_settles_and_counts(client: Client) -> None:
    client.create(trade())
    client.create(trade(instant=True))

    assert client.http.get("/sandbox/show").get_json()["trades"] == {"finished": 1, "waiting_targets": 1}
