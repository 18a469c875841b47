"""A terminal of some size as standard error, and what was written to it."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import termios
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import TextIO


class PseudoTerminal:
    """A terminal without a screen."""

    def __init__(self, columns: int) -> None:
        self._reader, writer = os.openpty()
        self.stream: TextIO = os.fdopen(writer, "w", encoding="utf-8")
        self.resize(columns)

    def resize(self, columns: int) -> None:
        """Change the width of the window."""
        fcntl.ioctl(self.stream.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read(self) -> str:
        """Read what was written since the last time."""
        found = b""
        while select.select([self._reader], [], [], 0.05)[0]:
            found += os.read(self._reader, 65536)
        return found.decode()

    def close(self) -> None:
        """Close both ends."""
        self.stream.close()
        os.close(self._reader)


@contextmanager
def open_terminal(columns: int = 80) -> Iterator[PseudoTerminal]:
    """Let standard error be a terminal until the end of the block."""
    terminal = PseudoTerminal(columns)
    try:
        with redirect_stderr(terminal.stream):
            yield terminal
    finally:
        terminal.close()
