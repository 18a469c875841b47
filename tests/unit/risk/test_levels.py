"""Levels: their order, their results, and what an operation does to them."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.markets import Market, MarketKind
from reconciler.model.risk import Level, LevelChange, LevelKind, LevelResult
from reconciler.model.terms import Leverage, LeverageType, Side, Terms
from reconciler.risk.levels import make_levels
from reconciler.risk.state import state_of_terms
from reconciler.risk.trade_risk import Measured, Rules, measure
from tests.support import builders

D = Decimal


def measured(terms: Terms, *adds: AveragingOrder) -> Measured:
    return measure(state_of_terms(terms, adds, builders.rates()), Rules(fee=D("0.001"), maintenance=D("0.005")))


def kinds(levels: tuple[Level, ...]) -> list[tuple[str, str]]:
    return [(level.kind.value, level.change.value) for level in levels]


def test_a_new_trade_has_new_levels_from_the_highest_price_down() -> None:
    levels = make_levels(None, measured(builders.terms()), builders.prices())

    assert kinds(levels) == [
        ("step", "new"),
        ("step", "new"),
        ("last", "kept"),
        ("breakeven", "new"),
        ("entry", "new"),
        ("stop", "new"),
    ]
    assert [level.price for level in levels if level.kind is not LevelKind.BREAKEVEN] == [
        66000,
        63000,
        61000,
        60000,
        58500,
    ]
    assert [level.index for level in levels[:2]] == [2, 1]
    stop = levels[-1]
    assert (stop.after, stop.before) == (LevelResult(profit=D("-16.185"), r=D(-1)), None)
    assert stop.distance_pct == (D(58500) - 61000) / 61000 * 100
    step = levels[1]
    assert step.after is not None
    assert (step.after.profit, step.share_pct, step.units) == (D("14.385"), D(50), D("0.005"))
    assert step.order_type == "limit"
    assert step.after.r is not None
    # What one unit gains at the step, over what it loses at the stop.
    assert round(step.after.r, 12) == round(D(2877) / D("1618.5"), 12)


def test_a_level_that_stays_has_both_results() -> None:
    before, after = measured(builders.terms()), measured(builders.terms(stop_loss=builders.stop(59000)))
    levels = make_levels(before, after, builders.prices())

    kept = [level for level in levels if level.kind is LevelKind.STEP]
    assert all(level.change is LevelChange.KEPT for level in kept)
    assert [level.before.profit == level.after.profit for level in kept if level.before and level.after] == [True] * 2
    assert [level.before != level.after for level in kept] == [True] * 2
    stops = {level.price: level.change for level in levels if level.kind is LevelKind.STOP}
    assert stops == {D(59000): LevelChange.NEW, D(58500): LevelChange.REMOVED}


def test_a_stop_is_worse_if_it_is_farther_away_on_either_side() -> None:
    for side, near, far in ((Side.BUY, 59000, 58000), (Side.SELL, 61000, 62000)):
        near_terms, far_terms = (
            builders.terms(entered_by=builders.entry(side=side), steps=(), stop_loss=builders.stop(price))
            for price in (near, far)
        )
        levels = make_levels(measured(near_terms), measured(far_terms), None)
        assert {level.price: level.change for level in levels if level.kind is LevelKind.STOP} == {
            D(near): LevelChange.REMOVED,
            D(far): LevelChange.WORSE,
        }


def test_a_trade_that_ends_has_its_levels_removed() -> None:
    levels = make_levels(measured(builders.terms()), None, builders.prices())

    assert {level.change for level in levels if level.kind is not LevelKind.LAST} == {LevelChange.REMOVED}
    assert all(level.after is None for level in levels)


def test_averaging_orders_and_the_average_once_they_are_filled() -> None:
    order = AveragingOrder(price=D(59000), units=D("0.01"))
    levels = make_levels(measured(builders.terms()), measured(builders.terms(), order), None)

    new = {level.kind: level.price for level in levels if level.change is LevelChange.NEW}
    assert new == {LevelKind.ADD: D(59000), LevelKind.AVERAGE: D("59559.5")}
    assert [level.index for level in levels if level.kind is LevelKind.ADD] == [1]


def test_a_liquidation_takes_the_margin() -> None:
    leverage = Leverage(type=LeverageType.ISOLATED, value=D(5))
    terms = builders.terms(leverage=leverage).on(Market(kind=MarketKind.LINEAR))
    (level,) = [level for level in make_levels(None, measured(terms), None) if level.kind is LevelKind.LIQUIDATION]
    assert level.after == LevelResult(profit=D(-120))


def test_a_level_without_a_price_comes_last() -> None:
    entry = builders.entry(None)
    trade = measure(state_of_terms(builders.terms(entered_by=entry)), Rules(fee=D("0.001")))
    levels = make_levels(None, trade, None)

    assert (levels[-1].kind, levels[-1].price) == (LevelKind.ENTRY, None)
    assert all(level.after == LevelResult() for level in levels if level.kind is LevelKind.STEP)


def test_nothing_has_no_levels() -> None:
    assert make_levels(None, None, builders.prices()) == ()
