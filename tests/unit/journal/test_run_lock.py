"""The lock of a run: taken whole or not at all, waited for, and lost by sleeping."""

from __future__ import annotations

import pytest

from reconciler.clock import ManualClock
from reconciler.errors import JournalError, Locked
from reconciler.journal.lock_holder import Holder
from reconciler.journal.lock_rows import HEARTBEAT_S, LIFETIME_S
from reconciler.journal.run_lock import RunLock
from tests.support.world import START_AT

HOLDER = Holder(user="tester", host="here", machine="boot", pid=1, started="")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START_AT)


@pytest.fixture
def lock(clock: ManualClock) -> RunLock:
    return RunLock(clock, HOLDER, lambda _: True, None)


def test_a_free_lock_is_taken_at_once(lock: RunLock, clock: ManualClock) -> None:
    began_at = clock.monotonic()
    lock.acquire(lambda _: "", 60)
    assert lock.token
    assert clock.monotonic() == began_at


def test_a_lock_that_is_held_is_waited_for_and_then_refused_with_its_holder(lock: RunLock, clock: ManualClock) -> None:
    began_at = clock.monotonic()
    with pytest.raises(Locked, match="somebody"):
        lock.acquire(lambda _: "somebody", 5)
    assert clock.monotonic() - began_at == pytest.approx(5)
    assert not lock.token


def test_a_lock_that_is_given_back_meanwhile_is_taken(lock: RunLock) -> None:
    answers = iter(["somebody", "somebody", ""])
    lock.acquire(lambda _: next(answers), 60)
    assert lock.token


def test_a_lock_that_fails_is_not_held(lock: RunLock) -> None:
    def fail(_: str) -> str:
        raise JournalError("the disk is full")

    with pytest.raises(JournalError, match="full"):
        lock.acquire(fail, 0)
    assert not lock.token


def test_a_run_shows_from_time_to_time_that_it_is_alive(lock: RunLock, clock: ManualClock) -> None:
    assert not lock.is_due()
    lock.acquire(lambda _: "", 0)
    assert not lock.is_due()
    clock.sleep(HEARTBEAT_S)
    assert lock.is_due()
    renewed: list[str] = []
    lock.renew(renewed.append)
    assert renewed == [lock.token]
    assert not lock.is_due()


def test_a_process_that_slept_past_the_expiry_may_send_nothing(lock: RunLock, clock: ManualClock) -> None:
    lock.acquire(lambda _: "", 0)
    lock.check()
    clock.sleep(LIFETIME_S)
    with pytest.raises(Locked):
        lock.check()


def test_a_lock_that_is_given_back_says_by_which_token_it_was_held(lock: RunLock) -> None:
    lock.acquire(lambda _: "", 0)
    token = lock.token
    assert lock.release() == token
    assert not lock.token
