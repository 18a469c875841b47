"""Short texts that several views share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# More ids than this are counted.
_MOST_IDS = 5


def count_ids(live_ids: Iterable[int]) -> str:
    """Write SmartTrade ids for reading: a few, and how many more there are."""
    ordered = sorted(live_ids)
    named = ", ".join(f"#{live_id}" for live_id in ordered[:_MOST_IDS])
    more = len(ordered) - _MOST_IDS
    return f"{named} and {more} more" if more > 0 else named


def count_of(number: int, word: str) -> str:
    """Write a number of things: `1 trade`, `2 trades`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def name_few(names: Sequence[str], most: int) -> str:
    """Write names for reading: a few, and how many more there are."""
    more = len(names) - most
    return f"{', '.join(names[:most])} and {more} more" if more > 0 else ", ".join(names)
