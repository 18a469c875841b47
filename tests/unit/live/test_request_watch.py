"""A watch ends a request at its time limit, whoever reads from its socket."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from reconciler.live.request_watch import RequestWatch, TimeLimitPassed
from tests.unit.live.wire import new_clock

AT_MOST_S = 30.0


def make(limit_s: float, silence_s: float = 60, said: list[float] | None = None) -> RequestWatch:
    return RequestWatch(limit_s, silence_s=silence_s, on_silence=(said if said is not None else []).append)


def test_a_reader_that_waits_is_woken_when_the_time_is_over() -> None:
    ours, theirs = socket.socketpair()
    began_s = time.monotonic()
    with ours, theirs, make(2) as watch:
        watch.attach(ours)
        assert ours.recv(1) == b""
        assert watch.has_expired
    assert time.monotonic() - began_s < AT_MOST_S


def test_a_socket_is_not_touched_after_the_request_ended_in_time() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with make(2) as watch:
            watch.attach(ours)
        time.sleep(2.1)
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"


def test_no_socket_is_taken_when_the_time_is_over() -> None:
    clock = new_clock()
    watch = RequestWatch(1, silence_s=60, on_silence=lambda _: None, clock=clock)
    assert watch.left_s == 1
    clock.sleep(2)
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeLimitPassed, match="no connection within 1 s"):
        watch.attach(ours)
    assert (watch.left_s, watch.has_expired) == (0, True)


def test_signs_of_life_come_at_their_interval_until_the_request_ends() -> None:
    said: list[float] = []
    heard = threading.Event()

    def hear(seconds: float) -> None:
        said.append(seconds)
        if len(said) == 2:
            heard.set()

    with RequestWatch(AT_MOST_S, silence_s=0.02, on_silence=hear):
        assert heard.wait(AT_MOST_S)
    assert said[:2] == [0.02, 0.04]


def test_a_sign_that_cannot_be_given_does_not_end_the_watch() -> None:
    def fail(_: float) -> None:
        raise BrokenPipeError

    ours, theirs = socket.socketpair()
    with ours, theirs, RequestWatch(2, silence_s=0.01, on_silence=fail) as watch:
        watch.attach(ours)
        assert ours.recv(1) == b""
