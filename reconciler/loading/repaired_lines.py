"""Lines of a plan file without their colon, as they should be written."""

from __future__ import annotations

import re

# A key of a plan file or a name of a trade, then a value.
_LINE = re.compile(r"(?:- +)?(?P<key>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\s*=\s*|:\s*|\s+)(?P<value>[^\s].*)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def repair_line(line: str) -> str | None:
    """Return a line such as `price 60000`, `price:60000` or `price = 60000` with its colon and a blank.

    Args:
        line: The line, or a part of one.

    Returns:
        For example `price: 60000`; None if it is another kind of line.
    """
    text = line.split(" #", maxsplit=1)[0].strip().rstrip(",")
    if _NAME.fullmatch(text):
        return f"{text}:"
    match = _LINE.fullmatch(text)
    return f"{match['key']}: {match['value'].strip()}" if match is not None else None


def has_colon(line: str) -> bool:
    """Return whether a line has a key, is an item of a list, or holds brackets, so that no colon is missing in it."""
    text = line.split(" #", maxsplit=1)[0].strip()
    return not text or ": " in text or text.endswith(":") or text[0] in "#-{}[]\"'"
