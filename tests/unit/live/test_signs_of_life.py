from __future__ import annotations

import pytest

from reconciler.clock import ManualClock
from reconciler.live.signs_of_life import SignsOfLife
from tests.unit.live.wire import Answer, Wire, new_clock, open_session


def request(signs: SignsOfLife, clock: ManualClock, *, takes_s: float = 0) -> None:
    signs.begin("GET /v2/smart_trades")
    clock.sleep(takes_s)
    signs.end()


@pytest.fixture
def said() -> list[str]:
    return []


def test_requests_that_take_a_while_together_are_announced_every_ten_seconds(said: list[str]) -> None:
    clock = new_clock()
    signs = SignsOfLife(clock, 10, said.append)
    for _ in range(30):
        request(signs, clock, takes_s=0.5)
        clock.sleep(0.5)
    assert said == [
        "Still in progress: 10 requests so far, the next is GET /v2/smart_trades.",
        "Still in progress: 20 requests so far, the next is GET /v2/smart_trades.",
    ]


def test_polls_with_growing_pauses_are_announced(said: list[str]) -> None:
    clock = new_clock()
    signs = SignsOfLife(clock, 10, said.append)
    for pause_s in (1, 2, 4, 8, 8):
        request(signs, clock)
        clock.sleep(pause_s)
    assert said == ["Still in progress: 4 requests so far, the next is GET /v2/smart_trades."]


def test_a_wait_as_long_as_the_interval_of_a_watch_is_no_silence(said: list[str]) -> None:
    clock = new_clock()
    signs = SignsOfLife(clock, 10, said.append)
    for _ in range(5):
        request(signs, clock, takes_s=1)
        request(signs, clock, takes_s=1)
        clock.sleep(30)
    assert said == []


def test_a_sign_of_another_kind_ends_the_silence(said: list[str]) -> None:
    clock = new_clock()
    signs = SignsOfLife(clock, 10, said.append)
    request(signs, clock, takes_s=9)
    signs.say("again")
    request(signs, clock, takes_s=9)
    request(signs, clock)
    assert said == ["again"]


def test_a_session_says_that_it_is_still_at_work() -> None:
    clock = new_clock()
    said: list[str] = []

    def answer(_: object) -> Answer:
        clock.sleep(6)
        return Answer(200, {"id": 1})

    session = open_session(Wire(script=answer), clock, on_wait=said.append)
    for number in range(3):
        session.request("GET", f"/v2/smart_trades/{number}", query={"page": "1"})
    assert said == ["Still in progress: 2 requests so far, the next is GET /v2/smart_trades/2."]


def test_many_requests_need_no_sentence_while_progress_is_shown_in_another_way(said: list[str]) -> None:
    clock = new_clock()
    signs = SignsOfLife(clock, 10, said.append, lambda: True)
    for _ in range(30):
        request(signs, clock, takes_s=1)
    assert said == []
    signs.wait(10)
    assert said == ["Still waiting for the answer to GET /v2/smart_trades (10 s)."]
