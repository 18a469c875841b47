"""Stage 7b: what of a plan waits while limits are passed or a freeze is in force, and what lowers risk and is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.guardrails.counts import COUNTED
from reconciler.guardrails.trade_changes import lowers_risk
from reconciler.model.changed_rules import ChangedRule
from reconciler.model.freeze import Freeze
from reconciler.model.guardrails import Guardrail, GuardrailName
from reconciler.model.operations import Action, Cause, Effect, Operation

_PROTECTS = frozenset({Effect.PROTECTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """An operation of a plan that is not sent, and why.

    Attributes:
        operation: The operation.
        guardrails: Limits that the plan passes and that hold it back.
        freezes: Freezes that hold it back.
    """

    operation: Operation
    guardrails: tuple[Guardrail, ...] = ()
    freezes: tuple[Freeze, ...] = ()


def find_held_back(
    operations: Sequence[Operation], breaches: Sequence[Guardrail], freezes: Sequence[Freeze] = ()
) -> tuple[HeldBack, ...]:
    """Find the operations of a plan that are not sent, in the order of the plan.

    While a limit is passed, only what lowers risk is sent, and of that nothing that the limit itself counts. A note
    waits with every other operation on its trade, since it says that all was applied.

    Args:
        operations: All operations of the plan.
        breaches: Limits that the plan passes and that were not acknowledged.
        freezes: Freezes that are in force.
    """
    found = {each.operation: each for each in _hold(operations, breaches, freezes)}
    by_trade = {operation.trade: held for operation, held in found.items()}
    notes = (each for each in operations if each.action is Action.SET_NOTE and each not in found)
    found |= {each: replace(by_trade[each.trade], operation=each) for each in notes if each.trade in by_trade}
    return tuple(found[each] for each in operations if each in found)


def can_pass(operation: Operation) -> bool:
    """Return whether an operation is sent although the plan passes limits, unless one of them counts it.

    A cancel that leaves coins without a stop binds no money, but it makes nothing safer.
    """
    is_close = operation.action is Action.CLOSE
    return lowers_risk(operation) and not operation.opens and (is_close or Effect.UNPROTECTS not in operation.effects)


def _hold(
    operations: Sequence[Operation], breaches: Sequence[Guardrail], freezes: Sequence[Freeze]
) -> Iterator[HeldBack]:
    for operation in operations:
        passed = _find_guardrails(operation, breaches)
        frozen = tuple(each for each in freezes if each.holds_back(operation))
        if passed or frozen:
            yield HeldBack(operation=operation, guardrails=passed, freezes=frozen)


def _find_guardrails(operation: Operation, breaches: Sequence[Guardrail]) -> tuple[Guardrail, ...]:
    """Find the limits that hold an operation back; if none is about its trade, all of them do."""
    if can_pass(operation):
        return tuple(each for each in breaches if _counts(each, operation))
    about = tuple(each for each in breaches if operation.trade in (*each.holds, *each.trades))
    return about or tuple(breaches)


def _counts(breach: Guardrail, operation: Operation) -> bool:
    """Return whether a passed limit counts an operation that lowers risk."""
    if breach.name in COUNTED:
        return COUNTED[GuardrailName(breach.name)](operation)
    if breach.name not in tuple(ChangedRule) or operation.trade not in breach.trades:
        return False
    if breach.name == ChangedRule.PREVENT:
        # Making a stop active again is never prevented.
        return operation.cause is not Cause.LOSS
    return not _PROTECTS.issuperset(operation.effects)
