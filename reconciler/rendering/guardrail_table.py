"""Guardrails in use as a table: value after the plan, limit, how much of it is used, and by which trades."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.guardrails.limits import DEFAULT_WARNINGS
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.model.plan import Plan
from reconciler.rendering.folding import fold_text
from reconciler.rendering.money import format_money
from reconciler.rendering.style import Style, printable
from reconciler.rendering.table import Cell, Column, render_table
from reconciler.rendering.words import name_few

WIDTH = 80
_COLUMNS = (
    Column(" "),
    Column("GUARDRAIL"),
    Column("PLAN", is_number=True),
    Column("LIMIT", is_number=True),
    Column("USED"),
    Column("BY", is_elastic=True),
)
_MOST_NAMES = 2
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


def guardrail_lines(plan: Plan, style: Style) -> Iterator[str]:
    """Write all limits in use: those that the plan makes use of as a table, breaches first, the others below it."""
    shown = [each for each in plan.guardrails if _is_touched(each)]
    rest = [each for each in plan.guardrails if not _is_touched(each)]
    if shown:
        shown.sort(key=lambda each: (not each.is_breach, _ORDER.index(each.state)))
        rows = [_row(guardrail) for guardrail in shown]
        yield from render_table(_COLUMNS, rows, WIDTH, style)
    if rest and (shown or plan.operations):
        title, indent = ("Far from", 3) if shown else ("Guardrails, none near", 0)
        first, *others = fold_text(f"{title}: {', '.join(map(_describe_briefly, rest))}", indent=indent)
        yield from (f"{' ' * indent}{line}" for line in (first, *(f"  {line}" for line in others)))


def _is_touched(guardrail: Guardrail) -> bool:
    """Return whether a limit has a line of its own: it counts something, and is not a built-in warning that is far."""
    if guardrail.state is not GuardrailState.OK or guardrail.is_raised:
        return True
    is_built_in = guardrail.level is GuardrailLevel.WARN and DEFAULT_WARNINGS.get(guardrail.name) == guardrail.limit
    return bool(guardrail.value) and not is_built_in


def _describe_briefly(guardrail: Guardrail) -> str:
    """Write value and limit in few words: `closes 0 of 0`."""
    scope = _name_scope(guardrail)
    unit = f" {printable(guardrail.unit)}" if guardrail.unit and guardrail.unit != "%" else ""
    name = f"{printable(guardrail.name)}{scope}"
    if guardrail.limit is None:
        return f"{name} ok"
    bound = f"least {_show(guardrail, guardrail.limit)}" if guardrail.is_least else _show(guardrail, guardrail.limit)
    return f"{name} {_show(guardrail, guardrail.value)} of {bound}{unit}"


def _name_scope(guardrail: Guardrail) -> str:
    """Return the pair that a limit is about, with a blank before it; a trade is named with the others."""
    is_said = not guardrail.scope or guardrail.scope in guardrail.trades
    return "" if is_said else f" {printable(guardrail.scope)}"


def _row(guardrail: Guardrail) -> list[Cell]:
    colors = ("red", "bold") if guardrail.is_breach else _find_colors(guardrail)
    scope = _name_scope(guardrail)
    unit = f" {printable(guardrail.unit)}" if guardrail.unit and guardrail.unit != "%" else ""
    warning = " (warn)" if guardrail.level is GuardrailLevel.WARN else ""
    return [
        Cell("!" if guardrail.is_breach else " ", colors),
        Cell(f"{printable(guardrail.name)}{scope}{unit}{warning}", colors),
        Cell(_show(guardrail, guardrail.value)),
        Cell(_show(guardrail, guardrail.limit)),
        Cell(_describe_use(guardrail), colors),
        Cell(_describe_trades(guardrail)),
    ]


def _find_colors(guardrail: Guardrail) -> tuple[str, ...]:
    return () if guardrail.state is GuardrailState.OK else ("yellow",)


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
        share = _find_share(guardrail)
        near = " near" if guardrail.state is GuardrailState.NEAR else ""
        words = f"{share}{near}".strip() or "ok"
    if guardrail.acknowledged:
        return f"{words}, acknowledged"
    return f"{words}, raised" if guardrail.is_raised else words


def _find_share(guardrail: Guardrail) -> str:
    value, limit = guardrail.value, guardrail.limit
    if value is None or not limit or guardrail.is_least:
        return ""
    return f"{value / limit * _HUNDRED:.0f} %"


def _describe_trades(guardrail: Guardrail) -> str:
    return name_few([printable(trade) for trade in guardrail.trades], _MOST_NAMES)
