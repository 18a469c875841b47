"""Signs of life: a sentence now and then while requests are repeated, unanswered, or many."""

from __future__ import annotations

import math
from collections.abc import Callable

from reconciler.clock import Clock


class SignsOfLife:
    """Shows what a command waits for, so that it does not seem to hang.

    Args:
        clock: Measures silence.
        silence_s: Seconds of silence that a sign breaks. A pause as long between two requests is a wait that somebody
            else has announced, such as that of the pace, and no silence.
        on_wait: Called with each sentence, or None if no sentence is needed.
        is_shown: Returns whether progress is shown in another way.
    """

    def __init__(
        self,
        clock: Clock,
        silence_s: float,
        on_wait: Callable[[str], None] | None,
        is_shown: Callable[[], bool] = lambda: False,
    ) -> None:
        self._clock = clock
        self._silence_s = silence_s
        self._on_wait = on_wait
        self._is_shown = is_shown
        self._requests = 0
        self._waits_for = ""
        self._last_at = -math.inf
        self._silent_since = -math.inf

    def say(self, text: str) -> None:
        """Say something, which ends the silence."""
        self._silent_since = self._clock.monotonic()
        if self._on_wait is not None:
            self._on_wait(text)

    def begin(self, name: str) -> None:
        """Note that a request is sent now.

        Args:
            name: Its method and path.
        """
        now = self._clock.monotonic()
        if now - self._last_at >= self._silence_s:
            self._silent_since = now
        elif now - self._silent_since >= self._silence_s and not self._is_shown():
            self.say(f"Still in progress: {self._requests} requests so far, the next is {name}.")
        self._requests += 1
        self._waits_for = name

    def end(self) -> None:
        """Note that the request has ended, with or without an answer."""
        self._last_at = self._clock.monotonic()

    def wait(self, seconds: float) -> None:
        """Note that the request is not answered yet; called from another thread.

        Args:
            seconds: For how long.
        """
        self.say(f"Still waiting for the answer to {self._waits_for} ({seconds:g} s).")
