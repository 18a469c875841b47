"""The vertical scale of a price ladder: from a price to a place, and labels that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# Least distance between two lines of text, in units of the drawing. Source: design, section 7.
LINE = 17.0


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale of prices, the highest at the top.

    Attributes:
        low: Lowest price.
        high: Highest price.
        top: Place of the highest price, in units of the drawing from above.
        bottom: Place of the lowest price.
    """

    low: Decimal
    high: Decimal
    top: float
    bottom: float

    def place(self, price: Decimal) -> float:
        """Return the place of a price; one outside the scale is put at its end."""
        if self.high == self.low:
            return (self.top + self.bottom) / 2
        share = float((self.high - price) / (self.high - self.low))
        return self.top + (self.bottom - self.top) * min(1.0, max(0.0, share))


def is_far(price: Decimal, others: Sequence[Decimal]) -> bool:
    """Return whether a price is more than half of the range of others away from them, so that the axis is broken.

    Args:
        price: The price.
        others: Prices that the scale has.
    """
    if not others:
        return False
    low, high = min(others), max(others)
    return not low - (high - low) / 2 <= price <= high + (high - low) / 2


def spread(places: Sequence[float], top: float, bottom: float) -> list[float]:
    """Move labels apart until none overlaps another, each as little as possible.

    Args:
        places: Where the labels belong, from above.
        top: The highest place that is allowed.
        bottom: The lowest one; labels that need more room go below it.

    Returns:
        Their places in the same order.
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    groups: list[list[float]] = []
    for number in order:
        group = [places[number]]
        while groups and _start(groups[-1], top, bottom) + len(groups[-1]) * LINE > _start(group, top, bottom):
            group = [*groups.pop(), *group]
        groups.append(group)
    lines = (_start(group, top, bottom) + place * LINE for group in groups for place in range(len(group)))
    found = dict(zip(order, lines, strict=True))
    return [found[number] for number in range(len(places))]


def _start(group: Sequence[float], top: float, bottom: float) -> float:
    """Return where a group of neighbours begins, so that its labels are near their places on average."""
    ideal = sum(wanted - number * LINE for number, wanted in enumerate(group)) / len(group)
    return max(top, min(ideal, bottom - (len(group) - 1) * LINE))
