"""The law of limits and freezes: no limit is passed unacknowledged, and nothing protective is held back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.guardrails.limits import DEFAULT_LIMITS
from reconciler.model.freeze import Allowed, Freeze
from reconciler.model.guardrails import Guardrail
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.outcomes import Outcome, is_frozen, is_held_back
from reconciler.model.plan import Plan
from tests.scenarios.simulation.process_knowledge import Run
from tests.scenarios.simulation.requests_seen import Call, Kind
from tests.scenarios.simulation.trace import Trace

# Said here once more, apart from the product: what lowers risk, whatever else a plan does.
_LOWERING = frozenset({Effect.PROTECTS, Effect.FREES})
_COUNTS_CLOSES = "closes"
_COUNTS_OMISSIONS = "omissions"


class HoldLaws:
    """What a passed limit or a freeze holds back, and what never.

    Args:
        trace: Told what is broken.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def check_write(self, run: Run, operation: Operation, call: Call) -> None:
        """No limit is passed unacknowledged: while one is, nothing is sent but what lowers risk or is a note."""
        if not run.unasked or lowers_risk(operation) or _is_label(operation):
            return
        if call.kind is Kind.SET_NOTE and not operation.opens and operation.action is not Action.UPDATE:
            return
        names = sorted({each.name for each in run.unasked})
        self._trace.break_law(
            f"no limit is passed unacknowledged: {call} for {operation.action} {operation.trade}, passed: {names}"
        )

    def check_outcome(self, run: Run, outcome: Outcome) -> None:
        """Nothing protective is held back, by no limit but those that count such things, and by no freeze."""
        if is_held_back(outcome):
            self._trace.count("an operation waits while others of its plan are sent")
        if is_held_back(outcome) and not is_frozen(outcome) and must_pass(outcome.operation, run.unasked):
            self._trace.break_law(f"nothing protective is held back: {outcome.operation}, passed: {_name(run.unasked)}")

    def check_refused(self, plan: Plan, passed: Sequence[Guardrail], freezes: Sequence[Freeze]) -> None:
        """A plan that is refused as a whole has nothing in it that must go through."""
        others = {each.name for each in passed} - DEFAULT_LIMITS.keys()
        if others and not freezes and all(lowers_risk(each) or _is_label(each) for each in plan.operations):
            self._trace.break_law(f"{sorted(others)} hold back what only lowers risk: {plan.operations}")
        allowed = all(Allowed.CLOSES in each.allow for each in freezes)
        for operation in plan.operations:
            is_close = operation.action is Action.CLOSE
            if must_pass(operation, passed) and (allowed or not is_close):
                self._trace.break_law(f"nothing protective is held back: {operation}, passed: {_name(passed)}")


def must_pass(operation: Operation, passed: Iterable[Guardrail]) -> bool:
    """Return whether an operation lowers risk, and is counted by none of some passed limits."""
    names = {each.name for each in passed}
    is_counted = (_COUNTS_CLOSES in names and operation.closes) or (
        _COUNTS_OMISSIONS in names and operation.cause is Cause.OMISSION
    )
    return lowers_risk(operation) and not is_counted


def lowers_risk(operation: Operation) -> bool:
    """Return whether an operation only lowers risk."""
    if operation.action is Action.CLOSE:
        return True
    return not operation.opens and {*operation.effects} <= _LOWERING


def _is_label(operation: Operation) -> bool:
    return {*operation.effects} == {Effect.LABELS}


def _name(passed: Iterable[Guardrail]) -> list[str]:
    return sorted({each.name for each in passed})
