"""Tables that fit a width: the least important columns are left out first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.rendering.style import Style
from reconciler.rendering.text_width import cut_end, cut_middle, measure

_GAP = "  "
# A first column that must be cut keeps at least this many characters.
_SHORTEST_CELL = 8
# Rather than to leave out a column of one of these ranks, a first column is cut to this many characters.
_LAST_IMPORTANT = 3
_LONG_CELL = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        text: Its text, printable.
        colors: Names of colours.
    """

    text: str
    colors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        title: Its head.
        rank: 0 is always shown; of the others the highest is left out first.
        is_number: Whether its cells are aligned to the right.
        is_elastic: Whether its cells may be cut at their end if the others need the room.
    """

    title: str
    rank: int = 0
    is_number: bool = False
    is_elastic: bool = False


def render_table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int | None = None, style: Style | None = None
) -> list[str]:
    """Write a head and one line for each row.

    Args:
        columns: In their order.
        rows: A cell for each column.
        width: Terminal cells of a line; None for all columns.
        style: Colours; plain text by default.
    """
    titles = [Cell(column.title, ("bold",)) for column in columns]
    table = [titles, *(list(row) for row in rows)]
    widths = [max(measure(row[place].text) for row in table) for place in range(len(columns))]
    shown = _choose(columns, widths, width)
    missing = 0 if width is None else max(0, _add_up(widths, shown) - width)
    # The widest first, since it can give most.
    places = [*sorted((place for place in shown if columns[place].is_elastic), key=lambda place: -widths[place]), 0]
    for place in places:
        cut = min(missing, max(0, widths[place] - _SHORTEST_CELL))
        if cut:
            widths[place] -= cut
            missing -= cut
            shorten = cut_end if columns[place].is_elastic else cut_middle
            for row in table:
                row[place] = Cell(shorten(row[place].text, widths[place]), row[place].colors)
    return ["".join(_line(row, columns, widths, shown, style or Style())) for row in table]


def _choose(columns: Sequence[Column], widths: Sequence[int], width: int | None) -> list[int]:
    """Choose the places of the columns that fit."""
    shown = list(range(len(columns)))
    while width is not None and _add_up(widths, shown) > width:
        least = max(shown, key=lambda place: columns[place].rank)
        spare = max(0, widths[0] - _LONG_CELL)
        if columns[least].rank == 0 or (
            columns[least].rank <= _LAST_IMPORTANT and _add_up(widths, shown) <= width + spare
        ):
            break
        shown.remove(least)
    return shown


def _add_up(widths: Sequence[int], shown: Sequence[int]) -> int:
    return sum(widths[place] for place in shown) + len(_GAP) * (len(shown) - 1)


def _line(
    row: Sequence[Cell], columns: Sequence[Column], widths: Sequence[int], shown: Sequence[int], style: Style
) -> Iterator[str]:
    last = max((place for place in shown if row[place].text), default=shown[0])
    for place in shown:
        if place > last:
            return
        cell = row[place]
        padding = " " * (widths[place] - measure(cell.text))
        text = style.paint(cell.text, *cell.colors)
        if columns[place].is_number:
            yield padding + text
        else:
            yield text + (padding if place < last else "")
        yield _GAP if place < last else ""
