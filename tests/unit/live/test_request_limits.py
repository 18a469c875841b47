"""The limits of a request fit each other."""

from __future__ import annotations

from reconciler.journal.lock_rows import LIFETIME_S
from reconciler.live.request_limits import (
    CONNECT_TIMEOUT_S,
    DEFAULT_LIMITS,
    READ_TIMEOUT_S,
    REQUEST_TIMEOUT_S,
    RETRY_WAITS_S,
    SHORTEST_TRY_S,
    Limits,
)


def test_each_part_of_a_request_fits_into_the_whole() -> None:
    assert CONNECT_TIMEOUT_S < READ_TIMEOUT_S < REQUEST_TIMEOUT_S
    # After one try that took all its time, there is time for another short one.
    assert REQUEST_TIMEOUT_S - READ_TIMEOUT_S - RETRY_WAITS_S[0] >= SHORTEST_TRY_S


def test_waits_between_tries_grow() -> None:
    assert list(RETRY_WAITS_S) == sorted(set(RETRY_WAITS_S))


def test_a_lock_outlives_every_request_under_it() -> None:
    assert LIFETIME_S > 2 * REQUEST_TIMEOUT_S


def test_limits_are_the_constants_unless_a_session_has_others() -> None:
    assert Limits() == DEFAULT_LIMITS
    assert Limits(read_s=1).connect_s == CONNECT_TIMEOUT_S
