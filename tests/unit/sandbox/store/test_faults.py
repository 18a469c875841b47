"""Each fault on demand, as the caller of an affected request sees it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind, Stage, describe_fault, read_fault
from reconciler.sandbox.values.errors import InvalidFault
from tests.unit.sandbox.bodies import limit, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of

TRADES = "/v2/smart_trades"


def add_fault(client: Client, kind: FaultKind, method: str = "POST", path: str = TRADES, **parts: Any) -> int:
    return client.sandbox.add_fault(Fault(kind=kind, method=method, path=path, **parts))


def ids_of(client: Client, query: str = "") -> list[int]:
    return [entity["id"] for entity in client.call("GET", f"{TRADES}{query}").body]


# Answers that are lost or replaced


@pytest.mark.parametrize(
    ("kind", "takes_effect"),
    [
        (FaultKind.LOSE_REQUEST, False),
        (FaultKind.LOSE_REPLY, True),
        (FaultKind.CUT_REPLY, True),
        (FaultKind.RESET, False),
    ],
)
def test_a_broken_connection_leaves_the_application(client: Client, kind: FaultKind, *, takes_effect: bool) -> None:
    add_fault(client, kind)
    with pytest.raises(ConnectionError, match="as a fault on demand"):
        client.call("POST", TRADES, trade())

    assert len(ids_of(client)) == takes_effect
    client.create(trade())


def test_a_reset_may_come_after_the_effect(client: Client) -> None:
    add_fault(client, FaultKind.RESET, stage=Stage.AFTER)
    with pytest.raises(ConnectionResetError):
        client.call("POST", TRADES, trade())

    assert len(ids_of(client)) == 1


@pytest.mark.parametrize(
    ("kind", "status", "error", "description"),
    [
        (FaultKind.SERVER_ERROR, 500, "unknown_error", "Unknown error occurred"),
        (
            FaultKind.RATE_LIMIT,
            429,
            "rate_limit_exceeded",
            "Too many requests. Try again in 300 seconds.",
        ),
        (FaultKind.BAN, 418, "banned", "Too many requests after a rate limit. Banned for 120 seconds."),
    ],
)
@pytest.mark.parametrize("stage", [None, Stage.BEFORE, Stage.AFTER])
def test_an_error_replaces_the_answer(
    client: Client, kind: FaultKind, status: int, error: str, description: str, stage: Stage | None
) -> None:
    add_fault(client, kind, stage=stage)
    answer = client.call("POST", TRADES, trade())

    assert (answer.status, answer.body) == (status, {"error": error, "error_description": description})
    assert len(ids_of(client)) == (stage is Stage.AFTER)


@pytest.mark.parametrize(("method", "word"), [("GET", "read"), ("POST", "write")])
def test_a_plan_restriction_has_no_description(client: Client, method: str, word: str) -> None:
    add_fault(client, FaultKind.PLAN_RESTRICTION, method, times=None)
    answers = [client.call(method, TRADES, trade() if method == "POST" else None) for _ in range(3)]

    assert {answer.status for answer in answers} == {429}
    assert answers[0].body == {
        "error": f"The request type '{word}' is not available with your current subscription plan. "
        "Please upgrade your plan to use this type of request."
    }


@pytest.mark.parametrize(
    ("kind", "status", "text", "takes_effect"),
    [
        (FaultKind.BAD_GATEWAY, 502, "502 Bad Gateway", False),
        (FaultKind.GATEWAY_TIMEOUT, 504, "504 Gateway Time-out", True),
    ],
)
def test_a_gateway_answers_in_html(
    client: Client, kind: FaultKind, status: int, text: str, *, takes_effect: bool
) -> None:
    add_fault(client, kind)
    answer = client.send("POST", TRADES, trade())

    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert answer.get_data(as_text=True).startswith("<html>")
    assert text in answer.get_data(as_text=True)
    assert len(ids_of(client)) == takes_effect


def test_a_truncated_answer_says_that_it_went_well_and_is_no_json(client: Client) -> None:
    add_fault(client, FaultKind.TRUNCATE)
    answer = client.send("POST", TRADES, trade())

    assert (answer.status_code, answer.mimetype) == (201, "application/json")
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.get_data())
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    assert len(ids_of(client)) == 1


def test_an_empty_list_can_be_truncated(client: Client) -> None:
    add_fault(client, FaultKind.TRUNCATE, "GET")

    assert client.send("GET", TRADES).get_data() == b"["


def test_a_refusal_after_the_effect_is_lost_as_well(client: Client) -> None:
    add_fault(client, FaultKind.GATEWAY_TIMEOUT)

    assert client.send("POST", TRADES, trade(account_id=404)).status_code == 504
    assert ids_of(client) == []


# Requests that come late, twice, or after another


def test_a_delay_moves_the_clock_before_the_effect(client: Client) -> None:
    add_fault(client, FaultKind.DELAY, seconds=Decimal("1.5"))

    assert client.create(trade())["data"]["created_at"] == "2026-01-01T00:00:01.500Z"
    assert client.sandbox.show()["now"] == "2026-01-01T00:00:01.500Z"


def test_a_request_may_be_delivered_twice(client: Client) -> None:
    add_fault(client, FaultKind.DUPLICATE)
    second = client.create(trade())["id"]

    assert sorted(ids_of(client)) == [second - 1, second]


def test_both_deliveries_may_be_without_an_answer(client: Client) -> None:
    add_fault(client, FaultKind.DUPLICATE)
    add_fault(client, FaultKind.LOSE_REPLY)
    with pytest.raises(ConnectionError):
        client.call("POST", TRADES, trade())

    assert len(ids_of(client)) == 2


def test_another_client_may_flip_the_mode(client: Client) -> None:
    client.sandbox.ensure_account(7, mode="real")
    trade_id = client.open(trade())["id"]
    change = 'POST /ver1/users/change_mode {"mode": "real"}'
    client.sandbox.add_fault(Fault(kind=FaultKind.ACT, path=f"{TRADES}*", request=change))

    assert ids_of(client) == []
    paper = {"Forced-Mode": "paper"}
    assert client.call("GET", TRADES, headers=paper).body[0]["id"] == trade_id
    assert client.call("GET", f"{TRADES}/{trade_id}").status == 400


def test_a_human_may_edit_between_two_requests(client: Client) -> None:
    body = trade(position=limit("9000"), stop_loss=stop("8000"))
    trade_id = client.open(body)["id"]
    edit = {"position": {"units": {"value": "0.02"}}, "stop_loss": stop("7000")}
    add_fault(
        client, FaultKind.ACT, "PATCH", f"{TRADES}/*", request=f"patch /v2/smart_trades/{{id}} {json.dumps(edit)}"
    )
    entity = client.show(trade_id)
    answer = client.patch(trade_id, {"position": {"units": {"value": "0.03"}}})

    assert entity["stop_loss"]["conditional"]["price"]["value"] == "8000.0"
    assert answer.status == 200
    assert answer.body["position"]["units"]["value"] == "0.03"
    assert answer.body["stop_loss"]["conditional"]["price"]["value"] == "7000.0"


def test_an_entry_may_fill_while_it_is_being_cancelled(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000"), take_profit=steps(step("10000"))))["id"]
    tick = 'POST /sandbox/price {"pair": "USDT_BTC", "last": "8999"}'
    add_fault(client, FaultKind.ACT, "DELETE", f"{TRADES}/{trade_id}", request=tick)
    client.delete(str(trade_id))
    entity = client.show(trade_id)

    assert (status_of(entity), entity["data"]["entered_amount"]) == ("cancelled", "0.01")


def test_what_goes_first_is_for_the_same_trade_also_below_it(client: Client) -> None:
    entity = client.open(trade(take_profit=steps(step("10000", 50), step("11000", 50))))
    step_id = entity["take_profit"]["steps"][0]["id"]
    add_fault(client, FaultKind.ACT, "DELETE", f"{TRADES}/*/trades/*", request=f"POST {TRADES}/{{id}}/close_by_market")

    assert client.delete(f"{entity['id']}/trades/{step_id}").status == 422
    assert status_of(client.show(entity["id"])) == "panic_sold"


def test_how_what_goes_first_was_answered_is_kept(client: Client) -> None:
    client.sandbox.ensure_key("reader", "secret", {"SMART_TRADES_READ"})
    reader = Client(client.sandbox, "reader", "secret")
    fault_id = add_fault(client, FaultKind.ACT, "GET", request=f"DELETE {TRADES}/5")
    reader.call("GET", TRADES)

    (held,) = client.sandbox.list_faults()
    assert (held.id, held.seen, held.fired, held.act_status) == (fault_id, 1, 1, 400)


def test_no_fault_affects_the_request_of_a_fault(client: Client) -> None:
    client.sandbox.add_fault(Fault(kind=FaultKind.ACT, times=None, request=f"GET {TRADES}"))

    assert ids_of(client) == []
    assert [held.seen for held in client.sandbox.list_faults()] == [1]


# Lists


def test_a_list_may_lag_behind_a_create_by_reads(client: Client) -> None:
    first = client.create(trade())["id"]
    add_fault(client, FaultKind.LAG, reads=2)
    second = client.create(trade())["id"]

    assert client.show(second)["id"] == second
    assert [ids_of(client) for _ in range(3)] == [[first], [first], [second, first]]
    client.create(trade())
    assert len(ids_of(client)) == 3


def test_a_list_may_lag_behind_a_create_by_seconds(client: Client) -> None:
    add_fault(client, FaultKind.LAG, seconds=Decimal(5), times=None)
    first = client.create(trade())["id"]
    client.sandbox.advance(3)
    second = client.create(trade())["id"]

    assert ids_of(client) == []
    client.sandbox.advance(2)
    assert ids_of(client) == [first]
    client.sandbox.advance(3)
    assert ids_of(client) == [second, first]


def test_a_create_that_fails_lags_nowhere(client: Client) -> None:
    add_fault(client, FaultKind.LAG, reads=1)
    client.call("POST", TRADES, trade(pair="USDT_NO"))
    client.create(trade())

    assert len(ids_of(client)) == 1


@pytest.mark.parametrize(
    ("rows", "pages"),
    [
        (1, [[1, 2], [2, 3], [5, 6]]),
        (-1, [[1, 2], [4, 5], [5, 6]]),
        (5, [[1, 2], [1, 2], [5, 6]]),
        (-9, [[1, 2], [], [5, 6]]),
    ],
)
def test_a_list_may_shift_between_two_pages(client: Client, rows: int, pages: list[list[int]]) -> None:
    first = min([client.create(trade())["id"] for _ in range(6)])
    add_fault(client, FaultKind.SHIFT, "GET", nth=2, rows=rows)
    query = "?order_by=created_at&order_direction=asc&per_page=2&page="
    seen = [ids_of(client, f"{query}{page}") for page in (1, 2, 3)]

    assert [[trade_id - first + 1 for trade_id in page] for page in seen] == pages


OLDEST_FIRST = "?order_by=created_at&order_direction=asc&per_page=100&page="


def test_a_list_may_be_empty_while_every_trade_is_still_there(client: Client) -> None:
    first = client.create(trade())["id"]
    add_fault(client, FaultKind.EMPTY, "GET", times=2)

    assert [ids_of(client) for _ in range(3)] == [[], [], [first]]
    add_fault(client, FaultKind.EMPTY, "GET")
    assert client.show(first)["id"] == first


def test_a_page_may_be_capped_in_silence(client: Client) -> None:
    ids = [client.create(trade())["id"] for _ in range(5)]
    add_fault(client, FaultKind.CAP, "GET", rows=2, times=None)

    assert [ids_of(client, f"{OLDEST_FIRST}{page}") for page in (1, 2, 3, 4)] == [ids[:2], ids[2:4], ids[4:], []]
    assert ids_of(client, "?order_by=created_at&order_direction=asc&per_page=1&page=2") == ids[1:2]


def test_ties_show_one_instant_and_come_in_another_order_in_each_list(client: Client) -> None:
    ids = set()
    for _ in range(6):
        ids.add(client.create(trade())["id"])
        client.sandbox.advance(1)
    add_fault(client, FaultKind.TIES, "GET", seconds=Decimal(3600), times=None)
    lists = [client.call("GET", f"{TRADES}{OLDEST_FIRST}1").body for _ in range(5)]

    assert {entity["data"]["created_at"] for entity in lists[0]} == {"2026-01-01T00:00:00.000Z"}
    assert all({entity["id"] for entity in each} == ids for each in lists)
    assert len({tuple(entity["id"] for entity in each) for each in lists}) > 1


def test_ties_leave_trades_of_different_instants_in_order(client: Client) -> None:
    first = client.create(trade())["id"]
    client.sandbox.advance(7200)
    second = client.create(trade())["id"]
    add_fault(client, FaultKind.TIES, "GET", seconds=Decimal(3600), times=None)

    assert all(ids_of(client, f"{OLDEST_FIRST}1") == [first, second] for _ in range(5))


def test_a_list_may_forget_what_has_ended(client: Client) -> None:
    ended, waiting = client.create(trade())["id"], client.create(trade())["id"]
    client.call("DELETE", f"{TRADES}/{ended}")
    add_fault(client, FaultKind.HIDE_ENDED, "GET", times=None)

    assert ids_of(client, "?status=all") == [waiting]
    assert ids_of(client, "?status=cancelled") == []
    assert client.show(ended)["status"]["type"] == "cancelled"


# Requests that are held back


def test_a_request_may_be_held_back_and_take_effect_minutes_later(client: Client) -> None:
    add_fault(client, FaultKind.HOLD, seconds=Decimal(240))
    answer = client.send("POST", TRADES, trade())

    assert (answer.status_code, answer.mimetype) == (504, "text/html")
    client.sandbox.advance(239)
    assert ids_of(client) == []
    client.sandbox.advance(1)
    assert len(ids_of(client)) == 1
    assert len(ids_of(client)) == 1


def test_what_is_held_back_works_on_the_trade_that_it_named_and_in_the_order_in_which_it_is_due(client: Client) -> None:
    first = client.create(trade())["id"]
    add_fault(client, FaultKind.HOLD, path=f"{TRADES}/*/set_note", seconds=Decimal(20))
    client.send("POST", f"{TRADES}/{first}/set_note", {"note": "late"})
    add_fault(client, FaultKind.HOLD, path=f"{TRADES}/*/set_note", seconds=Decimal(10))
    client.send("POST", f"{TRADES}/{first}/set_note", {"note": "earlier"})
    client.sandbox.advance(60)

    assert client.show(first)["note"] == "late"


def test_what_is_refused_when_it_arrives_changes_nothing(client: Client) -> None:
    first = client.create(trade())["id"]
    add_fault(client, FaultKind.HOLD, "DELETE", f"{TRADES}/*", seconds=Decimal(5))
    client.send("DELETE", f"{TRADES}/{first}")
    client.call("DELETE", f"{TRADES}/{first}")
    client.sandbox.advance(5)

    assert client.show(first)["status"]["type"] == "cancelled"


def test_a_reset_of_the_sandbox_forgets_what_is_held_back(client: Client) -> None:
    add_fault(client, FaultKind.HOLD, seconds=Decimal(5))
    client.send("POST", TRADES, trade())
    client.sandbox.reset()
    client.sandbox.advance(10)

    assert ids_of(client) == []


# Which requests are affected


def test_a_fault_affects_the_requests_that_it_is_meant_for(client: Client) -> None:
    trade_id = client.create(trade())["id"]
    client.sandbox.add_fault(
        Fault(kind=FaultKind.SERVER_ERROR, method="GET", path="/v2/smart_trades/*", nth=2, times=2)
    )
    others = ("GET", TRADES), ("POST", f"{TRADES}/{trade_id}/force_process"), ("GET", "/ver1/accounts")
    assert [client.call(*other).status for other in others] == [200, 201, 200]
    statuses = [client.call("GET", f"{TRADES}/{trade_id}").status for _ in range(5)]

    assert statuses == [200, 500, 500, 200, 200]
    assert client.call("GET", f"{TRADES}/{trade_id}/trades").status == 200


def test_chance_is_decided_by_the_seed(client: Client) -> None:
    def run(seed: int) -> list[int]:
        client.sandbox.remove_faults()
        fault = Fault(kind=FaultKind.SERVER_ERROR, probability=Decimal("0.3"), times=None, seed=seed)
        client.sandbox.add_fault(fault)
        return [client.call("GET", TRADES).status for _ in range(60)]

    first = run(1)
    assert run(1) == first
    assert run(2) != first
    assert 8 <= first.count(500) <= 28
    client.sandbox.remove_faults()
    add_fault(client, FaultKind.SERVER_ERROR, "GET", probability=Decimal(0))
    assert ids_of(client) == []


def test_faults_affect_every_process_that_opens_the_file(tmp_path: Any) -> None:
    path = tmp_path / "sandbox.sqlite"
    with Sandbox(path) as one, Sandbox(path) as other:
        one.add_fault(Fault(kind=FaultKind.SERVER_ERROR))

        assert Client(other).call("GET", TRADES).status == 500
        assert [held.fired for held in one.list_faults()] == [1]


def test_faults_never_affect_control_paths(client: Client) -> None:
    client.sandbox.add_fault(Fault(kind=FaultKind.SERVER_ERROR, times=None))

    assert client.http.get("/sandbox/show").status_code == 200
    assert client.http.get("/public/api/ver1/ping").status_code == 500


def test_a_reset_of_the_sandbox_ends_all_faults(client: Client) -> None:
    add_fault(client, FaultKind.LAG, reads=5)
    client.create(trade())
    client.sandbox.add_fault(Fault(kind=FaultKind.SERVER_ERROR, times=None))
    client.sandbox.reset()

    assert client.sandbox.list_faults() == []
    created = client.create(trade())["id"]
    assert ids_of(client) == [created]


# Asking for faults


def test_faults_are_asked_for_over_the_wire(client: Client) -> None:
    asked = {"kind": "delay", "method": "get", "seconds": "2.5", "times": 0}
    added = client.http.post("/sandbox/faults", json=asked)

    assert added.status_code == 201
    assert added.get_json() == {
        "id": 1,
        "kind": "delay",
        "method": "GET",
        "nth": 1,
        "times": None,
        "seed": 0,
        "seconds": "2.5",
    }
    ids_of(client)
    held = {**added.get_json(), "seen": 1, "fired": 1}
    assert client.http.get("/sandbox/faults").get_json() == [held]
    assert client.sandbox.show()["now"] == "2026-01-01T00:00:02.500Z"
    assert client.http.delete("/sandbox/faults/9").status_code == 404
    assert client.http.delete("/sandbox/faults/1").get_json() == {"removed": 1}
    add_fault(client, FaultKind.RESET)
    add_fault(client, FaultKind.RESET)
    assert client.http.delete("/sandbox/faults").get_json() == {"removed": 2}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "kind is missing"),
        ({"kind": "earthquake"}, "kind does not have a valid value"),
        ({"kind": "reset", "colour": "red"}, "colour is unknown"),
        ({"kind": "reset", "nth": "first"}, "nth is invalid"),
        ({"kind": "reset", "nth": 0}, "needs nth and times from 1 on"),
        ({"kind": "reset", "times": -1}, "needs nth and times from 1 on"),
        ({"kind": "reset", "probability": 1.5}, "needs a probability from 0 to 1"),
        ({"kind": "reset", "probability": "NaN"}, "probability is invalid"),
        ({"kind": "lose_reply", "stage": "before"}, "has its own stage"),
        ({"kind": "delay", "seconds": 1, "stage": "after"}, "has its own stage"),
        ({"kind": "delay"}, "needs seconds above 0"),
        ({"kind": "delay", "seconds": 0}, "needs seconds above 0"),
        ({"kind": "lag"}, "needs either reads or seconds"),
        ({"kind": "lag", "reads": 0}, "needs either reads or seconds"),
        ({"kind": "lag", "reads": 1, "seconds": 1}, "needs either reads or seconds"),
        ({"kind": "shift"}, "needs rows other than 0"),
        ({"kind": "shift", "rows": 5000}, "at most 1000"),
        ({"kind": "cap"}, "needs rows from 1 to 1000"),
        ({"kind": "cap", "rows": -2}, "needs rows from 1 to 1000"),
        ({"kind": "ties"}, "needs seconds above 0"),
        ({"kind": "hold"}, "needs seconds above 0"),
        ({"kind": "hold", "seconds": 5, "stage": "after"}, "has its own stage"),
        ({"kind": "act", "request": "DELETE"}, "needs a request such as"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(client: Client, asked: dict[str, Any], message: str) -> None:
    answer = client.http.post("/sandbox/faults", json=asked)

    assert (answer.status_code, answer.get_json()["error"]) == (422, "sandbox_error")
    assert message in answer.get_json()["error_description"]
    with pytest.raises(InvalidFault, match=message.replace("`", ".")):
        read_fault(json.loads(json.dumps(asked), parse_float=Decimal))
    assert client.sandbox.list_faults() == []


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_is_read_as_it_was_written(kind: FaultKind) -> None:
    fault = Fault(kind=kind, rows=1, seconds=Decimal(2), request="GET /x", times=None, probability=Decimal("0.5"))

    assert read_fault(json.loads(json.dumps(describe_fault(fault)))) == fault


def test_a_wire_transaction_that_fails_leaves_nothing(sandbox: Sandbox) -> None:
    def fail() -> None:
        with sandbox.wire_transaction() as wire:
            wire.add_fault(Fault(kind=FaultKind.RESET))
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert sandbox.list_faults() == []
