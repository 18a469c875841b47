"""The best price so far, and the trailing level a percentage behind it."""

from __future__ import annotations

from decimal import Decimal


def follow_price(extreme: Decimal | None, watched: Decimal, *, is_rising: bool) -> Decimal:
    """Return the best price so far.

    Args:
        extreme: The best price before, or None.
        watched: The price now.
        is_rising: Whether the highest price is the best, or the lowest.
    """
    if extreme is None:
        return watched
    return max(extreme, watched) if is_rising else min(extreme, watched)


def trail_level(extreme: Decimal, distance_pct: Decimal, *, is_rising: bool) -> Decimal:
    """Return the level behind the best price: below a highest one, above a lowest one.

    Args:
        extreme: The best price.
        distance_pct: Distance in percent of it.
        is_rising: Whether the highest price is the best.
    """
    return extreme * (1 - distance_pct / 100) if is_rising else extreme * (1 + distance_pct / 100)
