"""Durations as they are typed: `30s`, `5m`, `2h`, `1d`; a bare number is seconds."""

from __future__ import annotations

import re
from decimal import Decimal

from reconciler.errors import UsageError

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd]?)")
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def read_duration(text: str) -> Decimal:
    """Read a duration, in seconds.

    Raises:
        UsageError: It is not a duration.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise UsageError(f"{text:.60} is not a duration: expected for example 90s, 5m, 2h or 1d")
    return Decimal(found[1]) * _UNITS_S[found[2] or "s"]
