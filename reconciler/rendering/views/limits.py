"""Guardrails in use: value after the plan, limit, how much of it is used, and by which trades."""

from __future__ import annotations

from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.model.phrases import Tone
from reconciler.model.plan import Plan
from reconciler.model.plan_view import LimitsView, LimitView
from reconciler.rendering.money import format_money

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
    """Make the view of the limits that a plan makes use of, breaches first; others are counted."""
    shown = [each for each in plan.guardrails if _is_touched(each)]
    shown.sort(key=lambda each: (not each.is_breach, _ORDER.index(each.state)))
    return LimitsView(rows=tuple(map(view_limit, shown)), rest=len(plan.guardrails) - len(shown))


def _is_touched(guardrail: Guardrail) -> bool:
    if guardrail.level is GuardrailLevel.WARN and guardrail.state is GuardrailState.OK:
        return False
    return bool(guardrail.value) or guardrail.state is not GuardrailState.OK or guardrail.is_raised


def view_limit(guardrail: Guardrail) -> LimitView:
    """Make the view of one limit."""
    is_said = not guardrail.scope or guardrail.scope in guardrail.trades
    base = guardrail.limit_base
    return LimitView(
        name=guardrail.name,
        scope="" if is_said else guardrail.scope,
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
    words = _WORDS.get(guardrail.state)
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
