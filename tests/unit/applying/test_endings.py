"""Outcomes, made from an operation and what happened."""

from __future__ import annotations

from reconciler.applying.endings import end, end_by_error, end_with
from reconciler.errors import ReconcilerError
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.reasons import reason
from reconciler.rendering.outcome_text import describe_outcome
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec()]))


def test_an_outcome_without_a_code_says_nothing() -> None:
    outcome = end(CREATE, OutcomeKind.APPLIED, 7)
    assert (outcome.operation, outcome.kind, outcome.live_id, outcome.reason) == (CREATE, OutcomeKind.APPLIED, 7, None)
    assert describe_outcome(outcome) == ""


def test_a_code_with_its_values_is_the_reason() -> None:
    outcome = end(CREATE, OutcomeKind.FAILED, 7, OutcomeReason.CREATE_BUSY, live_id=7, status="created")
    assert outcome == end_with(
        CREATE, OutcomeKind.FAILED, 7, reason(OutcomeReason.CREATE_BUSY, live_id=7, status="created")
    )
    assert describe_outcome(outcome) == "#7 is still created; plan again"


def test_an_error_keeps_its_message() -> None:
    outcome = end_by_error(CREATE, OutcomeKind.INDETERMINATE, None, ReconcilerError("the line is dead"))
    assert (outcome.kind, describe_outcome(outcome)) == (OutcomeKind.INDETERMINATE, "the line is dead")
