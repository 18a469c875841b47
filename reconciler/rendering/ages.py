"""The age of a thing in two or three characters."""

from __future__ import annotations

from datetime import datetime

# Unit and its seconds, the largest first; each is used from its own first full one.
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60))


def describe_age(since: datetime, now: datetime) -> str:
    """Write an age in its largest full unit: `3d`, `5h`, `12m`, `0m`.

    Args:
        since: When it began.
        now: The present; before `since` the age is zero, since clocks differ.
    """
    seconds = max(0.0, (now - since).total_seconds())
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{int(seconds // length)}{unit}"
    return "0m"
