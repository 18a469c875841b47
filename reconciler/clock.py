"""Clocks: the clock of the machine, and one that tests move by hand."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from reconciler.errors import Interrupted


class Clock(Protocol):
    """The current time, and waiting."""

    def now(self) -> datetime:
        """Return the current instant, timezone-aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return the seconds since an arbitrary start; they never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait.

        Args:
            seconds: How long; zero or less returns at once.

        Raises:
            Interrupted: The run was asked to stop.
        """
        ...


class Waker:
    """Ends every wait of this process, also from a signal handler.

    It uses a plain lock and not a `threading.Event`: `Event.set` takes a lock, which the thread that the signal
    interrupts may already hold.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._gate = threading.Lock()
        self._gate.acquire()

    @property
    def is_set(self) -> bool:
        """Return whether waits end at once."""
        return self._is_set

    def set(self) -> None:
        """End the current wait and all later ones."""
        if not self._is_set:
            self._is_set = True
            self._gate.release()

    def clear(self) -> None:
        """Let waits last again."""
        if self._is_set:
            self._gate.acquire()
            self._is_set = False

    def wait(self, seconds: float) -> bool:
        """Wait at most some seconds, or until `set` is called.

        Returns:
            Whether `set` was called.
        """
        if not self._is_set and seconds > 0 and self._gate.acquire(timeout=min(seconds, threading.TIMEOUT_MAX)):
            self._gate.release()
        return self._is_set


# All clocks of the process wait with it, so that one signal ends all waits.
WAKER = Waker()


class SystemClock:
    """The clock of the machine.

    Args:
        waker: Ends its waits.
    """

    def __init__(self, waker: Waker = WAKER) -> None:
        self._waker = waker

    def now(self) -> datetime:
        """Return the current instant, timezone-aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the seconds since an arbitrary start; they never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Args:
            seconds: How long; zero or less returns at once.

        Raises:
            Interrupted: The run was asked to stop, before or while it waited.
        """
        if seconds > 0 and self._waker.wait(seconds):
            raise Interrupted("the run was asked to stop while it waited")


class ManualClock:
    """A clock that moves only when something sleeps.

    Args:
        start_at: The first instant, timezone-aware.
    """

    def __init__(self, start_at: datetime) -> None:
        self._start_at = start_at
        self._elapsed_s = 0.0

    def now(self) -> datetime:
        """Return the current instant, timezone-aware UTC."""
        return self._start_at + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        """Return the seconds since the start."""
        return self._elapsed_s

    def sleep(self, seconds: float) -> None:
        """Move the clock instead of waiting.

        Args:
            seconds: How far; zero or less moves nothing.
        """
        self._elapsed_s += max(seconds, 0.0)
