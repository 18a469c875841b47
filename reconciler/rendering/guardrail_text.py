"""Guardrails as text."""

from __future__ import annotations

from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.guardrails.limits import DEFAULT_LIMITS
from reconciler.model.changed_rules import ChangedRule, ChangedRuleReason
from reconciler.model.guardrails import Guardrail, GuardrailLevel
from reconciler.model.phrases import Phrase, plain_text
from reconciler.rendering.phrases import capitalize, code, join, name_values, phrase, value
from reconciler.rendering.reasons import say

# More trades are counted.
_MOST_NAMES = 3
_SHOWN_DECIMALS = 8


def describe_guardrail(guardrail: Guardrail) -> str:
    """Return the sentence of a guardrail as one text; it is not escaped."""
    return plain_text(say_guardrail(guardrail))


def say_guardrail(guardrail: Guardrail) -> Phrase:
    """Say the value, the limit, whether this change raised it, what is held back, and what to do."""
    parts = [_say_value(guardrail)]
    if guardrail.reason is not None and guardrail.reason.code is not ChangedRuleReason.LIMIT_RAISED:
        parts.append(phrase(capitalize(say(guardrail.reason)), "."))
    if guardrail.holds and set(guardrail.holds) != set(guardrail.trades):
        parts.append(phrase("Held back: ", name_values(guardrail.holds, _MOST_NAMES), "."))
    if guardrail.acknowledged:
        parts.append(phrase("Acknowledged: ", value(guardrail.acknowledge)))
    elif guardrail.level is GuardrailLevel.WARN:
        parts.append(phrase("This is a warning only."))
    elif guardrail.acknowledge:
        parts.append(phrase("To allow this: ", code(f"--acknowledge {guardrail.acknowledge}")))
    return join(parts, " ")


def _say_value(guardrail: Guardrail) -> Phrase:
    is_scoped = bool(guardrail.scope) and guardrail.scope not in guardrail.trades
    scope = phrase(" (", value(guardrail.scope), ")") if is_scoped else ()
    amount = "not known" if guardrail.value is None else f"{_show(guardrail.value)}{_unit(guardrail)}"
    trades = phrase(" (", name_values(guardrail.trades, _MOST_NAMES), ")") if guardrail.trades else ()
    return phrase(value(guardrail.name), scope, f": {amount}{_describe_limit(guardrail)}", trades, ".")


def is_above_default(guardrail: Guardrail) -> bool:
    """Return whether a plan makes use of a limit that is above the built-in one."""
    default = DEFAULT_LIMITS.get(guardrail.name)
    is_higher = default is not None and guardrail.limit is not None and guardrail.limit > default
    return is_higher and bool(guardrail.value) and guardrail.level is GuardrailLevel.LIMIT


def say_above_default(guardrail: Guardrail) -> Phrase:
    """Say what was counted, and the limit beside the built-in one."""
    amount, limit = _show(guardrail.value or Decimal(0)), _show(guardrail.limit or Decimal(0))
    names = name_values(guardrail.trades, _MOST_NAMES)
    default = DEFAULT_LIMITS[guardrail.name]
    return phrase(value(guardrail.name), f": {amount} (", names, f"), limit {limit} (default {default})")


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
