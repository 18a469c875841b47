"""Acknowledgements that travel with a plan: each fits a limit that this plan passes, or has no effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.guardrails.acknowledgements import fits_any
from reconciler.model.guardrails import Guardrail
from reconciler.model.plan import Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.reasons import Reason, reason

NOTHING_ACKNOWLEDGED: Mapping[str, Decimal] = {}


def acknowledge(plan: Plan, acknowledged: Mapping[str, Decimal]) -> Plan:
    """Put acknowledgements into a plan; for each that fits nothing, the plan has a warning instead.

    Args:
        plan: The plan, with all its limits evaluated.
        acknowledged: Name of a limit to the count or the largest amount that is acknowledged.
    """
    useless = find_useless(plan, acknowledged)
    fitting = {name: number for name, number in acknowledged.items() if _fits_any(plan, name, number)}
    notices = (Notice(kind=NoticeKind.WARNING, trade="", live_id=None, reason=why) for why in useless)
    return replace(
        plan,
        acknowledged=fitting,
        guardrails=mark_acknowledged(plan.guardrails, fitting),
        notices=(*notices, *plan.notices),
    )


def find_useless(plan: Plan, acknowledged: Mapping[str, Decimal]) -> tuple[Reason, ...]:
    """Find the acknowledgements that fit no limit which a plan passes, and say why.

    Args:
        plan: The plan, with all its limits evaluated.
        acknowledged: Name of a limit to the count or the largest amount that is acknowledged.
    """
    return tuple(
        _explain(plan, name, number) for name, number in acknowledged.items() if not _fits_any(plan, name, number)
    )


def mark_acknowledged(guardrails: tuple[Guardrail, ...], acknowledged: Mapping[str, Decimal]) -> tuple[Guardrail, ...]:
    """Mark the limits that are passed and for which an acknowledgement fits.

    Args:
        guardrails: Limits of a plan.
        acknowledged: Name of a limit to the count or the largest amount that is acknowledged.
    """
    return tuple(
        replace(each, acknowledged=True) if each.is_breach and fits_any(each, acknowledged) else each
        for each in guardrails
    )


def find_refused(now: Iterable[Guardrail], plan: Plan, acknowledged: Mapping[str, Decimal]) -> tuple[Guardrail, ...]:
    """Find the limits that a plan passes and for which no acknowledgement fits, of the plan or of this run.

    Args:
        now: The limits of reconciler.yaml as it is now, evaluated for the plan.
        plan: Holds its acknowledgements, and what only a change under review let pass.
        acknowledged: Name of a limit to the count or the largest amount that this run acknowledges.
    """
    held = (each for each in plan.guardrails if each.is_raised)
    found = {(each.name, each.unit, each.scope): each for each in (*now, *held) if each.is_breach}
    return tuple(
        each for each in found.values() if not fits_any(each, plan.acknowledged) and not fits_any(each, acknowledged)
    )


def _fits_any(plan: Plan, name: str, number: Decimal) -> bool:
    return any(fits_any(each, {name: number}) for each in _find_breaches(plan, name))


def _find_breaches(plan: Plan, name: str) -> Iterator[Guardrail]:
    return (
        each
        for each in plan.guardrails
        if each.name == name.partition(".")[0] and (each.is_breach or each.acknowledged)
    )


def _explain(plan: Plan, name: str, number: Decimal) -> Reason:
    """Say why an acknowledgement fits nothing."""
    given = f"{name}={plain(number)}"
    breach = next(_find_breaches(plan, name), None)
    if breach is None:
        return reason(NoticeReason.ACKNOWLEDGED_NOTHING, given=given)
    return reason(NoticeReason.ACKNOWLEDGED_OTHER, given=given, wanted=breach.acknowledge or None)
