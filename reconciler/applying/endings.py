"""Outcomes, made from an operation and what happened."""

from __future__ import annotations

from enum import StrEnum

from reconciler.errors import ReconcilerError
from reconciler.guardrails.freeze import explain_freezes
from reconciler.guardrails.held_back import HeldBack
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


def end_held_back(held: HeldBack) -> Outcome:
    """Make the outcome of an operation of which nothing is sent, by a limit that its plan passes or by a freeze."""
    operation = held.operation
    if not held.guardrails:
        freezes = explain_freezes(held.freezes)
        code = OutcomeReason.FROZEN_BEFORE
        return end(operation, OutcomeKind.NOT_STARTED, operation.live_id, code, freezes=freezes)
    limits = tuple(dict.fromkeys(each.name for each in held.guardrails))
    options = tuple(dict.fromkeys(f"--acknowledge {each.acknowledge}" for each in held.guardrails if each.acknowledge))
    why = reason(
        OutcomeReason.HELD_BACK,
        limits=limits,
        options=options or None,
        freezes=explain_freezes(held.freezes) or None,
    )
    return end_with(operation, OutcomeKind.NOT_STARTED, operation.live_id, why)
