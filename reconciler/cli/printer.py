"""The one place that writes to standard output and standard error."""

from __future__ import annotations

import errno
import os
import select
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TextIO

from reconciler.cli.terminal import fit_text

OUTPUT, MESSAGES = "stdout", "stderr"

# How long to wait for a stream that takes nothing, in seconds, if the run must not wait for its reader: a terminal
# that was stopped, a pager that nobody scrolls. Assumed: a reader that is alive takes something within this time.
PATIENCE_S = 10.0
# So much is written at once there. Source: pipe(7), a pipe that is ready takes PIPE_BUF bytes; a terminal takes less.
_PORTION_BYTES = 512
_NUMBERS = {OUTPUT: 1, MESSAGES: 2}
_CLOSED = "it is closed"
# The reader has read what it wanted, as `head` does.
_GONE = os.strerror(errno.EPIPE)


class Printer:
    """Writes texts to the standard streams; an error there never ends the program.

    A stream may be closed from the start, full, or gone with its reader. After its first failure nothing more is
    written to it, and the run goes on. The exit code says what the run did; see `find_fault` for commands whose output
    is all they do.

    Args:
        patience_s: How long to wait for a reader that takes nothing, in seconds.

    Attributes:
        keeps_results: Whether the run counts by what it did: results that standard output does not take go to standard
            error, and no reader is waited for without end.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self.keeps_results = False
        self._patience_s = patience_s
        # Is entered around each text, so that what is drawn on the screen makes room for it.
        self.make_room: Callable[[], AbstractContextManager[None]] = nullcontext
        # The stream that failed, and why; another one in its place has not failed.
        self._faults: dict[str, tuple[TextIO | None, str]] = {}
        self._warnings: set[str] = set()

    def begin(self) -> None:
        """Begin a run of the program: no stream has failed yet."""
        self.keeps_results = False
        self._faults.clear()
        self._warnings.clear()

    @property
    def has_reader(self) -> bool:
        """Return whether standard output still takes what is written."""
        return not self._find_fault(OUTPUT)

    @property
    def has_messages(self) -> bool:
        """Return whether standard error still takes what is written."""
        return not self._find_fault(MESSAGES)

    def print_result(self, text: str) -> None:
        """Print what the command is for on standard output."""
        if not self._write(OUTPUT, _end_line(text)) and self.keeps_results:
            self._write(MESSAGES, _end_line(text))

    def print_part(self, text: str) -> None:
        """Print text that is not a whole line on standard output, such as what controls a terminal."""
        self._write(OUTPUT, text)

    def print_message(self, text: str) -> None:
        """Print what goes with it on standard error; on a terminal its lines are wrapped at words."""
        self._write(MESSAGES, _end_line(fit_text(text, sys.stderr)))

    def print_question(self, text: str) -> None:
        """Print on standard error what is answered on the same line."""
        self._write(MESSAGES, text)

    def print_raw(self, text: str) -> None:
        """Print on standard error what controls a terminal; nothing makes room for it."""
        self._write_within(MESSAGES, text)

    def print_warning(self, text: str) -> None:
        """Print a message on standard error, the same one only once in a run."""
        if text not in self._warnings:
            self._warnings.add(text)
            self.print_message(f"Warning: {text}")

    def find_fault(self) -> str:
        """Say why standard output could not be written; empty if it could.

        A stream that was closed by whoever started the program, and a reader who has read enough, are not faults.
        """
        fault = self._find_fault(OUTPUT)
        return "" if fault in (_CLOSED, _GONE) else fault

    def flush(self) -> None:
        """Send what other code has written to the streams, and take note of what cannot be sent."""
        for name in (OUTPUT, MESSAGES):
            self._write(name, "")

    def _write(self, name: str, text: str) -> bool:
        with self.make_room():
            return self._write_within(name, text)

    def _write_within(self, name: str, text: str) -> bool:
        stream: TextIO | None = getattr(sys, name)
        if self._find_fault(name):
            return False
        if stream is None or stream.closed:
            self._faults[name] = (stream, _CLOSED)
            return False
        try:
            self._send(stream, text)
        except RuntimeError:
            # A signal handler that prints while the same stream is being written; its words are not worth the run.
            return False
        except (OSError, ValueError) as error:
            self._faults[name] = (stream, getattr(error, "strerror", None) or str(error))
            _discard(stream, _NUMBERS[name])
            return False
        return True

    def _send(self, stream: TextIO, text: str) -> None:
        """Write a text and flush; what the encoding of the stream does not have is written as an escape."""
        encoding = getattr(stream, "encoding", None) or "utf-8"
        content = text.encode(encoding, "backslashreplace")
        number = _find_number(stream)
        if number is None or (os.get_blocking(number) and not self.keeps_results):
            stream.write(content.decode(encoding))
            stream.flush()
        else:
            stream.flush()
            _send_patiently(number, content, self._patience_s)

    def _find_fault(self, name: str) -> str:
        stream, fault = self._faults.get(name, (None, ""))
        return fault if stream is getattr(sys, name) else ""


PRINTER = Printer()


def reserve_streams() -> None:
    """Take the numbers of closed standard streams, so that no file of this program gets one of them.

    What a library writes to the number of a standard stream would otherwise end in such a file.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is the one that is given.
            os.open(os.devnull, os.O_RDWR)


def _end_line(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _send_patiently(number: int, content: bytes, patience_s: float) -> None:
    """Write as fast as the reader takes it; one that takes nothing for a while is not waited for any longer.

    Python's own stream would wait without end, or drop what a pipe that does not wait has no room for.

    Raises:
        OSError: The reader takes nothing, or is gone.
    """
    left = memoryview(content)
    while left:
        _, ready, _ = select.select([], [number], [], patience_s)
        if not ready:
            raise OSError(errno.ETIMEDOUT, "nobody reads it")
        try:
            left = left[os.write(number, left[:_PORTION_BYTES]) :]
        except BlockingIOError:
            continue


def _discard(stream: TextIO, number: int) -> None:
    """Let what is still buffered go nowhere; else Python complains at its end, with an exit code of its own."""
    if _find_number(stream) != number:
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
        stream.flush()
    except (OSError, ValueError):
        return


def _find_number(stream: TextIO) -> int | None:
    """Return the number of the file behind a stream; None if there is no file."""
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return None
