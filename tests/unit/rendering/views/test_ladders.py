"""Price ladders: signs, digits, and what happens at each price."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.risk import (
    Level,
    LevelChange,
    LevelKind,
    LevelResult,
    LiquidationBasis,
    LiquidationPrice,
    OperationRisk,
    TradeRisk,
)
from reconciler.model.terms import Side
from reconciler.model.views import LadderView
from reconciler.rendering.views.ladders import view_ladder

D = Decimal
SIDE = TradeRisk(
    currency="USDT",
    side=Side.SELL,
    may_not_fill=True,
    liquidation=LiquidationPrice(value=D(117492), basis=LiquidationBasis.ESTIMATE),
)


def ladder(*levels: Level, side: TradeRisk | None = SIDE) -> LadderView:
    found = view_ladder(OperationRisk(trade="a", before=side, after=side, levels=levels), "BTC")
    assert found is not None
    return found


def test_without_levels_or_numbers_there_is_no_ladder() -> None:
    assert view_ladder(OperationRisk(trade="a", after=SIDE), "BTC") is None
    assert view_ladder(OperationRisk(trade="a", levels=(Level(kind=LevelKind.STOP),)), "BTC") is None


def test_every_kind_of_level_says_what_happens_there() -> None:
    levels = [
        Level(kind=LevelKind.LIQUIDATION, price=D(117492)),
        Level(kind=LevelKind.STOP, price=D(100900), order_type="limit"),
        Level(kind=LevelKind.ENTRY, price=D(98400), order_type="limit", units=D("0.05")),
        Level(kind=LevelKind.BREAKEVEN, price=D(98301)),
        Level(kind=LevelKind.ADD, index=1, price=D(98000), order_type="limit", units=D("0.01")),
        Level(kind=LevelKind.AVERAGE, price=D(97900)),
        Level(kind=LevelKind.LAST, price=D(97262), distance_pct=D(0)),
        Level(kind=LevelKind.STEP, index=2, share_pct=D(50), order_type="market", trailing_pct=D("1.5")),
        Level(kind=LevelKind.ENTRY, price=D(98400), units=D("0.05")),
    ]
    found = ladder(*levels)
    assert found.side == "short"
    assert [(row.name, row.detail) for row in found.rows] == [
        ("liquidation", "estimate"),
        ("stop", "limit, may not fill"),
        ("entry", "limit sell 0.05 BTC"),
        ("break-even", "with fees"),
        ("add 1", "limit sell 0.01 BTC"),
        ("average", "once all are filled"),
        ("last", ""),
        ("step 2", "50 % market, trails 1.5 %"),
        ("entry", "0.05 BTC held, average"),
    ]
    assert found.rows[-2].price == ""
    assert found.rows[6].distance == ""


def test_signs_say_what_the_operation_does_and_what_follows_from_it_has_none() -> None:
    changes = (LevelChange.NEW, LevelChange.REMOVED, LevelChange.WORSE, LevelChange.KEPT)
    found = ladder(*(Level(kind=LevelKind.STOP, price=D(1), change=change) for change in changes))
    assert [row.sign for row in found.rows] == ["+", "-", "!", " "]
    derived = ladder(Level(kind=LevelKind.BREAKEVEN, price=D(1), change=LevelChange.NEW))
    assert derived.rows[0].sign == " "


def test_results_are_shown_for_both_sides() -> None:
    level = Level(
        kind=LevelKind.STEP,
        index=1,
        price=D(94000),
        before=LevelResult(profit=D("148.094"), r=D("3.386")),
        after=LevelResult(profit=D("-148.096")),
    )
    (row,) = ladder(level).rows
    assert (row.profit_before, row.r_before) == ("+148.09", "+3.39 R")
    assert (row.profit_after, row.r_after) == ("-148.10", "")


def test_prices_have_the_digits_of_the_pair_and_computed_ones_as_many() -> None:
    def shown(*prices: str) -> list[str]:
        levels = [Level(kind=LevelKind.STEP, price=D(price)) for price in prices]
        return [row.price for row in ladder(*levels, Level(kind=LevelKind.BREAKEVEN, price=D("1.23456789"))).rows]

    assert shown("98400") == ["98,400.000", "1.235"]
    assert shown("0.0371") == ["0.03710", "1.23457"]
    assert shown("1.2345678901") == ["1.2345678901", "1.2345678900"]
