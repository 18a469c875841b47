"""Each outcome reaches the function; without one they are dropped."""

from __future__ import annotations

from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.workflows.outcome_callback import OutcomeCallback
from tests.support import builders, planning

OUTCOME = Outcome(
    operation=planning.only(planning.plan([builders.spec()])), kind=OutcomeKind.APPLIED, live_id=7, reason=None
)


def test_an_outcome_is_handed_over_when_it_ends() -> None:
    seen: list[Outcome] = []
    observer = OutcomeCallback(seen.append)
    observer.starting(OUTCOME.operation)
    assert seen == []
    observer.ended(OUTCOME)
    assert seen == [OUTCOME]
    OutcomeCallback(None).ended(OUTCOME)
    assert seen == [OUTCOME]
