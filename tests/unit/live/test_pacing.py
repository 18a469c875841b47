from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import RateLimited
from reconciler.live.pacing import BLOCK_AFTER_429_S, WINDOW_S, RequestBudget, RequestKind
from tests.unit.live.wire import new_clock


def test_requests_within_the_limit_do_not_wait() -> None:
    clock = new_clock()
    budget = RequestBudget(3, clock)
    for _ in range(3):
        budget.acquire()
    assert clock.monotonic() == 0
    assert budget.sent == 3


def test_a_request_beyond_the_limit_waits_for_the_oldest_to_leave_the_window() -> None:
    clock = new_clock()
    budget = RequestBudget(2, clock)
    budget.acquire()
    clock.sleep(20)
    budget.acquire()
    budget.acquire()
    assert clock.monotonic() == WINDOW_S


@given(
    limit=st.integers(1, 5),
    pauses=st.lists(st.floats(0, 90, allow_nan=False), max_size=40),
)
def test_no_window_ever_holds_more_than_the_limit(limit: int, pauses: list[float]) -> None:
    clock = new_clock()
    budget = RequestBudget(limit, clock)
    sent_at: list[float] = []
    for pause_s in pauses:
        clock.sleep(pause_s)
        expected_s = budget.time_needed_s(1)
        asked_at = clock.monotonic()
        budget.acquire()
        sent_at.append(clock.monotonic())
        assert sent_at[-1] - asked_at == pytest.approx(expected_s)
    for first, beyond in zip(sent_at, sent_at[limit:], strict=False):
        assert beyond >= first + WINDOW_S


def test_the_time_needed_is_what_the_requests_then_take() -> None:
    clock = new_clock()
    budget = RequestBudget(4, clock)
    for _ in range(3):
        budget.acquire()
        clock.sleep(5)
    expected_s, asked_at = budget.time_needed_s(10), clock.monotonic()
    for _ in range(10):
        budget.acquire()
    assert clock.monotonic() - asked_at == pytest.approx(expected_s)
    assert budget.time_needed_s(0) == 0


def test_nothing_is_sent_while_stopped_and_all_is_well_afterwards() -> None:
    clock = new_clock()
    budget = RequestBudget(10, clock)
    budget.stop(BLOCK_AFTER_429_S, "too many requests")
    assert budget.stopped_for_s() == BLOCK_AFTER_429_S
    assert budget.time_needed_s(1) == BLOCK_AFTER_429_S
    clock.sleep(BLOCK_AFTER_429_S - 0.5)
    with pytest.raises(RateLimited, match="another 1 s: too many requests") as caught:
        budget.acquire()
    assert (caught.value.status, caught.value.is_permanent) == (429, False)
    clock.sleep(0.5)
    budget.acquire()
    assert budget.sent == 1


def test_a_shorter_stop_does_not_shorten_a_longer_one() -> None:
    budget = RequestBudget(10, new_clock())
    budget.stop(300, "long")
    budget.stop(1, "short")
    assert budget.stopped_for_s() == 300
    with pytest.raises(RateLimited, match="long"):
        budget.acquire()


def test_a_ban_lasts_for_the_rest_of_the_process() -> None:
    clock = new_clock()
    budget = RequestBudget(10, clock)
    budget.ban("418 for this address")
    budget.stop(1, "later and shorter")
    clock.sleep(10**9)
    with pytest.raises(RateLimited, match="418 for this address") as caught:
        budget.acquire()
    assert caught.value.status == 418
    assert budget.stopped_for_s() == float("inf")


def test_a_kind_that_the_plan_lacks_is_refused_and_the_other_goes_on() -> None:
    budget = RequestBudget(10, new_clock())
    budget.refuse(RequestKind.WRITE, "not in your plan")
    budget.acquire(RequestKind.READ)
    with pytest.raises(RateLimited, match="not in your plan") as caught:
        budget.acquire(RequestKind.WRITE)
    assert caught.value.is_permanent
    assert budget.sent == 1


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        RequestBudget(0, new_clock())


def test_a_wait_is_told_before_it_begins() -> None:
    told: list[float] = []
    budget = RequestBudget(2, new_clock(), on_wait=told.append)
    for _ in range(3):
        budget.acquire()
    assert told == [60.0]
