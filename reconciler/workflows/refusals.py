"""What refuses a plan before anything is sent, and what holds a part of it back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.errors import Frozen, GuardrailError
from reconciler.guardrails.acknowledged import find_refused
from reconciler.guardrails.acknowledgements import fits_any
from reconciler.guardrails.evaluate import evaluate_again
from reconciler.guardrails.held_back import HeldBack, find_held_back
from reconciler.guardrails.limits import limit_age
from reconciler.model.freeze import Freeze
from reconciler.model.guardrails import Guardrail
from reconciler.model.plan import Plan
from reconciler.rendering.freeze_text import describe_held
from reconciler.rendering.guardrail_text import describe_guardrail
from reconciler.rendering.style import printable
from reconciler.saved_plan.files import check_context
from reconciler.session import Session
from reconciler.workflows.ci_lock import refuse_unlocked_plan
from reconciler.workflows.freeze import trip_freeze
from reconciler.workflows.plan_context import describe_context


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """What holds a part of a plan back.

    Attributes:
        breaches: Limits that the plan passes and that were not acknowledged.
        held: The operations that are not sent; all others are, and they lower risk.
    """

    breaches: tuple[Guardrail, ...] = ()
    held: tuple[HeldBack, ...] = ()


def refuse_inapplicable(session: Session, plan: Plan, acknowledged: Mapping[str, Decimal]) -> Holds:
    """Refuse a plan that is for something else, has expired or must not be sent in CI, or of which nothing may be sent.

    If the plan passes a limit that was not acknowledged, or a freeze is in force, what lowers risk may be sent.

    Args:
        session: The workspace and the target as they are now.
        plan: What is to be done.
        acknowledged: Guardrail to what was acknowledged for it beside what the plan holds.

    Returns:
        What holds a part of the plan back; nothing if all of it may be sent.

    Raises:
        SavedPlanError: The plan was made for another workspace, target, mode or account.
        StalePlanError: Its time is over.
        GuardrailError: It passes a limit that was not acknowledged, and nothing of it may be sent.
        Frozen: A freeze holds all of it back.
        UsageError: It opens something in CI, and the lock keeps out no other machine.
    """
    aged = replace(plan, context=limit_age(plan.context, session.settings.limits))
    check_context(aged, describe_context(session.settings, session.clock.now()))
    holds = find_holds(session, plan, acknowledged)
    refuse_unlocked_plan(session, plan, os.environ)
    return holds


def find_holds(session: Session, plan: Plan, acknowledged: Mapping[str, Decimal]) -> Holds:
    """Find what holds a part of a plan back now; a realised loss over its limit sets a freeze.

    Args:
        session: The workspace and the target as they are now.
        plan: What is to be done.
        acknowledged: Guardrail to what was acknowledged for it beside what the plan holds.

    Raises:
        GuardrailError: The plan passes a limit that was not acknowledged, and nothing of it may be sent.
        Frozen: A freeze holds all of it back.
    """
    # By the limits of reconciler.yaml as it is now.
    now = evaluate_again(plan, session.settings.limits)
    given = {**plan.acknowledged, **acknowledged}
    trip_freeze(session, (each for each in (*now, *plan.guardrails) if not fits_any(each, given)))
    breaches, freezes = find_refused(now, plan, acknowledged), session.find_freezes()
    held = find_held_back(plan.operations, breaches, freezes)
    if len(held) == len(plan.operations):
        _refuse_all(plan, breaches, freezes)
    return Holds(breaches=breaches, held=held)


def _refuse_all(plan: Plan, breaches: tuple[Guardrail, ...], freezes: tuple[Freeze, ...]) -> None:
    """Refuse a plan of which nothing lowers risk, or of which what does so is held back, too."""
    if breaches:
        raise GuardrailError(f"Guardrail: {printable('; '.join(map(describe_guardrail, breaches)))}")
    if plan.operations:
        raise Frozen(f"{describe_held(plan.operations, freezes)}; nothing was sent")
