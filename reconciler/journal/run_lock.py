"""The lock of one run: taken, renewed and given back, in the journal and on this machine."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from reconciler.clock import Clock
from reconciler.errors import JournalError, Locked
from reconciler.journal.lock_holder import Holder, IsAlive
from reconciler.journal.lock_rows import HEARTBEAT_S, LIFETIME_S, SEND_MARGIN_S, slept_past_expiry

if TYPE_CHECKING:
    from reconciler.journal.machine_lock import MachineLock

# How often a run reads whether the lock is free, in seconds.
_POLL_S = 1.0


class RunLock:
    """The lock of a run: while it is held, no other run is active.

    Args:
        clock: Where waiting happens.
        holder: This process.
        is_alive: Whether another holder's process still runs.
        machine: The locks of this machine; None if there are none.
    """

    def __init__(self, clock: Clock, holder: Holder, is_alive: IsAlive, machine: MachineLock | None) -> None:
        self.token = ""
        self._clock = clock
        self.holder = holder
        self.is_alive = is_alive
        self._machine = machine
        self._renewed = (0.0, 0.0)

    def acquire(self, take: Callable[[str], str], wait_s: float) -> None:
        """Take the locks of this machine, then the others.

        Args:
            take: Takes the others by a token; returns a text about the holder, or an empty text.
            wait_s: How long to wait for another run to end, in seconds.

        Raises:
            Locked: Another run still holds one of them.
        """
        ends_at = self._clock.monotonic() + wait_s
        while in_way := self._try(take):
            if self._clock.monotonic() >= ends_at:
                raise Locked(
                    f"another run is in progress: {in_way}. Wait for it; if it is dead and its"
                    f" lock does not expire within {LIFETIME_S:.0f} s: reconciler unlock"
                )
            self._clock.sleep(min(_POLL_S, max(ends_at - self._clock.monotonic(), 0.01)))

    def _try(self, take: Callable[[str], str]) -> str:
        token = secrets.token_hex(8)
        in_way = "" if self._machine is None else self._machine.take(token, self.holder, self._clock, self.is_alive)
        if in_way:
            return in_way
        times = self._read_times()
        try:
            in_way = take(token)
        except BaseException:
            self._let_go(token)
            raise
        if in_way:
            self._let_go(token)
        else:
            self.token, self._renewed = token, times
        return in_way

    def is_due(self) -> bool:
        """Return whether the run should show again that it is alive."""
        return bool(self.token) and self._find_age_s() >= HEARTBEAT_S

    def renew(self, renew: Callable[[str], None]) -> None:
        """Check that this run still holds all locks, and show that it is alive.

        Args:
            renew: Does so for the locks that are not those of this machine.

        Raises:
            Locked: This run no longer holds one of them.
        """
        times = self._read_times()
        if self._machine is not None:
            self._machine.renew(self.token, self._clock)
        renew(self.token)
        self._renewed = times

    def check(self) -> None:
        """Check that the last renewal is recent enough for the run to hold its locks for certain.

        Raises:
            Locked: The process slept past their expiry.
        """
        if self._find_age_s() > LIFETIME_S - SEND_MARGIN_S:
            raise slept_past_expiry()

    def release(self) -> str:
        """Give the locks of this machine back.

        Returns:
            The token, by which the others are given back.
        """
        token, self.token = self.token, ""
        self._let_go(token)
        return token

    def _let_go(self, token: str) -> None:
        # Locks that cannot be given back end with this process.
        if self._machine is not None:
            with suppress(JournalError):
                self._machine.drop(token)

    def _read_times(self) -> tuple[float, float]:
        return self._clock.now().timestamp(), self._clock.monotonic()

    def _find_age_s(self) -> float:
        """Return the seconds since the last renewal: the larger value of two clocks, as one may stop or be set."""
        wall, monotonic = self._read_times()
        return max(wall - self._renewed[0], monotonic - self._renewed[1])
