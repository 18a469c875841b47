"""Ranks of danger: the order in which a reviewer sees what a plan does."""

from __future__ import annotations

from enum import IntEnum


class Danger(IntEnum):
    """Rank of an operation; the lowest number is shown first. The numbers are part of the JSON of a plan.

    Attributes:
        CLOSES: Closes a position or a part of it, or executes its stop.
        LOSS: A stop that should protect is not active.
        UNPROTECTS: Leaves a position with less protection.
        ENTERS_NOW: Buys or sells at market as soon as it is applied.
        OPENS_LEVERAGED: Opens a trade with leverage.
        REPLACES: Cancels a waiting trade and opens another one.
        OPENS: Opens a trade, or binds more money by one.
        AVERAGES: Adds an order to a position.
        REPRICES: Moves prices, or puts back what was edited outside the files.
        PROTECTS: Lowers what can be lost.
        FREES: Sets money free.
        LABELS: Writes the note only.
    """

    CLOSES = 1
    LOSS = 2
    UNPROTECTS = 3
    ENTERS_NOW = 4
    OPENS_LEVERAGED = 5
    REPLACES = 6
    OPENS = 7
    AVERAGES = 8
    REPRICES = 9
    PROTECTS = 10
    FREES = 11
    LABELS = 12

    @property
    def is_high(self) -> bool:
        """Return whether a plan with it is called dangerous."""
        return self <= Danger.OPENS_LEVERAGED
