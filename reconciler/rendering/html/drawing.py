"""The drawing of a price ladder, before and after an operation, as shapes with places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.risk import LevelChange, LevelKind
from reconciler.model.views import LadderView, LevelView
from reconciler.rendering.html.scale import Scale, is_far, spread

WIDTH = 420
_ONE_LEFT, _ONE_WIDTH = 128.0, 60.0
# Two columns leave more room on the left, for what is removed.
_TWO_LEFT, _TWO_WIDTH, _GAP = 138.0, 42.0, 18.0
_TOP, _LEAST_HEIGHT, _PER_LABEL, _PADDING, _FOOT = 30.0, 170.0, 27.0, 6.0, 12.0
# Room for a price that is far away: its mark, the sign that the axis is broken, and a gap.
_BREAK, _ZIGZAG, _MARK = 34.0, 16.0, 4.0
# They follow from others, so that the table has them and the drawing not.
_NOT_DRAWN = (LevelKind.BREAKEVEN,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Money between two prices.

    Attributes:
        kind: `gain`, `loss` or `lock`.
        top: Its upper edge.
        height: Its height.
    """

    kind: str
    top: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A level in a column.

    Attributes:
        kind: Kind of the level.
        price: The price, as text without grouping.
        place: Where it is.
        share: Share of the position that a step closes, from 0 to 1.
        trails: Whether it follows the price.
    """

    kind: str
    price: str
    place: float
    share: float = 1.0
    trails: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One side of a ladder.

    Attributes:
        title: `before`, `after` or `now`.
        left: Its left edge.
        width: Its width.
        is_past: Whether it exists only before the operation.
        areas: What can be won and lost.
        marks: Its levels.
    """

    title: str
    left: float
    width: float
    is_past: bool
    areas: tuple[Area, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The words at a level.

    Attributes:
        kind: Kind of the level; `none` at the end that no stop protects.
        place: Where the level is.
        line: Where the words are.
        price: The price; empty if there is none.
        text: The name, and the share of a step.
        distance: Distance from the last price; empty if it is not shown.
        is_removed: Whether the level is gone afterwards; it is written on the left.
        is_new: Whether it is new.
    """

    kind: str
    place: float
    line: float
    price: str
    text: str
    distance: str
    is_removed: bool
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """The way of a stop that moves.

    Attributes:
        start: Its place before.
        end: Its place afterwards.
        is_worse: Whether it protects less.
    """

    start: float
    end: float
    is_worse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A whole ladder; all places are in units of the drawing, from its left upper corner.

    Attributes:
        height: Its height.
        top: Upper edge of the columns.
        bottom: Their lower edge.
        right: Right edge of the last column.
        columns: One or two.
        last: Place of the last price, or None.
        last_price: The last price, as text without grouping.
        labels: The words.
        arrow: The way of the stop, or None.
        zigzag: Where the axis is broken, or None.
        description: All of it in words.
    """

    height: float
    top: float
    bottom: float
    right: float
    columns: tuple[Column, ...]
    last: float | None
    last_price: str
    labels: tuple[Label, ...]
    arrow: Arrow | None
    zigzag: float | None
    description: str

    @property
    def left(self) -> float:
        """Left edge of the first column."""
        return self.columns[0].left


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where prices are: the scale, and the place of those that are far away from it."""

    scale: Scale
    far: Decimal | None
    far_place: float
    zigzag: float | None

    def place(self, price: Decimal) -> float:
        return self.far_place if price == self.far else self.scale.place(price)


def draw_ladder(ladder: LadderView) -> Drawing | None:
    """Draw a ladder; None if it has no price."""
    rows = [row for row in ladder.rows if row.level.price is not None and row.level.kind not in _NOT_DRAWN]
    if not rows:
        return None
    sides = find_sides(ladder.rows)
    axis = _make_axis(rows, is_bare=any(_is_bare(ladder.rows, side) for side in sides))
    left, width = (_ONE_LEFT, _ONE_WIDTH) if len(sides) == 1 else (_TWO_LEFT, _TWO_WIDTH)
    columns = tuple(
        _draw_column(ladder, side, axis, left=left + number * (width + _GAP), width=width)
        for number, side in enumerate(sides)
    )
    last = next((row for row in rows if row.level.kind is LevelKind.LAST), None)
    return Drawing(
        height=max(axis.scale.bottom + _PADDING, axis.far_place + _MARK) + _FOOT,
        top=axis.scale.top - _PADDING,
        bottom=axis.scale.bottom + _PADDING,
        right=columns[-1].left + width,
        columns=columns,
        last=axis.place(_price(last)) if last else None,
        last_price=plain(_price(last)) if last else "",
        labels=tuple(_write_labels(ladder, rows, axis, sides)),
        arrow=_draw_arrow(rows, axis) if len(sides) > 1 else None,
        zigzag=axis.zigzag,
        description=_describe(rows, sides),
    )


def find_sides(rows: Sequence[LevelView]) -> tuple[str, ...]:
    """Name the sides that are drawn: one, if the trade is there on one side only or is the same on both."""
    own = [row.level for row in rows if row.level.kind is not LevelKind.LAST]
    if all(level.change is LevelChange.KEPT for level in own) or not any(level.after for level in own):
        return ("now",)
    return ("before", "after") if any(level.before for level in own) else ("after",)


def _is_on(row: LevelView, side: str) -> bool:
    if side == "now":
        return True
    return (row.level.before if side == "before" else row.level.after) is not None


def _price(row: LevelView) -> Decimal:
    return row.level.price or Decimal(0)


def _is_bare(rows: Sequence[LevelView], side: str) -> bool:
    """Return whether no stop is there on a side."""
    return not any(row.level.kind is LevelKind.STOP for row in rows if _is_on(row, side))


def _make_axis(rows: Sequence[LevelView], *, is_bare: bool) -> _Axis:
    liquidation = next((_price(row) for row in rows if row.level.kind is LevelKind.LIQUIDATION), None)
    others = [_price(row) for row in rows if row.level.kind is not LevelKind.LIQUIDATION]
    far = liquidation if liquidation is not None and is_far(liquidation, others) else None
    known = others if far is not None else [_price(row) for row in rows]
    height = max(_LEAST_HEIGHT, _PER_LABEL * (len(rows) + 1 + is_bare))
    is_above = far is not None and far > max(known)
    top = _TOP + (_BREAK if is_above else 0)
    scale = Scale(min(known), max(known), top + _PADDING, top + height - _PADDING)
    if far is None:
        return _Axis(scale, None, 0.0, None)
    if is_above:
        return _Axis(scale, far, _TOP + _MARK, _TOP + _MARK + _ZIGZAG)
    end = top + height
    return _Axis(scale, far, end + _BREAK - _MARK, end + _BREAK - _MARK - _ZIGZAG)


def _draw_column(ladder: LadderView, side: str, axis: _Axis, *, left: float, width: float) -> Column:
    rows = [row for row in ladder.rows if row.level.price is not None and _is_on(row, side)]
    return Column(
        title=side,
        left=left,
        width=width,
        is_past=side == "before",
        areas=tuple(_draw_areas(ladder, rows, side, axis)),
        marks=tuple(_draw_mark(row, axis) for row in rows if row.level.kind not in (*_NOT_DRAWN, LevelKind.LAST)),
    )


def _draw_areas(ladder: LadderView, rows: Sequence[LevelView], side: str, axis: _Axis) -> Iterator[Area]:
    """Yield what can be won and lost from the entry on; from the average once all is filled, if orders add to it."""
    prices = _group_prices(rows)
    start = next((prices[kind][0] for kind in (LevelKind.AVERAGE, LevelKind.ENTRY) if prices.get(kind)), None)
    if start is None:
        return
    sign = 1 if ladder.side == "long" else -1
    gains = [price for price in prices.get(LevelKind.STEP, ()) if (price - start) * sign > 0]
    if gains:
        yield _area("gain", axis.place(start), axis.place(max(gains, key=lambda price: price * sign)))
    for stop in prices.get(LevelKind.STOP, ()):
        yield _area("lock" if (stop - start) * sign > 0 else "loss", axis.place(start), axis.place(stop))
    if _is_bare(ladder.rows, side):
        yield _area("loss", axis.place(start), axis.scale.bottom + _PADDING if sign > 0 else axis.scale.top - _PADDING)


def _group_prices(rows: Iterable[LevelView]) -> dict[LevelKind, list[Decimal]]:
    found: dict[LevelKind, list[Decimal]] = {}
    for row in rows:
        found.setdefault(row.level.kind, []).append(_price(row))
    return found


def _area(kind: str, one: float, other: float) -> Area:
    return Area(kind=kind, top=min(one, other), height=abs(one - other))


def _draw_mark(row: LevelView, axis: _Axis) -> Mark:
    share = row.level.share_pct if row.level.kind is LevelKind.STEP else None
    return Mark(
        kind=row.level.kind.value,
        price=plain(_price(row)),
        place=axis.place(_price(row)),
        share=1.0 if share is None else min(1.0, max(0.05, float(share) / 100)),
        trails=row.level.trailing_pct is not None,
    )


def _draw_arrow(rows: Sequence[LevelView], axis: _Axis) -> Arrow | None:
    stops = [row.level for row in rows if row.level.kind is LevelKind.STOP]
    old = next((level for level in stops if level.after is None), None)
    new = next((level for level in stops if level.before is None), None)
    if old is None or new is None or old.price is None or new.price is None:
        return None
    is_worse = new.change is LevelChange.WORSE
    return Arrow(start=axis.place(old.price), end=axis.place(new.price), is_worse=is_worse)


def _write_labels(ladder: LadderView, rows: Sequence[LevelView], axis: _Axis, sides: Sequence[str]) -> Iterator[Label]:
    """Yield the words of what is there afterwards on the right, and of what is gone on the left."""
    is_split = len(sides) > 1
    gone = [row for row in rows if is_split and row.level.after is None and row.level.kind is not LevelKind.LAST]
    there = [row for row in rows if row not in gone]
    places = [axis.place(_price(row)) for row in there]
    if _is_bare(ladder.rows, sides[-1]):
        places.append(_bare_place(ladder, axis))
    lines = _spread_all(places, axis)
    for row, place, line in zip(there, places, lines, strict=False):
        yield _label(row, place, line, distance="" if is_split else row.distance)
    if len(places) > len(there):
        yield _bare_label(places[-1], lines[-1])
    places = [axis.place(_price(row)) for row in gone]
    for row, place, line in zip(gone, places, _spread_all(places, axis), strict=True):
        yield _label(row, place, line, distance="", is_removed=True)


def _spread_all(places: Sequence[float], axis: _Axis) -> list[float]:
    top, bottom = axis.scale.top, axis.scale.bottom
    if axis.far is not None:
        top, bottom = min(top, axis.far_place), max(bottom, axis.far_place)
    return spread(places, top, bottom)


def _bare_place(ladder: LadderView, axis: _Axis) -> float:
    return axis.scale.bottom + _PADDING if ladder.side == "long" else axis.scale.top - _PADDING


def _bare_label(place: float, line: float) -> Label:
    return Label(
        kind="none", place=place, line=line, price="", text="no stop", distance="", is_removed=False, is_new=False
    )


def _label(row: LevelView, place: float, line: float, *, distance: str, is_removed: bool = False) -> Label:
    level = row.level
    has_share = level.kind is LevelKind.STEP and level.share_pct is not None and not is_removed
    share = f" · {plain(level.share_pct or Decimal(0))} %" if has_share else ""
    return Label(
        kind=level.kind.value,
        place=place,
        line=line,
        price=row.price,
        text=f"{row.name}{share}",
        distance=distance,
        is_removed=is_removed,
        is_new=level.change in (LevelChange.NEW, LevelChange.WORSE),
    )


def _describe(rows: Sequence[LevelView], sides: Sequence[str]) -> str:
    """Say all of a drawing in words."""
    last = next((f"Last price {row.price}. " for row in rows if row.level.kind is LevelKind.LAST), "")
    parts = []
    for side in sides:
        named = [_name(row) for row in rows if row.level.kind is not LevelKind.LAST and _is_on(row, side)]
        parts.append(f"{side.capitalize()}: {', '.join(named)}.")
    return last + " ".join(parts)


def _name(row: LevelView) -> str:
    share = f" for {plain(row.level.share_pct)} percent" if row.level.share_pct and row.name != "stop" else ""
    return f"{row.name} {row.price}{share}"
