"""The price ladder of a trade: its prices before and after, the highest first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain, round_to
from reconciler.model.risk import (
    Level,
    LevelChange,
    LevelKind,
    LevelResult,
    LiquidationBasis,
    OperationRisk,
    TradeRisk,
)
from reconciler.model.terms import Side
from reconciler.model.views import LadderView, LevelView
from reconciler.rendering.money import format_money

_SIGNS = {LevelChange.KEPT: " ", LevelChange.NEW: "+", LevelChange.REMOVED: "-", LevelChange.WORSE: "!"}
# These follow from the others: they are no part of the change.
_DERIVED = (LevelKind.LAST, LevelKind.BREAKEVEN)
# Prices that are computed, so that their digits say nothing about the pair.
_COMPUTED = (LevelKind.BREAKEVEN, LevelKind.LIQUIDATION, LevelKind.AVERAGE, LevelKind.ENTRY)
_NAMES = {
    LevelKind.STEP: "step",
    LevelKind.ENTRY: "entry",
    LevelKind.AVERAGE: "average",
    LevelKind.ADD: "add",
    LevelKind.STOP: "stop",
    LevelKind.LAST: "last",
    LevelKind.BREAKEVEN: "break-even",
    LevelKind.LIQUIDATION: "liquidation",
}
_BASES = {
    LiquidationBasis.LIVE: "as reported",
    LiquidationBasis.ESTIMATE: "estimate",
    LiquidationBasis.BANKRUPTCY: "before this price",
    LiquidationBasis.NONE: "",
}
_FEWEST_PLACES, _MOST_PLACES = 2, 8
# A price is shown with at least so many digits that count.
_DIGITS = 4
_TWO_PLACES = Decimal("0.01")


def view_ladder(risk: OperationRisk, unit: str) -> LadderView | None:
    """Make the ladder of an operation; None if no price is known.

    Args:
        risk: Before and after.
        unit: Name of one unit of the size: the base currency, or contracts.
    """
    side = risk.after or risk.before
    if side is None or not risk.levels:
        return None
    places = count_places(risk.levels)
    return LadderView(
        currency=side.currency,
        side="long" if side.side is Side.BUY else "short",
        rows=tuple(_view_level(level, risk, unit, places) for level in risk.levels),
    )


def _view_level(level: Level, risk: OperationRisk, unit: str, places: int) -> LevelView:
    side = risk.after if level.after is not None and risk.after is not None else risk.before or risk.after
    currency = side.currency if side else ""
    before, after = _show_result(level, level.before, currency), _show_result(level, level.after, currency)
    return LevelView(
        level=level,
        sign=" " if level.kind in _DERIVED else _SIGNS[level.change],
        price="" if level.price is None else show_price(level.price, places),
        distance="" if level.distance_pct is None or level.kind is LevelKind.LAST else _show_pct(level.distance_pct),
        name=_NAMES[level.kind] if level.index is None else f"{_NAMES[level.kind]} {level.index}",
        detail=_describe(level, side, unit),
        profit_before=before[0],
        r_before=before[1],
        profit_after=after[0],
        r_after=after[1],
    )


def _describe(level: Level, side: TradeRisk | None, unit: str) -> str:
    """Describe what happens at a level: its share, kind of order and size."""
    trails = f", trails {plain(level.trailing_pct)} %" if level.trailing_pct is not None else ""
    match level.kind:
        case LevelKind.STEP:
            share = f"{plain(level.share_pct)} % " if level.share_pct is not None else ""
            return f"{share}{level.order_type}{trails}"
        case LevelKind.STOP:
            may_not_fill = ", may not fill" if side is not None and side.may_not_fill else ""
            return f"{level.order_type}{trails}{may_not_fill}"
        case LevelKind.ENTRY:
            return _describe_entry(level, side, unit) + trails
        case LevelKind.ADD:
            return f"{level.order_type} {_find_verb(side)} {_show_size(level, unit)}"
        case LevelKind.AVERAGE:
            return "once all are filled"
        case LevelKind.BREAKEVEN:
            return "with fees"
        case LevelKind.LIQUIDATION:
            return _BASES[side.liquidation.basis] if side else ""
        case LevelKind.LAST:
            return ""


def _describe_entry(level: Level, side: TradeRisk | None, unit: str) -> str:
    size = _show_size(level, unit)
    if not level.order_type:
        return f"{size} held, average"
    return f"{level.order_type} {_find_verb(side)} {size}"


def _find_verb(side: TradeRisk | None) -> str:
    return side.side.value if side else ""


def _show_size(level: Level, unit: str) -> str:
    return "" if level.units is None else f"{plain(level.units)} {unit}"


def _show_result(level: Level, result: LevelResult | None, currency: str) -> tuple[str, str]:
    if result is None or result.profit is None or level.kind is LevelKind.BREAKEVEN:
        return "", ""
    multiple = "" if result.r is None else f"{round_to(result.r, _TWO_PLACES):+,f} R"
    return format_money(result.profit, currency, is_signed=True, is_grouped=True), multiple


def _show_pct(percent: Decimal) -> str:
    return f"{round_to(percent, _TWO_PLACES):+,f} %"


def show_price(price: Decimal, places: int) -> str:
    """Write a price; the digits of one that somebody wrote are never cut."""
    return f"{round_to(price, Decimal(1).scaleb(-places)):,f}"


def count_places(levels: Sequence[Level]) -> int:
    """Count the digits behind the point that all prices of a ladder are shown with."""
    stated = [level.price for level in levels if level.price is not None and not _is_computed(level)]
    known = [abs(level.price) for level in levels if level.price]
    least = _DIGITS - 1 - min((price.adjusted() for price in known), default=0)
    return max([_FEWEST_PLACES, min(least, _MOST_PLACES), *map(_places_of, stated)])


def _is_computed(level: Level) -> bool:
    return level.kind in _COMPUTED and not (level.kind is LevelKind.ENTRY and level.order_type)


def _places_of(price: Decimal) -> int:
    text = plain(price)
    return len(text.partition(".")[2])
