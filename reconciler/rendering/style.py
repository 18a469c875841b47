"""Colour for terminals, as escape codes that can be left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.codec.printable import is_plain

_CODES = {"green": "32", "red": "31", "yellow": "33", "cyan": "36", "bold": "1", "dim": "2"}
# Enough spaces fill a line of the terminal: the text after them could imitate our output.
_WIDE_GAP = re.compile(" {3,}")


@dataclass(frozen=True, slots=True)
class Style:
    """Paints text, or leaves it plain.

    Attributes:
        is_on: Whether colour is wanted.
    """

    is_on: bool = False

    def paint(self, text: str, *names: str) -> str:
        """Paint a text in the named colours."""
        if not self.is_on or not names or not text:
            return text
        codes = ";".join(_CODES[name] for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"


def printable(text: str) -> str:
    """Escape text from outside, so that it cannot move the cursor, hide text or push text to another line."""
    return _WIDE_GAP.sub(lambda gap: _escape(ord(" ")) * len(gap[0]), printable_line(text))


def printable_line(text: str) -> str:
    """Write a line of the user's own file; its spaces are kept, since they are its layout."""
    if is_plain(text):
        return text
    return "".join(character if is_plain(character) else _escape(ord(character)) for character in text)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
