"""Guardrails in use: value after the plan, limit, how much of it is used, and by which trades."""

from __future__ import annotations

from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.guardrails.limits import DEFAULT_WARNINGS
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.model.phrases import Phrase, Tone
from reconciler.model.plan import Plan
from reconciler.model.plan_view import LimitsView, LimitView
from reconciler.rendering.money import format_money
from reconciler.rendering.phrases import phrase, value

_HUNDRED = Decimal(100)
_DECIMALS = 2
_ORDER = (
    GuardrailState.OVER,
    GuardrailState.UNKNOWN,
    GuardrailState.OVER_BEFORE,
    GuardrailState.AT_LIMIT,
    GuardrailState.NEAR,
    GuardrailState.OK,
)
_WORDS = {
    GuardrailState.OVER: "OVER",
    GuardrailState.UNKNOWN: "UNKNOWN",
    GuardrailState.OVER_BEFORE: "over before",
    GuardrailState.AT_LIMIT: "at limit",
}


def view_limits(plan: Plan) -> LimitsView:
    """Make the view of all limits in use: those that a plan makes use of, breaches first, and the others in few words.

    A plan that does nothing names the others only beside some that it makes use of.
    """
    shown = [each for each in plan.guardrails if _is_touched(each)]
    shown.sort(key=lambda each: (not each.is_breach, _ORDER.index(each.state)))
    rest = [each for each in plan.guardrails if not _is_touched(each)]
    is_named = bool(shown or plan.operations)
    return LimitsView(rows=tuple(map(view_limit, shown)), rest=tuple(map(_say_briefly, rest)) if is_named else ())


def _is_touched(guardrail: Guardrail) -> bool:
    """Return whether a limit has a line of its own: it counts something, and is not a built-in warning that is far."""
    if guardrail.state is not GuardrailState.OK or guardrail.is_raised:
        return True
    is_built_in = guardrail.level is GuardrailLevel.WARN and DEFAULT_WARNINGS.get(guardrail.name) == guardrail.limit
    return bool(guardrail.value) and not is_built_in


def _say_briefly(guardrail: Guardrail) -> Phrase:
    """Say value and limit in few words: `closes 0 of 0`."""
    scope = _find_scope(guardrail)
    name = phrase(value(guardrail.name), phrase(" ", value(scope)) if scope else ())
    if guardrail.limit is None:
        return phrase(name, " ok")
    least = "least " if guardrail.is_least else ""
    unit = phrase(" ", value(guardrail.unit)) if guardrail.unit and guardrail.unit != "%" else ()
    shown, limit = _show(guardrail, guardrail.value), _show(guardrail, guardrail.limit)
    return phrase(name, f" {shown} of {least}{limit}", unit)


def _find_scope(guardrail: Guardrail) -> str:
    """Return the pair that a limit is about; a trade is named with the others."""
    return "" if guardrail.scope in guardrail.trades else guardrail.scope


def view_limit(guardrail: Guardrail) -> LimitView:
    """Make the view of one limit."""
    base = guardrail.limit_base
    return LimitView(
        name=guardrail.name,
        scope=_find_scope(guardrail),
        unit="" if guardrail.unit == "%" else guardrail.unit,
        value=_show(guardrail, guardrail.value),
        limit=_show(guardrail, guardrail.limit),
        base="" if base is None or base == guardrail.limit else _show(guardrail, base),
        used=_describe_use(guardrail),
        trades=guardrail.trades,
        tone=_find_tone(guardrail),
        acknowledge=guardrail.acknowledge,
    )


def _find_tone(guardrail: Guardrail) -> Tone:
    if guardrail.is_breach:
        return Tone.DANGER
    return Tone.QUIET if guardrail.state is GuardrailState.OK else Tone.WARNING


def _show(guardrail: Guardrail, number: Decimal | None) -> str:
    if number is None:
        return "-"
    if guardrail.unit == "%":
        return f"{_shorten(number)} %"
    return format_money(number, guardrail.unit, is_grouped=True) if guardrail.unit else _shorten(number)


def _shorten(number: Decimal) -> str:
    return plain(round(number, _DECIMALS).normalize())


def _describe_use(guardrail: Guardrail) -> str:
    # If it is raised, the limit of the base is passed, whatever the state by that of the change is.
    words = _WORDS.get(GuardrailState.OVER if guardrail.is_raised else guardrail.state)
    if guardrail.state is GuardrailState.OVER_BEFORE and guardrail.value is None and not guardrail.is_raised:
        words = "unknown before"
    if words is None:
        near = " near" if guardrail.state is GuardrailState.NEAR else ""
        words = f"{_find_share(guardrail)}{near}".strip() or "ok"
    if guardrail.level is GuardrailLevel.WARN:
        words = f"{words}, warning"
    if guardrail.acknowledged:
        return f"{words}, acknowledged"
    return f"{words}, raised" if guardrail.is_raised else words


def _find_share(guardrail: Guardrail) -> str:
    value, limit = guardrail.value, guardrail.limit
    if value is None or not limit or guardrail.is_least:
        return ""
    return f"{value / limit * _HUNDRED:.0f} %"
