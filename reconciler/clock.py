"""Time: the real clock, and one that only moves when told."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from reconciler.errors import Interrupted


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

        Raises:
            Interrupted: The run was told to stop.
        """
        ...


class Waker:
    """Ends every wait of this process, from a signal handler too.

    A lock of the operating system is used, and no `threading.Event`: that one takes a lock of its own in `set`, which
    the very thread that a signal interrupts may hold.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._gate = threading.Lock()
        self._gate.acquire()

    @property
    def is_set(self) -> bool:
        """Whether waits end at once."""
        return self._is_set

    def set(self) -> None:
        """End the present wait, and every later one."""
        if not self._is_set:
            self._is_set = True
            self._gate.release()

    def clear(self) -> None:
        """Let waits last again."""
        if self._is_set:
            self._gate.acquire()
            self._is_set = False

    def wait(self, seconds: float) -> bool:
        """Wait until somebody ends it, at most some seconds.

        Returns:
            Whether it was ended.
        """
        if not self._is_set and seconds > 0 and self._gate.acquire(timeout=min(seconds, threading.TIMEOUT_MAX)):
            self._gate.release()
        return self._is_set


# All clocks of the process wait here, so that one signal ends all their waits.
WAKER = Waker()


class SystemClock:
    """The machine's clock.

    Args:
        waker: Ends its waits.
    """

    def __init__(self, waker: Waker = WAKER) -> None:
        self._waker = waker

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

        Raises:
            Interrupted: The run was told to stop, before or while it waited.
        """
        if seconds > 0 and self._waker.wait(seconds):
            raise Interrupted("the run was told to stop while it waited")


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
