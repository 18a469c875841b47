"""Sizes and prices are positive, and percentages are in their range, also if a number is written as text.

Source: SmartTrade docs: entry trailing up to 99 percent, step trailing 0.01 to 100 percent. Assumed: the trailing of a
stop and its distance stay below 100 percent.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.documents import FieldPath
from reconciler.rules.candidate import Candidate, Finding
from reconciler.rules.levels import find_levels

MAX_ENTRY_TRAILING_PCT = Decimal(99)
MIN_STEP_TRAILING_PCT = Decimal("0.01")
_HUNDRED = Decimal(100)

_POSITIVE: tuple[FieldPath, ...] = (
    ("position", "units", "value"),
    ("position", "price", "value"),
    ("position", "conditional", "price", "value"),
    ("stop_loss", "price", "value"),
)


def check_positive(candidate: Candidate) -> Iterator[Finding]:
    """Find sizes, prices and distances that are zero or negative."""
    levels = [(*level, key) for level in find_levels(candidate) for key in ("value", "percent")]
    orders = [(*order, key, "value") for order in candidate.averaging for key in ("price", "units")]
    for path in (*_POSITIVE, *levels, *((*step, "volume") for step in candidate.steps), *orders):
        number = candidate.number(*path)
        if number is not None and number <= 0:
            yield Finding(path=path, message=f"found {plain(number)}, expected more than 0")


def check_percent_ranges(candidate: Candidate) -> Iterator[Finding]:
    """Find percentages outside the range of the API."""
    entry: FieldPath = ("position", "conditional")
    yield from _check_trailing(candidate, entry, Decimal(0), MAX_ENTRY_TRAILING_PCT)
    for step in candidate.steps:
        yield from _check_trailing(candidate, step, MIN_STEP_TRAILING_PCT, _HUNDRED)
    stop: FieldPath = ("stop_loss", "conditional")
    yield from _check_trailing(candidate, stop, Decimal(0), MAX_ENTRY_TRAILING_PCT)
    distance = candidate.number(*stop, "price", "percent")
    if distance is not None and distance >= _HUNDRED:
        yield Finding(path=(*stop, "price", "percent"), message=f"found {plain(distance)}, expected less than 100")
    unallocated = candidate.number("take_profit", "unallocated")
    if unallocated is not None and not 0 <= unallocated < _HUNDRED:
        message = f"found {plain(unallocated)}, expected 0 or more and less than 100"
        yield Finding(path=("take_profit", "unallocated"), message=message)


def _check_trailing(candidate: Candidate, group: FieldPath, low: Decimal, high: Decimal) -> Iterator[Finding]:
    percent = candidate.number(*group, "trailing", "percent")
    if percent is None or not candidate.is_on(*group, "trailing", "enabled"):
        return
    if percent < low or percent > high or percent <= 0:
        expected = f"at least {plain(low)}" if low else "more than 0"
        message = f"found {plain(percent)} percent, expected {expected} and at most {plain(high)}"
        yield Finding(path=(*group, "trailing", "percent"), message=message)
