"""Time: the real clock, and one that only moves when told."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the program needs of time."""

    def now(self) -> datetime:
        """The present instant, timezone-aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait.

        Args:
            seconds: How long; zero or less returns at once.
        """
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, timezone-aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Args:
            seconds: How long; zero or less returns at once.
        """
        if seconds > 0:
            time.sleep(seconds)


class ManualClock:
    """A clock that stands still until it is told to move; sleeping moves it.

    Args:
        start_at: The first instant, timezone-aware.
    """

    def __init__(self, start_at: datetime) -> None:
        self._start_at = start_at
        self._elapsed_s = 0.0

    def now(self) -> datetime:
        """The present instant, timezone-aware UTC."""
        return self._start_at + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self._elapsed_s

    def sleep(self, seconds: float) -> None:
        """Move the clock instead of waiting.

        Args:
            seconds: How far; zero or less moves nothing.
        """
        self._elapsed_s += max(seconds, 0.0)
