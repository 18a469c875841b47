"""Breakeven moves the stop when the first step has finished, so a new trade with it needs at least two steps.

A live trade may have fewer left: steps can be cancelled one by one.

Source: SmartTrade docs, stop_loss.breakeven.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.candidate import Candidate, Finding, warn_of_create


def check_breakeven(candidate: Candidate) -> Iterator[Finding]:
    """Find breakeven with fewer than two steps."""
    if candidate.has_stop and candidate.is_on("stop_loss", "breakeven") and len(candidate.steps) <= 1:
        message = (
            f"found breakeven with {len(candidate.steps) or 'no'} take-profit step, expected at least 2 steps;"
            " right only for a live trade whose other steps were cancelled: a plan would not create it"
        )
        yield warn_of_create(("stop_loss", "breakeven"), message)
