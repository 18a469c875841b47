"""Guardrails as text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.guardrails.limits import DEFAULT_LIMITS
from reconciler.model.changed_rules import ChangedRule, ChangedRuleReason
from reconciler.model.guardrails import Guardrail, GuardrailLevel
from reconciler.rendering.reasons import describe
from reconciler.rendering.words import name_few

# More trades are counted.
_MOST_NAMES = 3
_SHOWN_DECIMALS = 8


def describe_guardrail(guardrail: Guardrail) -> str:
    """Return the value, the limit, whether this change raised it, what is held back, and what to do."""
    value = "not known" if guardrail.value is None else _show(guardrail.value)
    scope = f" ({guardrail.scope})" if guardrail.scope and guardrail.scope not in guardrail.trades else ""
    trades = f" ({_join(guardrail.trades)})" if guardrail.trades else ""
    unit = _unit(guardrail) if guardrail.value is not None else ""
    parts = [f"{guardrail.name}{scope}: {value}{unit}{_describe_limit(guardrail)}{trades}."]
    if guardrail.reason is not None and guardrail.reason.code is not ChangedRuleReason.LIMIT_RAISED:
        why = describe(guardrail.reason)
        parts.append(f"{why[:1].upper()}{why[1:]}.")
    if guardrail.holds and set(guardrail.holds) != set(guardrail.trades):
        parts.append(f"Held back: {_join(guardrail.holds)}.")
    if guardrail.acknowledged:
        parts.append(f"Acknowledged: {guardrail.acknowledge}")
    elif guardrail.level is GuardrailLevel.WARN:
        parts.append("This is a warning only.")
    elif guardrail.acknowledge:
        parts.append(f"To allow this: --acknowledge {guardrail.acknowledge}")
    return " ".join(parts)


def is_above_default(guardrail: Guardrail) -> bool:
    """Return whether a plan makes use of a limit that is above the built-in one."""
    default = DEFAULT_LIMITS.get(guardrail.name)
    is_higher = default is not None and guardrail.limit is not None and guardrail.limit > default
    return is_higher and bool(guardrail.value) and guardrail.level is GuardrailLevel.LIMIT


def describe_above_default(guardrail: Guardrail) -> str:
    """Return what was counted, and the limit beside the built-in one."""
    value, limit = _show(guardrail.value or Decimal(0)), _show(guardrail.limit or Decimal(0))
    default = DEFAULT_LIMITS[guardrail.name]
    return f"{guardrail.name}: {value} ({_join(guardrail.trades)}), limit {limit} (default {default})"


def _describe_limit(guardrail: Guardrail) -> str:
    limit = None if guardrail.limit is None else f"{_show(guardrail.limit)}{_unit(guardrail)}"
    if not guardrail.is_raised:
        if limit is None:
            return ""
        if guardrail.value is None:
            return f", limit {limit}"
        return f", below the least of {limit}" if guardrail.is_least else f", over the limit of {limit}"
    if guardrail.name in tuple(ChangedRule):
        return ", by rules of this change"
    return f", {_describe_base(guardrail)}, {_describe_raise(guardrail, limit)}"


def _describe_base(guardrail: Guardrail) -> str:
    if guardrail.limit_base is None:
        return "not allowed at the base"
    base = f"{_show(guardrail.limit_base)}{_unit(guardrail)}"
    return f"below the least of {base} at the base" if guardrail.is_least else f"over the limit of {base} at the base"


def _describe_raise(guardrail: Guardrail, limit: str | None) -> str:
    if limit is None and guardrail.limit_base is not None:
        return "removed in this change"
    if guardrail.limit == guardrail.limit_base:
        return "which only rules of this change pass"
    return f"{'lowered' if guardrail.is_least else 'raised'} in this change to {limit}"


def _show(number: Decimal) -> str:
    return plain(round(number, _SHOWN_DECIMALS).normalize())


def _unit(guardrail: Guardrail) -> str:
    return f" {guardrail.unit}" if guardrail.unit else ""


def _join(names: Sequence[str]) -> str:
    return name_few(names, _MOST_NAMES)
