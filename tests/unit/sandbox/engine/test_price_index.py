from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.entry import send_entry
from reconciler.sandbox.engine.exits import arm_exits, check_exits
from reconciler.sandbox.engine.price_index import WatchedLevel, find_timeout, list_levels
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import Crossing, EntryType, OrderType
from tests.unit.sandbox.trades import (
    BTC,
    at,
    build_entry,
    build_moment,
    build_open,
    build_step,
    build_stop,
    build_waiting,
)


@pytest.mark.parametrize(
    ("crossing", "level", "is_passed", "steps"),
    [
        (Crossing.UPWARDS, "100", False, 10000),
        (Crossing.UPWARDS, "100.001", False, 10001),
        (Crossing.UPWARDS, "100", True, 10001),
        (Crossing.DOWNWARDS, "100", False, 10000),
        (Crossing.DOWNWARDS, "100.009", False, 10000),
        (Crossing.DOWNWARDS, "100", True, 9999),
    ],
)
def test_a_level_counts_from_the_first_price_on_the_grid(
    crossing: Crossing, level: str, is_passed: bool, steps: int
) -> None:
    assert WatchedLevel(PriceType.LAST, crossing, Decimal(level), is_passed).count_steps(BTC) == steps


def test_a_resting_entry_watches_the_ask() -> None:
    trade = build_waiting(build_entry(EntryType.LIMIT, price=Decimal(9000)))
    send_entry(trade, build_moment())

    assert list_levels(trade) == [WatchedLevel(PriceType.ASK, Crossing.DOWNWARDS, Decimal(9000))]


def test_a_conditional_entry_watches_its_trigger() -> None:
    trade = build_waiting(build_entry(EntryType.CONDITIONAL, trigger=Decimal(9500), trigger_type=PriceType.BID))
    trade.position.crossing = Crossing.DOWNWARDS

    assert list_levels(trade) == [WatchedLevel(PriceType.BID, Crossing.DOWNWARDS, Decimal(9500))]


def test_an_open_position_watches_its_steps_and_its_stop() -> None:
    limit = build_step("11000", volume="50", order_type=OrderType.LIMIT)
    trade = build_open(steps=[limit, build_step("12000", volume="50", step_id=12)], stop=build_stop("9000"))
    arm_exits(trade, build_moment())

    assert list_levels(trade) == [
        WatchedLevel(PriceType.BID, Crossing.UPWARDS, Decimal(11000)),
        WatchedLevel(PriceType.LAST, Crossing.UPWARDS, Decimal(12000)),
        WatchedLevel(PriceType.LAST, Crossing.DOWNWARDS, Decimal(9000)),
    ]


def test_a_trailing_stop_watches_its_level_and_every_better_price() -> None:
    trade = build_open(stop=build_stop("9000", trailing_pct=Decimal(1)))
    arm_exits(trade, build_moment())

    assert list_levels(trade) == [
        WatchedLevel(PriceType.LAST, Crossing.DOWNWARDS, Decimal(9900)),
        WatchedLevel(PriceType.LAST, Crossing.UPWARDS, Decimal(10000), is_passed=True),
    ]


def test_a_timeout_ends_after_its_seconds_and_watches_for_the_price_to_come_back() -> None:
    trade = build_open(stop=build_stop("9000", timeout_s=60))
    moment = build_moment()
    arm_exits(trade, moment)
    assert find_timeout(trade) is None
    check_exits(trade, at(moment, "8900", at_ms=5000))

    assert find_timeout(trade) == 65000
    assert list_levels(trade) == [WatchedLevel(PriceType.LAST, Crossing.UPWARDS, Decimal(9000), is_passed=True)]


def test_an_ended_trade_watches_nothing() -> None:
    trade = build_open(steps=[build_step("11000")])
    trade.steps[0].status = OrderStatus.TO_PROCESS
    trade.status = TradeStatus.FINISHED

    assert list_levels(trade) == []


def test_a_limit_stop_at_the_exchange_watches_its_own_price() -> None:
    stop = build_stop("9000", order_type=OrderType.LIMIT, limit_price=Decimal(8950))
    trade = build_open(stop=stop)
    trade.status, stop.status = TradeStatus.STOP_LOSS_IN_PROGRESS, OrderStatus.ORDER_PLACED

    assert list_levels(trade) == [WatchedLevel(PriceType.BID, Crossing.UPWARDS, Decimal(8950))]
