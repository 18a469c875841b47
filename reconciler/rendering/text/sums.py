"""Money at risk and guardrails of a plan as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.model.phrases import Tone
from reconciler.model.plan_view import CurrencyView, LimitsView, LimitView, RiskView
from reconciler.rendering.phrases import join, name_values, phrase, value
from reconciler.rendering.style import printable
from reconciler.rendering.text.lines import TONE_COLORS, Screen, pad, show, widest
from reconciler.rendering.text_width import measure

_GAP = "  "
_MOST_NAMES = 2
_LIMIT_TITLES, _BY = ("GUARDRAIL", "PLAN", "LIMIT", "USED"), "BY"
# Places of the numbers in a row of limits.
_NUMBERS = (1, 2)
_SUM_TITLES = ("BEFORE", "AFTER", "CHANGE")
# Currencies are longer than this on a line of their own.
_LONGEST_LABEL = 10
# Most space before a column of numbers.
_MOST_SPACE = 4


def risk_lines(risk: RiskView, screen: Screen) -> Iterator[str]:
    """Write the money at risk before and after a plan, by currency."""
    if not risk.currencies:
        return
    table = _lay_out(risk, screen)
    titles = "".join(pad(title, width, is_number=True) for title, width in zip(_SUM_TITLES, table.numbers, strict=True))
    head = pad("RISK", table.margin) + titles if table.is_wide else "RISK"
    yield screen.paint(head, "bold")
    for each in risk.currencies:
        yield from _currency_lines(each, screen, table)
    for unknown in risk.unknown:
        yield from screen.wrap(unknown, indent=2, tone=Tone.WARNING)
    for note in risk.notes:
        yield from screen.wrap(note, indent=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Widths of the table of sums.

    Attributes:
        label: Width of the currencies.
        name: Width of the names of sums.
        numbers: Widths of the three columns of numbers, with the space before them.
        is_wide: Whether the screen has room for them.
    """

    label: int
    name: int
    numbers: tuple[int, ...]
    is_wide: bool

    @property
    def margin(self) -> int:
        return 2 + self.label + 1 + self.name


def _lay_out(risk: RiskView, screen: Screen) -> _Table:
    rows = [row for each in risk.currencies for row in each.sums]
    columns = ([row.before for row in rows], [row.after for row in rows], [row.change for row in rows])
    least = [widest([title, *column]) for title, column in zip(_SUM_TITLES, columns, strict=True)]
    label = min(widest(printable(each.currency) for each in risk.currencies), _LONGEST_LABEL)
    name = widest(row.name for row in rows)
    spare = (screen.width - (3 + label + name + sum(least))) // len(least)
    numbers = tuple(width + max(0, min(spare, _MOST_SPACE)) for width in least)
    return _Table(label=label, name=name, numbers=numbers, is_wide=spare > 0)


def _currency_lines(currency: CurrencyView, screen: Screen, table: _Table) -> Iterator[str]:
    label = printable(currency.currency)
    if measure(label) > table.label:
        yield from screen.wrap((value(currency.currency),), indent=2)
        label = ""
    for row in currency.sums:
        lead = f"  {pad(label, table.label)} {pad(row.name, table.name)}"
        label = ""
        if table.is_wide:
            before, after, change = (
                pad(text, width, is_number=True)
                for text, width in zip((row.before, row.after, row.change), table.numbers, strict=True)
            )
            yield f"{lead}{before}{screen.paint(after, *(('bold',) if row.is_loss else ()))}{change}"
        else:
            yield from screen.wrap(f"{row.before} -> {row.after} ({row.change})", lead=f"{lead} ", deeper=8)
    for note in currency.notes:
        yield from screen.wrap(note, indent=table.label + 3, tone=Tone.WARNING)


def limit_lines(limits: LimitsView, screen: Screen) -> Iterator[str]:
    """Write all limits in use: those that a plan makes use of as a table, breaches first, the others below it."""
    if limits.rows:
        yield from _limit_table(limits.rows, screen) or _limit_sentences(limits.rows, screen)
    if limits.rest:
        title, indent = ("Far from", 3) if limits.rows else ("Guardrails, none near", 0)
        yield from screen.wrap(phrase(f"{title}: ", join(limits.rest, ", ")), indent=indent)


def _limit_table(rows: Sequence[LimitView], screen: Screen) -> list[str]:
    """Write a table; empty if the screen is too narrow for one."""
    cells = [(_name_limit(row), row.value, row.limit, row.used) for row in rows]
    widths = [widest(column) for column in zip(_LIMIT_TITLES, *cells, strict=True)]
    if 3 + sum(widths) + len(_GAP) * len(widths) + len(_BY) > screen.width:
        return []
    lines = [_join_cells(" ", _LIMIT_TITLES, widths, ("bold",), screen) + _GAP + screen.paint(_BY, "bold")]
    for row, texts in zip(rows, cells, strict=True):
        sign = "!" if row.tone is Tone.DANGER else " "
        line = _join_cells(sign, texts, widths, TONE_COLORS[row.tone], screen)
        lines += _end_row(line, _name_trades(row), screen)
    return lines


def _join_cells(sign: str, texts: Sequence[str], widths: Sequence[int], colors: Sequence[str], screen: Screen) -> str:
    """Join the cells of a row; the spaces that fill them are not painted."""
    shown = []
    for place, (text, width) in enumerate(zip(texts, widths, strict=True)):
        space = " " * (width - measure(text))
        painted = screen.paint(text, *(colors if place not in _NUMBERS or text in _LIMIT_TITLES else ()))
        shown.append(space + painted if place in _NUMBERS else painted + space)
    return f"{screen.paint(sign, *colors) if sign != ' ' else sign}  {_GAP.join(shown)}"


def _end_row(line: str, trades: str, screen: Screen) -> list[str]:
    """Put trades at the end of a row, or below it if they have no room there."""
    if not trades:
        return [line.rstrip()]
    if measure(line) + len(_GAP) + measure(trades) <= screen.width:
        return [f"{line}{_GAP}{trades}"]
    return [line.rstrip(), *screen.wrap(phrase("by ", value(trades)), indent=5)]


def _limit_sentences(rows: Sequence[LimitView], screen: Screen) -> list[str]:
    lines = [screen.paint("GUARDRAILS", "bold")]
    for row in rows:
        sign = "!" if row.tone is Tone.DANGER else " "
        trades = phrase(" (", name_values(row.trades, _MOST_NAMES), ")") if row.trades else ()
        sentence = phrase(value(_name_limit(row)), f": {row.value}, limit {row.limit}, {row.used}{_base(row)}", trades)
        lines += screen.wrap(sentence, lead=f"{sign} ", deeper=4, tone=row.tone)
    return lines


def _name_limit(row: LimitView) -> str:
    return " ".join(printable(part) for part in (row.name, row.scope, row.unit) if part)


def _name_trades(row: LimitView) -> str:
    return show(name_values(row.trades, _MOST_NAMES)) + _base(row)


def _base(row: LimitView) -> str:
    return f", was {row.base}" if row.base else ""
