"""Guardrails as text."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.codec.numbers import plain
from reconciler.model.changed_rules import ChangedRule, ChangedRuleReason
from reconciler.model.guardrails import Guardrail
from reconciler.model.plan import GuardrailFinding
from reconciler.model.review import RaisedLimit
from reconciler.rendering.reasons import describe
from reconciler.rendering.words import name_few

# More trades are counted.
_MOST_NAMES = 3


def describe_finding(finding: GuardrailFinding) -> str:
    """Return what was counted, the limit, and what to do."""
    return (
        f"{finding.name}: {finding.count}, over the limit of {finding.limit} ({_name(finding.trades)}). "
        f"To allow this: --acknowledge {finding.name}={finding.count}"
    )


def describe_guardrail(guardrail: Guardrail) -> str:
    """Return what was counted, the limit, whether this change raised it, and what to do."""
    value = "not known" if guardrail.value is None else plain(guardrail.value)
    unit = f" {guardrail.unit}" if guardrail.unit else ""
    trades = f" ({_name(guardrail.trades)})" if guardrail.trades else ""
    parts = [f"{guardrail.name}: {value}{unit}, {_describe_limit(guardrail)}{trades}."]
    if guardrail.reason is not None and guardrail.reason.code is not ChangedRuleReason.LIMIT_RAISED:
        parts.append(f"{describe(guardrail.reason)[:1].upper()}{describe(guardrail.reason)[1:]}.")
    if guardrail.acknowledged:
        parts.append(f"Acknowledged: {guardrail.acknowledge}")
    elif guardrail.acknowledge:
        parts.append(f"To allow this: --acknowledge {guardrail.acknowledge}")
    return " ".join(parts)


def _describe_limit(guardrail: Guardrail) -> str:
    limit = None if guardrail.limit is None else plain(guardrail.limit)
    if not guardrail.is_raised:
        return f"over the limit of {limit}"
    if guardrail.name in tuple(ChangedRule):
        return "by rules of this change"
    base = "none" if guardrail.limit_base is None else plain(guardrail.limit_base)
    return f"over the limit of {base} at the base, raised in this change to {limit or 'no limit'}"


def describe_raised(raised: RaisedLimit) -> str:
    """Return what was counted, and the limit beside the built-in one."""
    return f"{raised.name}: {raised.count} ({_name(raised.trades)}), limit {raised.limit} (default {raised.default})"


def _name(trades: Sequence[str]) -> str:
    return name_few(trades, _MOST_NAMES)
