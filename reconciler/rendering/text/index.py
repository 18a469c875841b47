"""The index of a plan as text: a row for each trade; nothing in it is cut but long names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.phrases import Phrase, Tone, plain_text
from reconciler.model.plan_view import IndexRow, LossView, PlanView
from reconciler.rendering.phrases import phrase
from reconciler.rendering.style import printable
from reconciler.rendering.text.lines import (
    SYMBOL_COLORS,
    TONE_COLORS,
    USUAL_WIDTH,
    Screen,
    fold,
    pad,
    widest,
)
from reconciler.rendering.text_width import cut_middle, measure
from reconciler.rendering.views.rest import MOST_ROWS, say_rest, split_rows
from reconciler.rendering.words import count_of

# From here on there is room for the pair and the loss at stop in columns of their own.
WIDE = 110
# Longer names are cut in their middle; the card of the trade has them whole.
_LONGEST_NAME, _LONGEST_PAIR = 24, 16
_GAP = "  "
_BAD = ("red", "bold")
_EFFECTS = {
    "executes": _BAD,
    "unprotects": _BAD,
    "LOSS": _BAD,
    "protects": ("green",),
    "blocked": ("yellow",),
}


def index_lines(view: PlanView, screen: Screen, *, is_whole: bool = False) -> Iterator[str]:
    """Write the index of a plan.

    Args:
        view: The plan.
        screen: Where it is shown.
        is_whole: Whether all rows are written, even that of a single trade, because no cards follow.
    """
    if len(view.rows) < (1 if is_whole else 2):
        return
    shown, rest = split_rows(view.rows, len(view.rows) if is_whole else MOST_ROWS)
    yield from _table_lines(shown, screen)
    if rest:
        yield from screen.wrap(say_rest(rest), indent=5)
    if view.counts.unchanged:
        yield screen.paint(f"     {count_of(view.counts.unchanged, 'trade')} unchanged", "dim")


def _table_lines(rows: Sequence[IndexRow], screen: Screen) -> Iterator[str]:
    is_wide = screen.width >= WIDE
    names, effects = [_name(row) for row in rows], [row.effect for row in rows]
    columns = [("TRADE", names, False), ("EFFECT", effects, False)]
    if is_wide:
        pairs = [cut_middle(printable(row.pair), _LONGEST_PAIR) for row in rows]
        losses = [_show_loss(row.loss) for row in rows]
        ratios = ["" if row.ratio == "-" else row.ratio for row in rows]
        columns += [("PAIR", pairs, False), ("LOSS AT STOP", losses, True), ("R/R", ratios, True)]
    widths = [widest([title, *texts]) for title, texts, _ in columns]
    titles = _GAP.join(
        pad(title, width, is_number=is_number) for (title, _, is_number), width in zip(columns, widths, strict=True)
    )
    margin = " " * (5 + measure(titles) + 2)
    yield "     " + screen.paint(titles + _GAP + "WHAT", "bold")
    for place, row in enumerate(rows):
        cells = [
            _paint_cell(title, texts[place], width, row, screen, is_number=is_number)
            for (title, texts, is_number), width in zip(columns, widths, strict=True)
        ]
        symbol = screen.paint(f"{row.symbol:>3}", *SYMBOL_COLORS[row.symbol])
        what = row.what if is_wide else phrase(row.what, _say_loss(row))
        if screen.width < USUAL_WIDTH:
            yield (f"{symbol}  " + _GAP.join(cells)).rstrip()
            yield from screen.wrap(what, indent=8, deeper=0)
        else:
            first, *others = fold(what, screen.width, margin, margin)
            yield f"{symbol}  {_GAP.join(cells)}{_GAP}{first.lstrip(' ')}".rstrip()
            yield from others


def _paint_cell(title: str, text: str, width: int, row: IndexRow, screen: Screen, *, is_number: bool) -> str:
    space = " " * (width - measure(text))
    colors: Sequence[str] = ()
    if title == "TRADE":
        colors = ("bold",)
    elif title == "EFFECT":
        colors = _EFFECTS.get(text, TONE_COLORS[Tone.MONEY])
    elif title == "LOSS AT STOP" and row.loss is not None and row.loss.is_worse:
        colors = ("red",)
    painted = screen.paint(text, *colors)
    return space + painted if is_number else painted + space


def _name(row: IndexRow) -> str:
    return cut_middle(printable(row.trade), _LONGEST_NAME) or (f"#{row.live_id}" if row.live_id else "-")


def _show_loss(loss: LossView | None) -> str:
    if loss is None:
        return ""
    sides = loss.before if loss.before == loss.after else f"{loss.before} -> {loss.after}"
    return f"{sides} {printable(loss.currency)}" if loss.change else sides


def _say_loss(row: IndexRow) -> Phrase:
    """Say after the change that more can be lost, where the table has no column for that."""
    loss = row.loss
    if loss is None or not loss.is_worse or loss.after == "-":
        return ()
    if loss.after == "no stop":
        return () if loss.after in plain_text(row.what) else phrase("; no stop")
    if loss.after == "not known":
        return phrase("; loss at stop not known")
    return phrase(f"; loss {loss.after}" if loss.before == "-" else f"; loss {loss.before} -> {loss.after}")
