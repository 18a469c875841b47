from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pytest

from reconciler.sandbox.engine.exits import arm_exits
from reconciler.sandbox.engine.stop_loss import check_stop, move_to_breakeven
from reconciler.sandbox.engine.trade import FundsOrder, MarketClose
from reconciler.sandbox.entities.exits import (
    describe_close,
    describe_funds,
    describe_stop,
    describe_take_profit,
    describe_trailing,
)
from reconciler.sandbox.values.options import Options, ShownLevel, TrailingPercent
from reconciler.sandbox.values.statuses import TradeStatus
from reconciler.sandbox.values.terms import FundsTerms, OrderType
from tests.unit.sandbox.trades import BTC, build_moment, build_open, build_step, build_stop


def test_steps_are_numbered_and_show_their_total() -> None:
    trade = build_open(steps=[build_step("11000", volume="40"), build_step("12000", volume="60", step_id=12)])
    arm_exits(trade, build_moment())
    shown = cast("Any", describe_take_profit(trade, BTC))

    assert (shown["enabled"], shown["price_type"]) == (True, "value")
    assert [step["position"] for step in shown["steps"]] == [1, 2]
    assert [step["total"] for step in shown["steps"]] == ["4400.0", "7200.0"]


def test_a_cancelled_trade_shows_no_steps() -> None:
    trade = build_open(steps=[build_step("11000")])
    trade.status = TradeStatus.CANCELLED

    assert describe_take_profit(trade, BTC)["steps"] == []


@pytest.mark.parametrize(("shown", "trigger"), [(ShownLevel.UNCHANGED, "9000.0"), (ShownLevel.MOVED, "10800.0")])
def test_an_option_says_whether_a_trailing_trigger_is_shown_moved(shown: ShownLevel, trigger: str) -> None:
    stop = build_stop("9000", trailing_pct=Decimal(10))
    trade = build_open(stop=stop)
    arm_exits(trade, build_moment())
    check_stop(trade, stop, build_moment("12000"))
    entity = cast(
        "Any", describe_stop(trade, stop, BTC, Options(trailing_stop=shown, trailing_percent=TrailingPercent.AS_SENT))
    )

    assert entity["conditional"]["price"]["value"] == trigger


@pytest.mark.parametrize(("shown", "trigger"), [(ShownLevel.UNCHANGED, "9000.0"), (ShownLevel.MOVED, "10000.0")])
def test_an_option_says_whether_a_breakeven_trigger_is_shown_moved(shown: ShownLevel, trigger: str) -> None:
    stop = build_stop("9000", has_breakeven=True)
    trade = build_open(stop=stop)
    move_to_breakeven(trade, build_moment())
    entity = cast("Any", describe_stop(trade, stop, BTC, Options(breakeven=shown)))

    assert entity["conditional"]["price"]["value"] == trigger


def test_only_a_limit_stop_shows_a_price() -> None:
    for order_type, price in ((OrderType.LIMIT, "8990.0"), (OrderType.MARKET, None)):
        stop = build_stop("9000", order_type=order_type, limit_price=Decimal(8990))
        entity = cast("Any", describe_stop(build_open(stop=stop), stop, BTC, Options()))
        assert entity["price"]["value"] == price


def test_an_order_of_funds_shows_its_planned_total_until_it_fills() -> None:
    trade = build_open()
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.1"), price=Decimal(9000))
    shown = cast("Any", describe_funds(trade, FundsOrder(id=31, terms=terms, created_at_ms=0), BTC))

    assert (shown["total"]["value"], shown["price"]["value"], shown["closed_at"]) == ("900.0", "9000.0", None)


def test_a_market_close_is_empty_until_it_fills() -> None:
    shown = cast("Any", describe_close(MarketClose(id=41), BTC))

    assert (shown["id"], shown["units"]["value"], shown["total"]["value"]) == (41, None, None)


def test_a_trailing_group_is_disabled_without_a_distance() -> None:
    assert describe_trailing(None) == {"enabled": False, "percent": None}
    assert describe_trailing(Decimal("1.50")) == {"enabled": True, "percent": "1.5"}
