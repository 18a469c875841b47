"""The request budget: respect the limits of the API, and send nothing during a ban."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol, TypeVar

from reconciler.clock import Clock
from reconciler.errors import JournalError, RateLimited

T = TypeVar("T")
WINDOW_S = 60.0
# The API allows 100 a minute; the rest is room for the web interface, other tools and clocks that differ.
# Source: official docs, rate limits page; assumed: 80 is far enough below.
DEFAULT_REQUESTS_PER_MINUTE = 80
# Source: official docs, rate limits page: a breach of the limit blocks for 300 seconds.
BLOCK_AFTER_429_S = 300.0
# Of a pace that processes share, this part is left to requests that protect a position; assumed: three of 80 are
# enough for the first of them, and those who wait lose under 5 percent by it.
HEADROOM_SHARE = 1 / 25


class RequestKind(StrEnum):
    """A kind of request that a subscription plan may leave out. Source: 429 answer of a plan restriction, captured."""

    READ = "read"
    WRITE = "write"


class SharedPace(Protocol):
    """The requests of all processes that use one API key.

    Every method raises `JournalError` if that cannot be read or written.
    """

    def reserve(self, clock: Clock, limit: int) -> float:
        """Count one request, if fewer than the limit were sent in the last 60 seconds.

        Args:
            clock: The present.
            limit: Requests that fit into any 60 seconds.

        Returns:
            0 when it was counted, else how many seconds to wait before asking again, at most 60.

        Raises:
            RateLimited: The API has stopped this key for now.
        """
        ...

    def read_ages(self, clock: Clock) -> Sequence[float]:
        """Return the ages of the requests of the last 60 seconds, in seconds, oldest first."""
        ...

    def stop(self, clock: Clock, seconds: float, reason: str) -> None:
        """Store a 429: no process sends for some seconds."""
        ...

    def ban(self, clock: Clock, reason: str) -> None:
        """Store a 418: no process sends until the ban ends."""
        ...


class RequestBudget:
    """Counts requests in a sliding window and makes callers wait; one per API key, for one thread.

    Args:
        limit_per_minute: Requests that fit into any 60 seconds, at least 1.
        clock: Where waiting happens.
        on_wait: Called before each wait, with its length in seconds.
        shared: Requests of other processes with the same key, or None if they are not known.
        on_alone: Called once if `shared` can no longer be read or written, so that this process counts alone.
    """

    def __init__(
        self,
        limit_per_minute: int,
        clock: Clock,
        on_wait: Callable[[float], None] | None = None,
        shared: SharedPace | None = None,
        on_alone: Callable[[str], None] | None = None,
    ) -> None:
        if limit_per_minute < 1:
            raise ValueError(f"limit_per_minute is {limit_per_minute}, expected at least 1")
        self.sent = 0
        self._limit = limit_per_minute
        self._clock = clock
        self._on_wait = on_wait
        self._shared = shared
        self._on_alone = on_alone
        self._is_protecting = False
        self._sent_at: deque[float] = deque(maxlen=limit_per_minute)
        self._stopped_until = -math.inf
        self._stop_reason = ""
        self._stop_status = 429
        self._refused: dict[RequestKind, str] = {}

    def acquire(self, kind: RequestKind = RequestKind.READ) -> None:
        """Wait until one more request may be sent, and count it.

        Args:
            kind: What the request does.

        Raises:
            RateLimited: Requests are stopped for now or until the end, or the plan does not include this kind.
        """
        self._check_stopped(kind)
        while (wait_s := self._reserve()) > 0:
            if self._on_wait is not None:
                self._on_wait(wait_s)
            self._clock.sleep(wait_s)
        self.sent += 1

    @contextmanager
    def protecting(self, *, is_protecting: bool) -> Iterator[None]:
        """Let the requests inside use the room that is kept for protecting positions.

        Args:
            is_protecting: Whether they protect a position.
        """
        before, self._is_protecting = self._is_protecting, is_protecting
        try:
            yield
        finally:
            self._is_protecting = before

    def stop(self, seconds: float, reason: str) -> None:
        """Refuse every request for some time, after a 429.

        Args:
            seconds: From now on; a stop that lasts longer already is kept.
            reason: What the API said, for the message.
        """
        until = self._clock.monotonic() + seconds
        if until > self._stopped_until:
            self._stopped_until, self._stop_reason = until, reason
        self._share(lambda shared: shared.stop(self._clock, seconds, reason))

    def ban(self, reason: str) -> None:
        """Refuse every request for the rest of the process, after a 418.

        Args:
            reason: What the API said, for the message.
        """
        self._stopped_until, self._stop_reason, self._stop_status = math.inf, reason, 418
        self._share(lambda shared: shared.ban(self._clock, reason))

    def refuse(self, kind: RequestKind, reason: str) -> None:
        """Refuse every request of a kind that the subscription plan does not include.

        Args:
            kind: What the plan does not include.
            reason: What the API said, for the message.
        """
        self._refused[kind] = reason

    def stopped_for_s(self) -> float:
        """Return the seconds until requests are allowed again: 0 if they are, infinite after a ban."""
        return max(0.0, self._stopped_until - self._clock.monotonic())

    def time_needed_s(self, requests: int) -> float:
        """Estimate how long some more requests take at the allowed rate.

        Args:
            requests: How many, one after the other.

        Returns:
            Seconds until the last of them may be sent; the time that the API takes to answer is not in it.
        """
        send, needed_s = self.foresee(), 0.0
        for _ in range(requests):
            needed_s = send()
        return needed_s

    def foresee(self) -> Callable[[], float]:
        """Make a function that says, call by call, when the next request may be sent if nothing else is sent.

        Returns:
            Gives seconds from now; the time that the API takes to answer is not in it.
        """
        now, limit = self._clock.monotonic(), self._usual_limit()
        ages_s = self._share(lambda shared: shared.read_ages(self._clock))
        sent_at = self._sent_at if ages_s is None else deque(now - age_s for age_s in ages_s)
        planned, leaves_at = deque(sent_at, maxlen=limit), now + self.stopped_for_s()

        def send() -> float:
            nonlocal leaves_at
            leaves_at = max(leaves_at, _free_at(planned))
            planned.append(leaves_at)
            return leaves_at - now

        return send

    def _reserve(self) -> float:
        """Count one request, or say how long to wait first."""
        limit = self._limit if self._is_protecting else self._usual_limit()
        wait_s = self._share(lambda shared: shared.reserve(self._clock, limit))
        if wait_s is None:
            wait_s = _free_at(self._sent_at) - self._clock.monotonic()
        if wait_s <= 0:
            self._sent_at.append(self._clock.monotonic())
        return min(wait_s, WINDOW_S)

    def _share(self, use: Callable[[SharedPace], T]) -> T | None:
        """Use the pace that processes share; if that fails, this process counts alone from then on.

        Returns:
            The result, or None if nothing is shared.
        """
        if self._shared is None:
            return None
        try:
            return use(self._shared)
        except JournalError as error:
            self._shared = None
            if self._on_alone is not None:
                self._on_alone(error.message)
            return None

    def _usual_limit(self) -> int:
        if self._shared is None:
            return self._limit
        return max(1, self._limit - max(1, math.floor(self._limit * HEADROOM_SHARE)))

    def _check_stopped(self, kind: RequestKind) -> None:
        if kind in self._refused:
            raise RateLimited(self._refused[kind], status=429, is_permanent=True)
        remaining_s = self.stopped_for_s()
        if math.isinf(remaining_s):
            raise RateLimited(f"no more requests are sent by this run: {self._stop_reason}", status=self._stop_status)
        if remaining_s > 0:
            raise RateLimited(
                f"no request may be sent for another {math.ceil(remaining_s)} s: {self._stop_reason}",
                status=self._stop_status,
            )


def _free_at(sent_at: deque[float]) -> float:
    return sent_at[0] + WINDOW_S if len(sent_at) == sent_at.maxlen else -math.inf
