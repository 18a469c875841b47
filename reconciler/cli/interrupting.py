"""Ctrl-C while requests are sent."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reconciler.cli.console import print_message

INTERRUPTED_EXIT_CODE = 130


@contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """After one Ctrl-C finish what is in flight and start nothing new; a second one stops at once.

    SIGTERM counts alike: a CI job that is cancelled sends it.
    """
    pressed = False

    def remember(signum: int, frame: object) -> None:  # noqa: ARG001 - the signature of a signal handler
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True
        print_message("Interrupted: finishing what is in flight, starting nothing new.")

    before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: pressed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
