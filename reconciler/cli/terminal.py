"""The terminal behind a stream: whether there is one, and how wide it is."""

from __future__ import annotations

import os
from typing import TextIO

# A narrower terminal is taken for one of this width: less room than this makes no text readable.
LEAST_WIDTH = 40
# The width if a terminal does not know its own. Source: terminfo, columns of most entries.
_USUAL_WIDTH = 80


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal; a closed one is not."""
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):
        return False


def find_width(stream: TextIO | None) -> int | None:
    """Return the number of cells in a line of the terminal behind a stream; None if there is no terminal."""
    if stream is None or not is_terminal(stream):
        return None
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given) > 0:
        return max(LEAST_WIDTH, int(given))
    try:
        found = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        found = 0
    return max(LEAST_WIDTH, found or _USUAL_WIDTH)


def fit_text(text: str, stream: TextIO | None) -> str:
    """Wrap the lines of a text at words if a terminal is behind a stream; a file or a pipe gets them whole.

    Args:
        text: May have colours.
        stream: Where it goes.
    """
    width = find_width(stream)
    if width is None:
        return text

    from reconciler.rendering.wrapping import wrap_text

    return wrap_text(text, width)
