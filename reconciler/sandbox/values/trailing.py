"""Following a price: the best value seen, and the level that lies a percentage behind it."""

from __future__ import annotations

from decimal import Decimal


def follow_price(extreme: Decimal | None, watched: Decimal, *, is_rising: bool) -> Decimal:
    """The best value seen so far.

    Args:
        extreme: The best before, or None.
        watched: The price now.
        is_rising: Whether the highest value is the best, or the lowest.
    """
    if extreme is None:
        return watched
    return max(extreme, watched) if is_rising else min(extreme, watched)


def trail_level(extreme: Decimal, distance_pct: Decimal, *, is_rising: bool) -> Decimal:
    """The level behind the best value: below a highest one, above a lowest one.

    Args:
        extreme: The best value seen.
        distance_pct: Distance in percent of it.
        is_rising: Whether the highest value is the best.
    """
    return extreme * (1 - distance_pct / 100) if is_rising else extreme * (1 + distance_pct / 100)
