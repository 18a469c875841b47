"""The progress of a run on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.cli.console import print_message, use_color

if TYPE_CHECKING:
    from reconciler.model.operations import Operation
    from reconciler.model.outcomes import Outcome


class Progress:
    """Prints each outcome as it comes, with how far the run is.

    Args:
        total: How many operations the run has.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._ended = 0

    def starting(self, operation: Operation) -> None:
        """Print nothing: one line at its end is enough."""

    def ended(self, outcome: Outcome) -> None:
        """Print one line; an operation that was not begun because the run stopped is only in the summary."""
        from reconciler.model.outcomes import OutcomeKind
        from reconciler.rendering.outcome_text import render_outcome
        from reconciler.rendering.style import Style

        self._ended += 1
        if outcome.kind is OutcomeKind.NOT_STARTED and outcome.reason is None:
            return
        print_message(f"[{self._ended}/{self._total}] {render_outcome(outcome, Style(use_color()))}")
