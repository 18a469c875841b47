"""Breakeven moves the stop when the first step has finished, so it needs at least two steps.

Source: SmartTrade docs, stop_loss.breakeven.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.candidate import Candidate, Finding


def check_breakeven(candidate: Candidate) -> Iterator[Finding]:
    """Find breakeven with fewer than two steps."""
    if candidate.has_stop and candidate.is_on("stop_loss", "breakeven") and len(candidate.steps) <= 1:
        message = f"found breakeven with {len(candidate.steps) or 'no'} take-profit step, expected at least 2 steps"
        yield Finding(path=("stop_loss", "breakeven"), message=message)
