"""Colour for terminals, as escape codes that can be left out."""

from __future__ import annotations

from dataclasses import dataclass

_CODES = {"green": "32", "red": "31", "yellow": "33", "cyan": "36", "bold": "1", "dim": "2"}


@dataclass(frozen=True, slots=True)
class Style:
    """Paints text, or leaves it plain.

    Attributes:
        is_on: Whether colour is wanted.
    """

    is_on: bool = False

    def paint(self, text: str, *names: str) -> str:
        """The text in the named colours."""
        if not self.is_on or not names or not text:
            return text
        codes = ";".join(_CODES[name] for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"


def printable(text: str) -> str:
    """Text from outside without the characters that could move the cursor or hide what stands there."""
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)
