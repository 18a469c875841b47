"""A step or a stop has a price or a percentage, never both; a percentage needs a trailing entry.

Source: SmartTradesV2 page: price.value "required only if position has no trailing", price.percent "required only if
position has trailing"; API error "are mutually exclusive".
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.codec.numbers import plain
from reconciler.model.documents import FieldPath
from reconciler.rules.candidate import Candidate, Finding, warn_of_create


def check_levels(candidate: Candidate) -> Iterator[Finding]:
    """Find levels with neither or both, or of the kind that the entry does not take."""
    is_trailing = candidate.get("position", "order_type") == "conditional" and candidate.is_on(
        "position", "conditional", "trailing", "enabled"
    )
    for level in find_levels(candidate):
        yield from _check_level(candidate, level, is_trailing=is_trailing)


def find_levels(candidate: Candidate) -> Iterator[FieldPath]:
    """Find the price of each step and of the stop, if it is written."""
    paths: list[FieldPath] = [(*step, "price") for step in candidate.steps]
    if candidate.has_stop:
        paths.append(("stop_loss", "conditional", "price"))
    return (path for path in paths if isinstance(candidate.get(*path), dict))


def _check_level(candidate: Candidate, level: FieldPath, *, is_trailing: bool) -> Iterator[Finding]:
    has_value = candidate.get(*level, "value") is not None
    has_percent = candidate.get(*level, "percent") is not None
    if has_value and has_percent:
        yield Finding(path=level, message="found both value and percent, expected one of them")
    elif not has_value and not has_percent:
        key = "percent" if is_trailing else "value"
        yield Finding(path=(*level, key), message=f"price has neither value nor percent, expected {key}")
    elif has_percent and not is_trailing:
        message = "found percent, which the API takes only while the entry is trailing; expected value, a price"
        message += _calculate(candidate, level)
        yield Finding(path=(*level, "percent"), message=message)
    elif has_value and is_trailing:
        message = (
            "found a price, but the entry trails and 3Commas takes only percent of the entry price then; expected"
            " {percent: 5} or such; right only for a live trade whose entry has filled: a plan would not create it"
        )
        yield warn_of_create((*level, "value"), message)


def _calculate(candidate: Candidate, level: FieldPath) -> str:
    """Write the price at a distance from the entry, if the file says where the entry is."""
    distance, entry = candidate.number(*level, "percent"), candidate.number("position", "price", "value")
    side = candidate.get("position", "type")
    if distance is None or entry is None or side not in ("buy", "sell"):
        return ""
    is_above = (side == "buy") is (level[0] == "take_profit")
    price = entry * (100 + distance) / 100 if is_above else entry * (100 - distance) / 100
    where = "above" if is_above else "below"
    return f"; {plain(distance)} % {where} the entry at {plain(entry)} is {plain(price)}: write price: {plain(price)}"
