from __future__ import annotations

import signal
import threading
import time

import pytest

from reconciler.clock import SystemClock, Waker
from reconciler.errors import Interrupted


def test_a_wait_ends_at_once_when_somebody_ends_it() -> None:
    waker = Waker()
    clock = SystemClock(waker)
    threading.Timer(0.1, waker.set).start()
    began_s = time.monotonic()
    with pytest.raises(Interrupted):
        clock.sleep(60)
    assert time.monotonic() - began_s < 30


def test_every_later_wait_ends_before_it_begins_until_that_is_taken_back() -> None:
    waker = Waker()
    clock = SystemClock(waker)
    waker.set()
    waker.set()
    for _ in range(2):
        with pytest.raises(Interrupted):
            clock.sleep(60)
    waker.clear()
    waker.clear()
    clock.sleep(0.01)


def test_no_time_is_no_wait_and_is_never_ended() -> None:
    waker = Waker()
    waker.set()
    SystemClock(waker).sleep(0)
    SystemClock(waker).sleep(-1)


def test_a_signal_handler_ends_the_wait_of_the_very_thread_that_it_interrupts() -> None:
    waker = Waker()
    before = signal.signal(signal.SIGALRM, lambda number, frame: waker.set())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        began_s = time.monotonic()
        with pytest.raises(Interrupted):
            SystemClock(waker).sleep(60)
        assert time.monotonic() - began_s < 30
    finally:
        signal.signal(signal.SIGALRM, before)
