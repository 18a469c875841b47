"""Ladders by hand, for the tests of drawings."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.risk import Level, LevelChange, LevelKind, LevelResult, OperationRisk, TradeRisk
from reconciler.model.terms import Side
from reconciler.model.views import LadderView
from reconciler.rendering.views.ladders import view_ladder

LAST, ENTRY, STOP, STEP = LevelKind.LAST, LevelKind.ENTRY, LevelKind.STOP, LevelKind.STEP


def level(
    kind: LevelKind,
    price: str | None,
    change: LevelChange = LevelChange.KEPT,
    *,
    index: int | None = None,
    share: str | None = None,
    trailing: str | None = None,
) -> Level:
    """A level that is there on the sides that its change says."""
    return Level(
        kind=kind,
        price=None if price is None else Decimal(price),
        index=index,
        share_pct=None if share is None else Decimal(share),
        trailing_pct=None if trailing is None else Decimal(trailing),
        order_type="market" if kind is STOP else "limit" if kind is STEP else "",
        before=LevelResult() if change in (LevelChange.KEPT, LevelChange.REMOVED) else None,
        after=None if change is LevelChange.REMOVED else LevelResult(),
        change=change,
    )


def ladder(*levels: Level, side: Side = Side.BUY, is_destroyed: bool = False) -> LadderView:
    """The ladder of a trade with these levels."""
    risk = TradeRisk(currency="USDT", side=side, has_stop=any(each.kind is STOP for each in levels))
    made = view_ladder(
        OperationRisk(trade="t", before=risk, after=None if is_destroyed else risk, levels=tuple(levels)), "BTC"
    )
    assert made is not None
    return made
