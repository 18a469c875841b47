"""A watch over one request: ends it at its time limit, and gives signs of life until then."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from reconciler.clock import Clock, SystemClock


class TimeLimitPassed(TimeoutError):
    """A request took longer than it may."""


class RequestWatch:
    """Shuts the sockets of a request down when its time limit has passed, which wakes the reader.

    The time-out of a socket counts from byte to byte. A server that sends a byte now and then never reaches it: in the
    body, in the headers or in interim answers.

    Args:
        limit_s: Seconds that the request may take as a whole.
        silence_s: Seconds between two signs of life.
        on_silence: Called with the seconds that have passed, from a thread of the watch.
        clock: Measures what is left.
    """

    def __init__(
        self,
        limit_s: float,
        *,
        silence_s: float,
        on_silence: Callable[[float], None],
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._limit_s = limit_s
        self._silence_s = silence_s
        self._on_silence = on_silence
        self._began_at = self._clock.monotonic()
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._has_expired = False
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._run, name="request-watch", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Under the lock, so that a socket that goes back to the pool is never shut down a moment later.
        with self._lock:
            self._is_over.set()
            for held in self._sockets:
                held.close()
            self._sockets.clear()

    @property
    def left_s(self) -> float:
        """Seconds that are left, 0 when there are none."""
        return max(0.0, self._began_at + self._limit_s - self._clock.monotonic())

    @property
    def has_expired(self) -> bool:
        """Return whether the time limit has passed."""
        return self._has_expired or self.left_s == 0

    def attach(self, connection: socket.socket) -> None:
        """Watch over a connection, before anything is sent by it.

        Args:
            connection: A connected socket; a duplicate is held, since wrapping it in TLS takes its handle away.

        Raises:
            TimeLimitPassed: The time limit has passed.
        """
        with self._lock:
            if self.has_expired:
                raise TimeLimitPassed(f"no connection within {self._limit_s:.3g} s")
            self._sockets.append(socket.fromfd(connection.fileno(), connection.family, connection.type))

    def _run(self) -> None:
        next_sign_s = self._silence_s
        while (left_s := self.left_s) > 0:
            passed_s = self._limit_s - left_s
            if self._is_over.wait(min(left_s, max(0.0, next_sign_s - passed_s))):
                return
            if self.left_s > 0 and self._limit_s - self.left_s >= next_sign_s:
                # An error in showing a sign must not end the watch.
                with suppress(Exception):
                    self._on_silence(next_sign_s)
                next_sign_s += self._silence_s
        self._expire()

    def _expire(self) -> None:
        with self._lock:
            self._has_expired = True
            for held in self._sockets:
                # Gone already if the other side has closed it.
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)
