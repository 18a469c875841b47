"""A sandbox clock that runs with the time of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from threading import Lock

from reconciler.sandbox.exchange.exchange import MAX_ADVANCE_S, Sandbox

# How often a served clock is brought up to date while no request comes, in seconds.
TICK_S = 1.0


class RealClock:
    """Moves the clock of a sandbox forward as time passes.

    A sandbox that is behind this machine is brought up to it once; one that was told to be ahead stays ahead.

    Args:
        sandbox: Whose clock it is.
        read_now_s: Time of this machine in seconds since 1970.
        sleep: Lets so many seconds of this machine pass.
        tick_s: How often it wants to be kept while no request comes, in seconds.
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
        """Brings the sandbox up to date; nothing happens where no millisecond has passed, or the clock went back."""
        with self._lock:
            now_ms = int(self._read_now_s() * 1000)
            passed_ms = min(now_ms - self._kept_ms, MAX_ADVANCE_S * 1000)
            self._kept_ms = now_ms
            if passed_ms > 0:
                self._sandbox.advance(Decimal(passed_ms) / 1000)

    def wait(self, seconds: Decimal) -> None:
        """Lets time pass on this machine and in the sandbox.

        Args:
            seconds: How much.
        """
        self._sleep(float(seconds))
        self.keep_time()
