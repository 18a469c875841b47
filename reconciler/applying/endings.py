"""Outcomes, made from an operation and what happened."""

from __future__ import annotations

from enum import StrEnum

from reconciler.errors import ReconcilerError
from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Reason, ReasonValue, reason


def end(
    operation: Operation,
    kind: OutcomeKind,
    live_id: int | None,
    code: StrEnum | None = None,
    /,
    **values: ReasonValue,
) -> Outcome:
    """Make an outcome.

    Args:
        operation: What ended.
        kind: How it ended.
        live_id: SmartTrade id that it created or changed, or None.
        code: What happened; None if nothing needs saying.
        values: What the sentence names.
    """
    why = None if code is None else reason(code, **values)
    return Outcome(operation=operation, kind=kind, live_id=live_id, reason=why)


def end_with(operation: Operation, kind: OutcomeKind, live_id: int | None, why: Reason | None) -> Outcome:
    """Make an outcome with a reason that is known already.

    Args:
        operation: What ended.
        kind: How it ended.
        live_id: SmartTrade id that it created or changed, or None.
        why: What happened; None if nothing needs saying.
    """
    return Outcome(operation=operation, kind=kind, live_id=live_id, reason=why)


def end_by_error(operation: Operation, kind: OutcomeKind, live_id: int | None, error: ReconcilerError) -> Outcome:
    """Make the outcome of an operation that an error ended."""
    return end(operation, kind, live_id, OutcomeReason.ERROR, message=error.message)
