"""An observer of a run that hands each outcome to a function."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome


class OutcomeCallback:
    """Hands each outcome over.

    Args:
        hand_over: Takes an outcome; None to drop them.
    """

    def __init__(self, hand_over: Callable[[Outcome], None] | None) -> None:
        self._hand_over = hand_over

    def starting(self, operation: Operation) -> None:
        """Show that an operation begins."""

    def ended(self, outcome: Outcome) -> None:
        """Show the outcome of an operation."""
        if self._hand_over is not None:
            self._hand_over(outcome)
