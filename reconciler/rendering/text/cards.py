"""Cards as text: one block for each trade that changes, and for each that is blocked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.phrases import Tone
from reconciler.model.plan_view import BlockedView, CardView, OperationView
from reconciler.model.views import FieldView
from reconciler.rendering.phrases import phrase, value
from reconciler.rendering.style import printable
from reconciler.rendering.text.ladder import ladder_lines
from reconciler.rendering.text.lines import SYMBOL_COLORS, TONE_COLORS, Screen, pad, show_value, widest
from reconciler.rendering.text_width import measure

_INDENT = 6
# A longer path pushes its values to the right, and not those of others.
_LONGEST_PATH = 40
_BAD = ("red", "bold")
_EFFECTS = {"executes": ("red",), "unprotects": _BAD, "protects": ("green",)}


def card_lines(card: CardView, screen: Screen) -> Iterator[str]:
    """Write all that a plan does to one trade."""
    for operation in card.operations:
        yield from _head_lines(card, operation, screen)
        yield from _effect_lines(operation, screen)
        yield from _reason_lines(operation, screen)
        yield from field_lines(operation.fields, screen)
        yield from _term_lines(operation, screen)
        if operation.risk:
            tone = Tone.DANGER if operation.is_bare else Tone.QUIET
            yield from screen.wrap(operation.risk, indent=_INDENT, tone=tone)
        for unknown in operation.unknown:
            yield from screen.wrap(unknown, indent=_INDENT, tone=Tone.WARNING)
        if operation.ladder is not None:
            yield from ladder_lines(operation.ladder, screen)


def blocked_lines(blocked: BlockedView, screen: Screen) -> Iterator[str]:
    """Write something that is not done."""
    row = blocked.row
    head = phrase(value(row.trade), f" #{row.live_id}" if row.live_id else "", "  is blocked")
    source = phrase(" (", value(blocked.source), ")") if blocked.source else ()
    yield from (screen.paint_line(line, "yellow", "bold") for line in screen.wrap(head, lead="  x ", deeper=_INDENT))
    yield from screen.wrap(phrase(blocked.reason, source), indent=_INDENT)
    yield from field_lines(blocked.fields, screen)
    yield from screen.wrap(blocked.hint, indent=_INDENT)


def field_lines(fields: Sequence[FieldView], screen: Screen) -> Iterator[str]:
    """Write fields with their values before and after."""
    paths = [f"{printable(each.path)}:" for each in fields]
    width = min(widest(paths), _LONGEST_PATH)
    for path, each in zip(paths, fields, strict=True):
        change = phrase(show_value(each.before), " -> ", show_value(each.after))
        yield from screen.wrap(change, indent=_INDENT, lead=f"{pad(path, width)}  ")


def _head_lines(card: CardView, operation: OperationView, screen: Screen) -> Iterator[str]:
    row = card.row
    live_id = f" #{row.live_id}" if row.live_id else ""
    head = phrase(value(row.trade), live_id, "  ", value(row.pair), f"  {operation.verb}")
    lines = screen.wrap(head, lead=f"{operation.symbol:>3} ", deeper=_INDENT)
    yield from (screen.paint(line, *SYMBOL_COLORS[operation.symbol], "bold") for line in lines)


def _effect_lines(operation: OperationView, screen: Screen) -> Iterator[str]:
    """Write effects and amounts; the effects are painted by what they mean."""
    names = ", ".join(effect.name for effect in operation.effects)
    painted = ", ".join(
        screen.paint(effect.name, *_EFFECTS.get(effect.name, TONE_COLORS[Tone.MONEY])) for effect in operation.effects
    )
    first, *others = screen.wrap(operation.money, indent=_INDENT, lead=f"{names}: ")
    yield " " * _INDENT + painted + first[_INDENT + measure(names) :]
    yield from others


def _reason_lines(operation: OperationView, screen: Screen) -> Iterator[str]:
    yield from screen.wrap(operation.cause, indent=_INDENT) if operation.cause else ()
    if operation.renamed:
        yield from screen.wrap(phrase("renamed from ", value(operation.renamed)), indent=_INDENT)
    for alert in operation.alerts:
        if alert.tone is Tone.DANGER:
            yield from screen.wrap(alert.text, indent=4, lead="! ", deeper=4, tone=alert.tone)
        else:
            yield from screen.wrap(alert.text, indent=_INDENT, tone=alert.tone)
    if operation.note:
        yield from screen.wrap(phrase("note: ", value(operation.note)), indent=_INDENT)


def _term_lines(operation: OperationView, screen: Screen) -> Iterator[str]:
    width = widest(term.name for term in operation.terms)
    known = ""
    for term in operation.terms:
        name = "" if term.name == known else f"{term.name}:"
        known = term.name
        yield from screen.wrap(term.text, indent=_INDENT, lead=f"{pad(name, width + 1)} ")
