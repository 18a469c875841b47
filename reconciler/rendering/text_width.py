"""The number of terminal cells that a text takes, and text cut to a number of them."""

from __future__ import annotations

import re
import unicodedata

# Colours take no cell. Source: ECMA-48, select graphic rendition.
_COLOR = re.compile("\x1b\\[[0-9;]*m")
_ELLIPSIS = "…"


def measure(text: str) -> int:
    """Return the number of terminal cells that a text takes."""
    bare = _COLOR.sub("", text)
    if bare.isascii():
        return len(bare)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in bare)
    combining = sum(unicodedata.combining(character) > 0 for character in bare)
    return len(bare) + wide - combining


def cut_end(text: str, width: int) -> str:
    """Cut a text at its end so that it fits.

    Args:
        text: Without colours.
        width: Terminal cells, at least 1.
    """
    if measure(text) <= width:
        return text
    while text and measure(text) >= width:
        text = text[:-1]
    return f"{text}{_ELLIPSIS}"


def cut_middle(text: str, width: int) -> str:
    """Cut a text in its middle so that it fits; its begin and its end are what distinguishes names.

    Args:
        text: Without colours.
        width: Terminal cells, at least 1.
    """
    if measure(text) <= width:
        return text
    keep = width - 1
    while keep > 0:
        head, tail = text[: keep - keep // 2], text[len(text) - keep // 2 :]
        if measure(head) + measure(tail) < width:
            return f"{head}{_ELLIPSIS}{tail}"
        keep -= 1
    return _ELLIPSIS
