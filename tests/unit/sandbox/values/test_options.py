"""Answers that the documents leave open, with each value of their options."""

from __future__ import annotations

import pytest

from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.values.errors import InvalidOption
from reconciler.sandbox.values.options import read_options, write_options
from tests.unit.sandbox.bodies import limit, step, steps, trade
from tests.unit.sandbox.client import Client, status_of

TWO_STEPS = steps(step("10000", 50), step("11000", 50))
MISSING = {"error": "Not found", "error_description": "Smart Trade not found"}


@pytest.mark.parametrize(("value", "status"), [("400", 400), ("404", 404)])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_trade_is_400_or_404(client: Client, method: str, value: str, status: int) -> None:
    client.sandbox.configure("unknown_trade", value)
    answer = client.call(method, "/v2/smart_trades/5")

    assert (answer.status, answer.body) == (status, MISSING)


@pytest.mark.parametrize("value", ["400", "404"])
def test_the_other_endpoints_answer_404_to_an_unknown_trade_anyhow(client: Client, value: str) -> None:
    client.sandbox.configure("unknown_trade", value)

    assert client.post("5/set_note", {"note": "x"}).status == client.call("GET", "/v2/smart_trades/5/trades").status
    assert client.post("5/force_start").status == 404


@pytest.mark.parametrize("value", ["entity", "empty"])
def test_a_cancel_answers_the_entity_or_nothing_and_has_the_same_effect(client: Client, value: str) -> None:
    client.sandbox.configure("cancel_answer", value)
    trade_id = client.open(trade(position=limit("9000")))["id"]
    answer = client.send("DELETE", f"/v2/smart_trades/{trade_id}")

    if value == "empty":
        assert (answer.status_code, answer.get_data()) == (204, b"")
        assert "Content-Type" not in answer.headers
    else:
        assert (answer.status_code, status_of(answer.get_json())) == (200, "cancellation_pending")
    assert status_of(client.show(trade_id)) == "cancelled"


@pytest.mark.parametrize(("value", "status"), [("entity", 200), ("empty", 204)])
def test_a_cancelled_step_is_answered_like_a_cancelled_trade(client: Client, value: str, status: int) -> None:
    client.sandbox.configure("cancel_answer", value)
    entity = client.open(trade(take_profit=TWO_STEPS))
    answer = client.send("DELETE", f"/v2/smart_trades/{entity['id']}/trades/{entity['take_profit']['steps'][0]['id']}")

    assert answer.status_code == status
    assert len(client.show(entity["id"])["take_profit"]["steps"]) == 1


@pytest.mark.parametrize("kind", [FaultKind.TRUNCATE, FaultKind.CUT_REPLY])
def test_of_an_empty_answer_everything_is_cut(client: Client, kind: FaultKind) -> None:
    client.sandbox.configure("cancel_answer", "empty")
    trade_id = client.open(trade(position=limit("9000")))["id"]
    client.sandbox.add_fault(Fault(kind=kind, method="DELETE"))

    with pytest.raises(ConnectionError):
        client.send("DELETE", f"/v2/smart_trades/{trade_id}")
    assert status_of(client.show(trade_id)) == "cancelled"


ACTIONS = [
    ("PATCH", "", {"position": {"units": {"value": "0.01"}}}, "Update"),
    ("DELETE", "", None, "Cancel"),
    ("POST", "/close_by_market", None, "Close by market"),
    ("POST", "/force_start", None, "Force start"),
    ("POST", "/force_process", None, "Force process"),
    ("POST", "/add_funds", {"order_type": "market", "units": {"value": "0.01"}}, "Add funds"),
    ("POST", "/reduce_funds", {"order_type": "market", "units": {"value": "0.01"}}, "Reduce funds"),
    ("GET", "/reduce_funds_info", None, "Reduce funds"),
]


@pytest.mark.parametrize(
    ("value", "error"), [("400", "Wrong param(s)"), ("403", "Forbidden"), ("422", "unprocessable_entity")]
)
@pytest.mark.parametrize(("method", "path", "body", "words"), ACTIONS)
def test_an_action_in_the_wrong_status_is_400_or_403_or_422(
    client: Client, method: str, path: str, body: object, words: str, value: str, error: str
) -> None:
    client.sandbox.configure("wrong_status", value)
    trade_id = client.open(trade(instant=True))["id"]
    answer = client.call(method, f"/v2/smart_trades/{trade_id}{path}", body)

    assert (answer.status, answer.body["error"]) == (int(value), error)
    assert answer.body["error_description"] == f"{words} is not allowed in the current status"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("trailing_stop", "gone", "trailing_stop cannot be 'gone': expected moved or unchanged"),
        ("fee_pct", "-1", "fee_pct cannot be '-1': expected percent from 0 to 10"),
        ("fee_pct", "10.01", "fee_pct cannot be '10.01': expected percent from 0 to 10"),
        ("pending_reads", "1.5", "pending_reads cannot be '1.5': expected clock or 0 to 1000"),
        ("pending_reads", "1001", "pending_reads cannot be '1001': expected clock or 0 to 1000"),
        ("colour", "red", "unknown sandbox option 'colour': expected trailing_stop, trailing_percent"),
    ],
)
def test_a_value_that_an_option_cannot_have_is_refused(name: str, text: str, message: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        read_options({name: text})

    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("reads", ["0", "7", "clock"])
def test_options_are_written_as_they_are_read(reads: str) -> None:
    texts = write_options(read_options({"pending_reads": reads, "fee_pct": "0.25"}))

    assert (texts["pending_reads"], texts["fee_pct"]) == (reads, "0.25")
    assert write_options(read_options(texts)) == texts
