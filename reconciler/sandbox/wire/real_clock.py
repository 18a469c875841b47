"""A sandbox clock that follows the time of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from threading import Lock

from reconciler.sandbox.exchange.exchange import MAX_ADVANCE_S, Sandbox

# Time between two updates of a served clock while no request comes, in seconds.
TICK_S = 1.0


class RealClock:
    """A clock that moves a sandbox forward as time passes.

    A sandbox that is behind this machine is moved to its time once; one that is ahead stays ahead.

    Args:
        sandbox: The sandbox.
        read_now_s: Time of this machine in seconds since 1970.
        sleep: Waits a number of seconds on this machine.
        tick_s: Time between two updates while no request comes, in seconds.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        read_now_s: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        tick_s: float = TICK_S,
    ) -> None:
        self.tick_s = tick_s
        self._sandbox = sandbox
        self._read_now_s = read_now_s
        self._sleep = sleep
        self._lock = Lock()
        self._kept_ms = sandbox.now_ms

    def keep_time(self) -> None:
        """Move the sandbox to the current time, unless no millisecond has passed or the clock went back."""
        with self._lock:
            now_ms = int(self._read_now_s() * 1000)
            passed_ms = min(now_ms - self._kept_ms, MAX_ADVANCE_S * 1000)
            self._kept_ms = now_ms
            if passed_ms > 0:
                self._sandbox.advance(Decimal(passed_ms) / 1000)

    def wait(self, seconds: Decimal) -> None:
        """Wait on this machine, and let the same time pass in the sandbox.

        Args:
            seconds: How long.
        """
        self._sleep(float(seconds))
        self.keep_time()
