"""Ctrl-C, and the signals by which others end a command."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from reconciler.cli.console import print_message
from reconciler.clock import WAKER, Waker

# A CI job that is cancelled sends SIGTERM, a terminal that is closed SIGHUP.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_on_signals() -> None:
    """Let SIGTERM and SIGHUP end the command as Ctrl-C does; one that is ignored, as by `nohup`, stays ignored."""
    for number in _SIGNALS[1:]:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


@contextmanager
def stop_on_interrupt(waker: Waker = WAKER) -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a request to stop: waits end, nothing new is begun. A second one stops at once.

    SIGTERM and SIGHUP count alike.

    Args:
        waker: Ends the waits.
    """
    pressed = False

    def remember(signum: int, frame: object) -> None:  # noqa: ARG001 - the signature of a signal handler
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True
        waker.set()
        # The signal may have come in the middle of a line, or because the terminal is gone.
        with suppress(RuntimeError, OSError):
            print_message("Interrupted: finishing the current request, starting nothing new.")

    heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, remember) for number in heard}
    try:
        yield lambda: pressed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        waker.clear()


def _end(signum: int, frame: object) -> None:  # noqa: ARG001 - the signature of a signal handler
    raise KeyboardInterrupt
