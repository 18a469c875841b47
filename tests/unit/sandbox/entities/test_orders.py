from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.exits import arm_exits
from reconciler.sandbox.engine.trade import FundsOrder, MarketClose
from reconciler.sandbox.entities.orders import describe_orders
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import EntryType, FundsTerms, OrderType
from tests.unit.sandbox.trades import build_entry, build_moment, build_open, build_step, build_stop, build_waiting

QUOTE = build_moment("10000").after


def test_all_orders_are_shown_by_id_with_their_purpose() -> None:
    trade = build_open(steps=[build_step("11000")], stop=build_stop("9000"))
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.1"), price=Decimal(9000))
    trade.averaging.append(FundsOrder(id=31, terms=terms, created_at_ms=0))
    trade.reductions.append(FundsOrder(id=32, terms=terms, created_at_ms=0))
    trade.market_close = MarketClose(id=41)

    assert [(order["id"], order["trade_purpose"]) for order in describe_orders(trade, QUOTE)] == [
        (1, "position"),
        (11, "take_profit"),
        (21, "stop_loss"),
        (31, "position"),
        (32, "reduce_funds"),
        (41, "market_close"),
    ]


def test_the_exits_are_on_the_other_side_of_the_entry() -> None:
    trade = build_open(steps=[build_step("11000")], stop=build_stop("9000"))
    arm_exits(trade, build_moment())
    entry, step, stop = describe_orders(trade, QUOTE)

    assert [order["order_side"] for order in (entry, step, stop)] == ["buy", "sell", "sell"]
    assert (step["trigger_condition"], stop["trigger_condition"]) == ("greater_or_equal", "less_or_equal")
    assert [order["cancelable"] for order in (entry, step, stop)] == [False, True, True]


def test_a_waiting_limit_entry_shows_its_price_and_total() -> None:
    (entry,) = describe_orders(build_waiting(build_entry(EntryType.LIMIT, price=Decimal(9000))), QUOTE)

    assert (entry["order_type"], entry["order_price"], entry["initial_total"]) == ("limit", "9000.0", "9000.0")
    assert (entry["realised_percentage"], entry["average_price"]) == ("0.0", None)


def test_a_cancelled_trade_shows_no_steps_and_nothing_that_can_be_cancelled() -> None:
    trade = build_open(steps=[build_step("11000")], stop=build_stop("9000"))
    trade.status = TradeStatus.CANCELLED
    shown = describe_orders(trade, QUOTE)

    assert [order["trade_purpose"] for order in shown] == ["position", "stop_loss"]
    assert not any(order["cancelable"] or order["force_processable"] for order in shown)


def test_a_trailing_step_shows_its_best_price() -> None:
    step = build_step("11000", trailing_pct=Decimal(2))
    step.extreme, step.status = Decimal(12000), OrderStatus.TRAILING_ACTIVATED
    shown = describe_orders(build_open(steps=[step]), QUOTE)[1]

    assert (shown["trailing_enabled"], shown["trail_percentage"]) == (True, "2.0")
    assert shown["trailing_last_price"] == "12000.0"


def test_an_order_of_funds_shows_its_limit_or_the_market_price() -> None:
    trade = build_open()
    limit = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.1"), price=Decimal(9000))
    market = FundsTerms(order_type=OrderType.MARKET, units=Decimal("0.1"))
    trade.averaging += [
        FundsOrder(id=31, terms=limit, created_at_ms=0),
        FundsOrder(id=32, terms=market, created_at_ms=0),
    ]

    assert [order["initial_price"] for order in describe_orders(trade, QUOTE)[1:]] == ["9000.0", "10000.01"]
