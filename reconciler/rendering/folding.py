"""Sentences broken into lines after punctuation, where a reader pauses."""

from __future__ import annotations

import re

# A terminal of the usual width.
WIDTH = 80
# An option of a command stays beside the words that lead to it.
_PUNCTUATION = re.compile("(?<=[;:,.]) (?!--)")


def fold_text(text: str, *, indent: int) -> list[str]:
    """Break a sentence into lines that fit the screen, only after punctuation.

    Args:
        text: One line.
        indent: Spaces before the first line; the others have two more.
    """
    lines: list[str] = []
    for part in _PUNCTUATION.split(text):
        room = WIDTH - indent - (2 if len(lines) > 1 else 0)
        if lines and len(lines[-1]) + 1 + len(part) <= room:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines
