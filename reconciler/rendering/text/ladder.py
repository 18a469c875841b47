"""A price ladder as text: a diff of prices, the highest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.risk import LevelKind
from reconciler.model.views import LadderView, LevelView
from reconciler.rendering.style import printable
from reconciler.rendering.text.lines import Screen, fold, pad, widest

# From here on there is room for the results of both sides.
WIDE = 110
_COLORS = {"+": ("green",), "-": ("red",), "!": ("red", "bold"), " ": ()}
_INDENT = 4
_LEAST_PRICE = 8
_LEAST_DISTANCE = len("-10.00 %")
# Place of the column of details, and the least width in which they are readable.
_DETAIL = 3
_LEAST_DETAIL = 16


def ladder_lines(ladder: LadderView, screen: Screen) -> Iterator[str]:
    """Write a ladder; on a narrow screen what happens at a price has a line of its own."""
    rows = [row for row in ladder.rows if _is_shown(row)]
    is_wide = screen.width >= WIDE and any(_differs(row) for row in rows)
    columns = _make_columns(rows, is_wide=is_wide)
    widths = [widest(column) for column in columns]
    widths[0], widths[1] = max(widths[0], _LEAST_PRICE), max(widths[1], _LEAST_DISTANCE)
    gap, room = _find_room(widths, screen.width)
    if is_wide:
        yield _head_line(widths, gap)
    for place, row in enumerate(rows):
        cells = [column[place] for column in columns]
        sign = f"{' ' * _INDENT}{row.sign} "
        for line in _row_lines(cells, widths, gap, room):
            yield screen.paint_line(f"{sign}{line}".rstrip(), *_COLORS[row.sign])
            sign = " " * len(sign)


def ladder_text(ladder: LadderView) -> list[str]:
    """Write a ladder with a sign at the begin of each line, as a diff has it; without colours and indents."""
    return [line[_INDENT:] for line in ladder_lines(ladder, Screen(width=WIDE - 1))]


def _find_room(widths: list[int], width: int) -> tuple[str, int]:
    """Find the space between columns, and the width of the column of details; 0 if they need lines of their own."""
    for gap in ("  ", " "):
        fixed = _INDENT + 2 + sum(widths) - widths[_DETAIL] + len(gap) * (len(widths) - 1)
        if fixed + widths[_DETAIL] <= width:
            return gap, widths[_DETAIL]
    room = width - fixed
    return " ", room if room >= _LEAST_DETAIL else 0


def _row_lines(cells: Sequence[str], widths: Sequence[int], gap: str, room: int) -> Iterator[str]:
    details = fold(cells[_DETAIL], room, "", "") if room else []
    shown = [
        pad(cell, widths[number], is_number=number not in (_DETAIL - 1, _DETAIL))
        for number, cell in enumerate(cells)
        if number != _DETAIL
    ]
    if room:
        shown.insert(_DETAIL, pad(details[0], room))
    yield gap.join(shown)
    margin = " " * (sum(widths[:_DETAIL]) + len(gap) * _DETAIL)
    yield from (margin + detail for detail in details[1:])
    if not room and cells[_DETAIL]:
        yield f"{' ' * (widths[0] + len(gap))}{cells[_DETAIL]}"


def _is_shown(row: LevelView) -> bool:
    """Return whether a row says something: an entry without a price is said by the terms."""
    return bool(row.price) or row.level.kind is not LevelKind.LAST


def _differs(row: LevelView) -> bool:
    return bool(row.profit_before and row.profit_after)


def _make_columns(rows: Sequence[LevelView], *, is_wide: bool) -> list[list[str]]:
    columns = [
        [row.price or "no price" for row in rows],
        [row.distance for row in rows],
        [row.name for row in rows],
        [printable(row.detail) for row in rows],
    ]
    if is_wide:
        columns += [[row.profit_before for row in rows], [row.profit_after for row in rows]]
        columns += [[row.r_before for row in rows], [row.r_after for row in rows]]
    else:
        columns += [[row.profit_after or row.profit_before for row in rows]]
        columns += [[row.r_after if row.profit_after else row.r_before for row in rows]]
    return columns


def _head_line(widths: Sequence[int], gap: str) -> str:
    before = _INDENT + 2 + sum(widths[: _DETAIL + 2]) + len(gap) * (_DETAIL + 1)
    return pad("before", before, is_number=True) + gap + pad("after", widths[_DETAIL + 2], is_number=True)
