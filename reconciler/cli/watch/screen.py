"""A terminal that is refreshed in place, or one block after the other without a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from types import TracebackType
from typing import Self

from reconciler.clock import Clock

# Source: xterm control sequences: alternate screen with the cursor hidden, and back; cursor home; erase to the end of
# the line, and below. Lines are written over each other and only then erased, so that nothing flickers.
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
# A screen of fewer lines than one of text and one that counts the rest is taken for one of these.
_LOWEST = 3
_HOME, _END_OF_LINE, _BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


class Screen:
    """Shows a text that changes.

    Args:
        write: Prints.
        clock: Gives the time above each text.
        is_terminal: Whether there is a terminal to refresh.
        is_bare: Whether a text is shown without its time.
    """

    def __init__(self, write: Callable[[str], None], clock: Clock, *, is_terminal: bool, is_bare: bool = False) -> None:
        self._write = write
        self._clock = clock
        self._is_terminal = is_terminal
        self._is_bare = is_bare
        self._shown = ""

    def __enter__(self) -> Self:
        if self._is_terminal:
            self._write(_ENTER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_terminal:
            self._write(_LEAVE)
            # What was seen last stays to be read.
            self._write(self._shown)

    def show(self, text: str) -> None:
        """Show a text in the place of the one before."""
        stamp = "" if self._is_bare else f"{self._clock.now():%Y-%m-%d %H:%M:%S} UTC\n"
        self._shown = stamp + text
        self._refresh(self._shown)

    def warn(self, text: str) -> None:
        """Show a message above what was seen last."""
        self._refresh(f"{self._clock.now():%Y-%m-%d %H:%M:%S} UTC  {text}\n{self._shown}")

    def _refresh(self, text: str) -> None:
        if not self._is_terminal:
            self._write(text)
            return
        lines = text.splitlines()
        height = max(shutil.get_terminal_size().lines, _LOWEST)
        if len(lines) >= height:
            hidden = len(lines) - height + 2
            lines = [*lines[: height - 2], f"... {hidden} more lines"]
        self._write(_HOME + "".join(f"{line}{_END_OF_LINE}\n" for line in lines) + _BELOW)
