"""A price ladder as text: a diff of prices, the highest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    table = _lay_out(columns, screen.width - _INDENT - 2)
    if is_wide and table.has_results:
        yield _head_line(table)
    for place, row in enumerate(rows):
        sign = f"{' ' * _INDENT}{row.sign} "
        for line in table.write([column[place] for column in columns]):
            yield screen.paint_line(f"{sign}{line}".rstrip(), *_COLORS[row.sign])
            sign = " " * len(sign)


def ladder_text(ladder: LadderView) -> list[str]:
    """Write a ladder with a sign at the begin of each line, as a diff has it; without colours and indents."""
    return [line[_INDENT:] for line in ladder_lines(ladder, Screen(width=WIDE - 1))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Widths of a ladder.

    Attributes:
        width: Cells of a line.
        widths: Widths of the columns; that of the details is 0 if they have lines of their own.
        gap: Space between columns.
        has_results: Whether there is room for results beside the price.
    """

    width: int
    widths: tuple[int, ...]
    gap: str
    has_results: bool

    def write(self, cells: Sequence[str]) -> Iterator[str]:
        """Write the lines of one price."""
        room = self.widths[_DETAIL]
        details = fold(cells[_DETAIL], room, "", "") if room else []
        yield self.gap.join(self._pad(cells, details[0] if details else ""))
        margin = " " * (sum(self.widths[:_DETAIL]) + len(self.gap) * _DETAIL)
        yield from (margin + detail for detail in details[1:])
        results = () if self.has_results else cells[_DETAIL + 1 :]
        rest = ", ".join(cell for cell in ("" if room else cells[_DETAIL], *results) if cell)
        if rest:
            margin = " " * (self.widths[0] + len(self.gap))
            yield from fold(rest, self.width, margin, margin)

    def _pad(self, cells: Sequence[str], detail: str) -> Iterator[str]:
        for place, width in enumerate(self.widths):
            if place == _DETAIL:
                yield from [pad(detail, width)] if width else []
            elif place < _DETAIL or self.has_results:
                yield pad(cells[place], width, is_number=place != _DETAIL - 1)


def _lay_out(columns: Sequence[Sequence[str]], width: int) -> _Table:
    """Find the widths that fit: wide gaps, then narrow ones, then details and at last results on lines of their own."""
    widths = [widest(column) for column in columns]
    widths[0], widths[1] = max(widths[0], _LEAST_PRICE), max(widths[1], _LEAST_DISTANCE)
    detail, room = widths[_DETAIL], -1
    for gap in ("  ", " "):
        room = width - (sum(widths) - detail + len(gap) * (len(widths) - 1))
        if detail <= room:
            break
    widths[_DETAIL] = min(detail, room) if room >= min(detail, _LEAST_DETAIL) else 0
    # Without the details there is one gap less.
    has_results = room + len(gap) >= 0
    return _Table(width=width, widths=tuple(widths), gap=gap, has_results=has_results)


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


def _head_line(table: _Table) -> str:
    columns, gaps = table.widths[: _DETAIL + 2], len(table.gap) * (_DETAIL + 1 if table.widths[_DETAIL] else _DETAIL)
    before = pad("before", _INDENT + 2 + sum(columns) + gaps, is_number=True)
    return before + table.gap + pad("after", table.widths[_DETAIL + 2], is_number=True)
