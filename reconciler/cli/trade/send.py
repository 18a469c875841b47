"""Sending operations by hand, with a line for each as it ends."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.applying.run import Result
from reconciler.cli.console import print_message, print_text, use_color
from reconciler.cli.signals import stop_on_interrupt
from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome
from reconciler.rendering.command_text import render_command_outcome
from reconciler.rendering.outcome_text import describe_takeover
from reconciler.rendering.style import Style
from reconciler.workflows.trade_session import TradeSession


def send(trades: TradeSession, operations: Sequence[Operation]) -> Result:
    """Send operations until all have ended or Ctrl-C is pressed, and print each outcome.

    Args:
        trades: What to work with; holds the lock.
        operations: What to do.
    """
    with stop_on_interrupt() as was_interrupted:
        result = trades.run(operations, _Progress(Style(use_color()), len(operations)), was_interrupted)
    for outcome in result.outcomes:
        if outcome.takeover is not None:
            print_text(f"\n{describe_takeover(outcome, outcome.takeover)}\n\n")
    if result.error is not None:
        print_message(f"Error: {result.error.message}")
    return result


class _Progress:
    """Prints each outcome as it comes, with how far the run is.

    Args:
        style: Colours.
        total: How many outcomes will come.
    """

    def __init__(self, style: Style, total: int) -> None:
        self._style = style
        self._total = total
        self._ended = 0

    def starting(self, operation: Operation) -> None:
        """Print nothing: a line when it has ended is enough."""

    def ended(self, outcome: Outcome) -> None:
        """Print one line for one outcome."""
        self._ended += 1
        print_text(f"[{self._ended}/{self._total}] {render_command_outcome(outcome, self._style)}")
