from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.stop_loss import arm_stop, check_stop, find_level, move_to_breakeven, work_stop
from reconciler.sandbox.engine.trade import SmartTrade, Stop
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import OrderType, Side
from tests.unit.sandbox.trades import at, build_moment, build_open, build_stop


def arm(stop: Stop, side: Side = Side.BUY) -> SmartTrade:
    trade = build_open(side=side, stop=stop)
    arm_stop(trade, build_moment())
    return trade


def test_an_event_makes_a_stop_inactive() -> None:
    stop = build_stop("9000")
    arm_stop(build_open(stop=stop), build_moment(event=(EventKind.KILL_STOP, "suspended")))

    assert stop.status is OrderStatus.SUSPENDED


def test_a_stop_of_a_long_fires_below_and_of_a_short_above_its_trigger() -> None:
    low, high = build_stop("9000"), build_stop("11000")
    long, short = arm(low), arm(high, Side.SELL)

    assert [check_stop(long, low, build_moment(last)) for last in ("9000.01", "9000")] == [False, True]
    assert [check_stop(short, high, build_moment(last)) for last in ("10999.99", "11000")] == [False, True]
    assert long.status is TradeStatus.STOP_LOSS_IN_PROGRESS


def test_a_market_stop_closes_all_at_the_bid() -> None:
    stop = build_stop("9000")
    trade = arm(stop)
    check_stop(trade, stop, build_moment("8990"))
    work_stop(trade, build_moment("8980"))

    assert (trade.status, trade.closed_total) == (TradeStatus.STOP_LOSS_FINISHED, Decimal(8980))


def test_a_limit_stop_rests_until_its_price_is_reached() -> None:
    stop = build_stop("9000", order_type=OrderType.LIMIT, limit_price=Decimal(8950))
    trade = arm(stop)
    moment = build_moment("8900")
    check_stop(trade, stop, moment)
    work_stop(trade, moment)
    assert (stop.status, stop.reserved) == (OrderStatus.ORDER_PLACED, Decimal(1))

    work_stop(trade, at(moment, "8960"))
    assert (trade.status, trade.closed_total) == (TradeStatus.STOP_LOSS_FINISHED, Decimal(8950))


def test_a_timeout_starts_again_when_the_price_comes_back() -> None:
    stop = build_stop("9000", timeout_s=10)
    trade = arm(stop)
    fires = [
        check_stop(trade, stop, build_moment(last, at_ms=at_ms))
        for last, at_ms in (("8900", 0), ("8900", 9999), ("9100", 10000), ("8900", 11000), ("8900", 21000))
    ]

    assert fires == [False, False, False, False, True]


def test_a_trailing_stop_follows_the_best_price() -> None:
    stop = build_stop("9000", trailing_pct=Decimal(10))
    trade = arm(stop)
    check_stop(trade, stop, build_moment("12000"))

    assert find_level(trade, stop) == Decimal(10800)
    assert stop.status is OrderStatus.TRAILING_ACTIVATED
    assert check_stop(trade, stop, build_moment("10800"))


def test_breakeven_moves_the_trigger_once_to_the_average_entry_price() -> None:
    stop = build_stop("9000", has_breakeven=True)
    trade = arm(stop)
    move_to_breakeven(trade, build_moment())
    assert find_level(trade, stop) == Decimal(10000)

    trade.entered_total = Decimal(10500)
    move_to_breakeven(trade, build_moment())
    assert find_level(trade, stop) == Decimal(10000)


def test_a_trade_without_a_stop_has_nothing_to_move() -> None:
    trade = build_open()
    for move in (arm_stop, work_stop, move_to_breakeven):
        move(trade, build_moment("1"))

    assert (trade.status, trade.closed_amount) == (TradeStatus.WAITING_TARGETS, Decimal(0))
