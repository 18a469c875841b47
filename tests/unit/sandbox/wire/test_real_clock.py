from __future__ import annotations

import time
from decimal import Decimal

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.real_clock import RealClock
from reconciler.sandbox.wire.server import serve_aside

# 2027-01-15T08:00:00Z
NOW_S = 1800000000.0


class Machine:
    """The time of a machine."""

    def __init__(self) -> None:
        self.now_s = NOW_S

    def read(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


def start(sandbox: Sandbox, machine: Machine) -> RealClock:
    clock = RealClock(sandbox, read_now_s=machine.read, sleep=machine.sleep)
    clock.keep_time()
    return clock


def test_a_clock_that_is_behind_is_brought_up_and_then_runs(sandbox: Sandbox, machine: Machine) -> None:
    clock = start(sandbox, machine)
    assert sandbox.show()["now"] == "2027-01-15T08:00:00.000Z"
    machine.now_s += 1.25
    clock.keep_time()
    clock.keep_time()

    assert sandbox.show()["now"] == "2027-01-15T08:00:01.250Z"


def test_a_clock_that_is_ahead_stays_ahead(sandbox: Sandbox, machine: Machine) -> None:
    clock = start(sandbox, machine)
    sandbox.advance(3600)
    machine.now_s += 5
    clock.keep_time()
    assert sandbox.show()["now"] == "2027-01-15T09:00:05.000Z"
    again = start(sandbox, machine)
    machine.now_s += 5
    again.keep_time()

    assert sandbox.show()["now"] == "2027-01-15T09:00:10.000Z"


def test_a_machine_that_goes_back_only_stops_the_clock(sandbox: Sandbox, machine: Machine) -> None:
    clock = start(sandbox, machine)
    machine.now_s -= 100
    clock.keep_time()
    assert sandbox.show()["now"] == "2027-01-15T08:00:00.000Z"
    machine.now_s += 1
    clock.keep_time()

    assert sandbox.show()["now"] == "2027-01-15T08:00:01.000Z"


def test_waiting_takes_time_on_both(sandbox: Sandbox, machine: Machine) -> None:
    start(sandbox, machine).wait(Decimal("1.5"))

    assert sandbox.show()["now"] == "2027-01-15T08:00:01.500Z"


def test_a_served_clock_runs_while_nobody_asks(sandbox: Sandbox, machine: Machine) -> None:
    with serve_aside(sandbox, clock=RealClock(sandbox, read_now_s=machine.read, tick_s=0.01)):
        machine.now_s += 7
        deadline = time.monotonic() + 10
        while sandbox.show()["now"] != "2027-01-15T08:00:07.000Z" and time.monotonic() < deadline:
            time.sleep(0.005)
    assert sandbox.show()["now"] == "2027-01-15T08:00:07.000Z"
