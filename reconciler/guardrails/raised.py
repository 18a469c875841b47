"""Limits of a change under review beside those of its base: what passes only by the change's own is marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.model.changed_rules import ChangedRuleReason
from reconciler.model.guardrails import Guardrail, GuardrailLevel
from reconciler.model.reasons import reason

Key = tuple[str, str, bool, GuardrailLevel, str]


def mark_raised(now: Sequence[Guardrail], bases: Iterable[Sequence[Guardrail]]) -> tuple[Guardrail, ...]:
    """Mark the limits that only the change lets pass, and put the base's limit beside each.

    Args:
        now: All limits in use by the rules of the change, evaluated.
        bases: The same plan evaluated by the rules of the base; each of them counts.

    Returns:
        The limits of now, then those that only a base has; what a base refuses and the change does not is marked.
    """
    marked = {_key(each): each for each in now}
    # The worst trade or pair by the limit of now may be another one than by that of the base.
    limits = {_key(each)[:-1]: each.limit for each in now}
    for base in bases:
        for before in base:
            present = marked.get(_key(before))
            if present is None and before.level is not GuardrailLevel.LIMIT:
                continue
            limit = present.limit if present else limits.get(_key(before)[:-1])
            marked[_key(before)] = _compare(present, before, limit)
    return tuple(marked.values())


def _key(guardrail: Guardrail) -> Key:
    return guardrail.name, guardrail.unit, guardrail.is_least, guardrail.level, guardrail.scope


def _compare(now: Guardrail | None, base: Guardrail, limit: Decimal | None) -> Guardrail:
    """Return a limit of now with the one of the base beside it, marked if only the base refuses."""
    found = replace(now or base, limit=limit, limit_base=_prefer(now, base))
    if base.level is not GuardrailLevel.LIMIT or not base.is_passed:
        return found
    if now is not None and now.is_passed:
        return _take_worse(found, base)
    return replace(
        found,
        value=base.value,
        limit_base=base.limit,
        trades=base.trades,
        holds=base.holds,
        acknowledge=base.acknowledge,
        reason=base.reason or reason(ChangedRuleReason.LIMIT_RAISED),
        is_raised=True,
    )


def _take_worse(now: Guardrail, base: Guardrail) -> Guardrail:
    """Return a limit that both refuse, with the worse value: the base may reckon with higher fees than the change."""
    if now.value is None or (base.value is not None and not _is_worse(base.value, now.value, is_least=now.is_least)):
        return now
    return replace(
        now,
        value=base.value,
        trades=base.trades,
        holds=tuple(dict.fromkeys((*base.holds, *now.holds))),
        acknowledge=base.acknowledge,
        state=base.state,
        reason=base.reason or now.reason,
    )


def _is_worse(value: Decimal, other: Decimal, *, is_least: bool) -> bool:
    return value < other if is_least else value > other


def _prefer(now: Guardrail | None, base: Guardrail) -> Decimal | None:
    return base.limit if now is None or now.limit_base is None else now.limit_base
