"""The request budget: never faster than the API allows, and silent while it is angry."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from enum import StrEnum

from reconciler.clock import Clock
from reconciler.errors import RateLimited

WINDOW_S = 60.0
# The API allows 100 a minute; the rest is room for the web interface, other tools and clocks that differ.
# Source: official docs, rate limits page; assumed: 80 is far enough below.
DEFAULT_REQUESTS_PER_MINUTE = 80
# Source: official docs, rate limits page: a breach of the limit blocks for 300 seconds.
BLOCK_AFTER_429_S = 300.0


class RequestKind(StrEnum):
    """What a subscription plan may leave out. Source: 429 answer of a plan restriction, captured."""

    READ = "read"
    WRITE = "write"


class RequestBudget:
    """Counts requests in a sliding window and makes callers wait; one per API key, for one thread.

    Args:
        limit_per_minute: Requests that fit into any 60 seconds, at least 1.
        clock: Where waiting happens.
        on_wait: Told of each wait before it begins, in seconds.
    """

    def __init__(self, limit_per_minute: int, clock: Clock, on_wait: Callable[[float], None] | None = None) -> None:
        if limit_per_minute < 1:
            raise ValueError(f"limit_per_minute is {limit_per_minute}, expected at least 1")
        self.sent = 0
        self._limit = limit_per_minute
        self._clock = clock
        self._on_wait = on_wait
        self._sent_at: deque[float] = deque(maxlen=limit_per_minute)
        self._stopped_until = -math.inf
        self._stop_reason = ""
        self._stop_status = 429
        self._refused: dict[RequestKind, str] = {}

    def acquire(self, kind: RequestKind = RequestKind.READ) -> None:
        """Wait until one more request may leave, and count it.

        Args:
            kind: What the request does.

        Raises:
            RateLimited: Requests are stopped for now or for good, or the plan does not include this kind.
        """
        self._check_stopped(kind)
        while (wait_s := self._free_at(self._sent_at) - self._clock.monotonic()) > 0:
            if self._on_wait is not None:
                self._on_wait(wait_s)
            self._clock.sleep(wait_s)
        self._sent_at.append(self._clock.monotonic())
        self.sent += 1

    def stop(self, seconds: float, reason: str) -> None:
        """Refuse every request for some time, after a 429.

        Args:
            seconds: From now on; a stop that lasts longer already is kept.
            reason: What the API said, for the message.
        """
        until = self._clock.monotonic() + seconds
        if until > self._stopped_until:
            self._stopped_until, self._stop_reason = until, reason

    def ban(self, reason: str) -> None:
        """Refuse every request for the rest of the process, after a 418.

        Args:
            reason: What the API said, for the message.
        """
        self._stopped_until, self._stop_reason, self._stop_status = math.inf, reason, 418

    def refuse(self, kind: RequestKind, reason: str) -> None:
        """Refuse every request of a kind that the subscription plan does not include.

        Args:
            kind: What the plan does not include.
            reason: What the API said, for the message.
        """
        self._refused[kind] = reason

    def stopped_for_s(self) -> float:
        """Seconds until requests are allowed again: 0 when they are, infinite after a ban."""
        return max(0.0, self._stopped_until - self._clock.monotonic())

    def time_needed_s(self, requests: int) -> float:
        """How long some more requests take at the allowed rate.

        Args:
            requests: How many, one after the other.

        Returns:
            Seconds until the last of them may leave; the time that the API takes to answer is not in it.
        """
        now = self._clock.monotonic()
        planned, leaves_at = self._sent_at.copy(), now + self.stopped_for_s()
        for _ in range(requests):
            leaves_at = max(leaves_at, self._free_at(planned))
            planned.append(leaves_at)
        return leaves_at - now if requests > 0 else 0.0

    def _free_at(self, sent_at: deque[float]) -> float:
        return sent_at[0] + WINDOW_S if len(sent_at) == self._limit else -math.inf

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
