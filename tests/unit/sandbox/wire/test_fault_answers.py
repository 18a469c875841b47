from __future__ import annotations

import json

import pytest
from flask import Response

from reconciler.sandbox.store.faults import Fault, FaultKind, Stage
from reconciler.sandbox.wire.answers import answer_json, answer_nothing
from reconciler.sandbox.wire.fault_answers import ConnectionLost, ConnectionReset, CutShort, replace_answer


class Recorder:
    """Answers a request, and counts how often it took effect."""

    def __init__(self, answer: Response) -> None:
        self.answer = answer
        self.count = 0

    def __call__(self) -> Response:
        self.count += 1
        return self.answer


@pytest.fixture
def deliver() -> Recorder:
    return Recorder(answer_json({"id": 5}))


@pytest.mark.parametrize(
    ("kind", "status", "count"),
    [
        (FaultKind.SERVER_ERROR, 500, 0),
        (FaultKind.BAD_GATEWAY, 502, 0),
        (FaultKind.GATEWAY_TIMEOUT, 504, 1),
        (FaultKind.RATE_LIMIT, 429, 0),
        (FaultKind.PLAN_RESTRICTION, 429, 0),
        (FaultKind.BAN, 418, 0),
    ],
)
def test_an_error_replaces_the_answer_before_or_after_the_effect(
    deliver: Recorder, kind: FaultKind, status: int, count: int
) -> None:
    answer = replace_answer(Fault(kind=kind), "POST", deliver)

    assert (answer.status_code, deliver.count) == (status, count)


def test_a_stage_moves_an_error_behind_the_effect(deliver: Recorder) -> None:
    replace_answer(Fault(kind=FaultKind.SERVER_ERROR, stage=Stage.AFTER), "POST", deliver)

    assert deliver.count == 1


@pytest.mark.parametrize(
    ("kind", "error", "count"),
    [
        (FaultKind.LOSE_REQUEST, ConnectionLost, 0),
        (FaultKind.LOSE_REPLY, ConnectionLost, 1),
        (FaultKind.RESET, ConnectionReset, 0),
    ],
)
def test_a_connection_breaks(deliver: Recorder, kind: FaultKind, error: type[Exception], count: int) -> None:
    with pytest.raises(error):
        replace_answer(Fault(kind=kind), "POST", deliver)
    assert deliver.count == count


def test_a_truncated_answer_is_not_json(deliver: Recorder) -> None:
    answer = replace_answer(Fault(kind=FaultKind.TRUNCATE), "POST", deliver)

    assert isinstance(answer, CutShort)
    assert answer.get_data() == b'{"id'
    with pytest.raises(ValueError, match=r".+"):
        json.loads(answer.get_data())


def test_a_cut_answer_promises_more_than_it_sends(deliver: Recorder) -> None:
    answer = replace_answer(Fault(kind=FaultKind.CUT_REPLY), "POST", deliver)
    parts = iter(answer.response)

    assert (next(parts), answer.headers["Content-Length"]) == (b'{"id', "8")
    with pytest.raises(ConnectionLost):
        next(parts)


def test_an_answer_without_a_body_is_lost_instead_of_cut() -> None:
    with pytest.raises(ConnectionLost):
        replace_answer(Fault(kind=FaultKind.TRUNCATE), "DELETE", Recorder(answer_nothing()))


@pytest.mark.parametrize(("method", "word"), [("GET", "read"), ("POST", "write")])
def test_a_plan_restriction_names_the_type_of_the_request(deliver: Recorder, method: str, word: str) -> None:
    answer = replace_answer(Fault(kind=FaultKind.PLAN_RESTRICTION), method, deliver)

    assert f"'{word}'" in answer.get_json()["error"]
