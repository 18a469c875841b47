from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.entry import send_entry
from reconciler.sandbox.engine.exits import arm_exits
from reconciler.sandbox.engine.trade import FundsOrder, MarketClose
from reconciler.sandbox.engine.trade_end import (
    begin_waiting,
    buy_in,
    cancel_order,
    close_units,
    end_trade,
    sellable_amount,
)
from reconciler.sandbox.values.options import Options
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import EntryType, FundsTerms, OrderType
from tests.unit.sandbox.trades import build_entry, build_moment, build_open, build_step, build_stop, build_waiting


def test_an_option_says_for_how_many_reads_a_state_lasts() -> None:
    trade = build_waiting()
    begin_waiting(trade, build_moment(at_ms=7, options=Options(pending_reads=3)))

    assert (trade.reads_left, trade.updated_at_ms) == (3, 7)


def test_buying_in_and_closing_change_the_position() -> None:
    trade = build_waiting()
    buy_in(trade, trade.position, Decimal(1), Decimal(100), build_moment())
    assert (trade.entered_amount, trade.entered_total) == (Decimal(1), Decimal(100))

    trade.market_close = MarketClose(id=41)
    close_units(trade, trade.market_close, Decimal(5), Decimal(110), build_moment())
    assert (trade.closed_amount, trade.closed_total, trade.left_amount) == (Decimal(1), Decimal(110), Decimal(0))


def test_only_whole_lots_can_be_sold() -> None:
    trade = build_open("0.123456789")

    assert sellable_amount(trade, build_moment()) == Decimal("0.12345")


def test_the_end_releases_all_funds_and_cancels_what_is_open() -> None:
    trade = build_open(steps=[build_step("11000", order_type=OrderType.LIMIT)], stop=build_stop("9000"))
    moment = build_moment()
    arm_exits(trade, moment)
    end_trade(trade, TradeStatus.CANCELLED, moment)

    assert trade.stop is not None
    assert [trade.steps[0].status, trade.stop.status] == ["cancelled", "cancelled"]
    assert (trade.status, trade.closed_at_ms, trade.reads_left) == (TradeStatus.CANCELLED, moment.at_ms, None)
    assert moment.wallet.balances()["BTC"].reserved == 0


def test_an_entry_that_never_filled_ends_like_its_trade() -> None:
    for status, expected in ((TradeStatus.FAILED, "failed"), (TradeStatus.CANCELLED, "cancelled")):
        trade = build_waiting(build_entry(EntryType.LIMIT, price=Decimal(9000)))
        moment = build_moment()
        send_entry(trade, moment)
        end_trade(trade, status, moment)
        assert trade.position.status == expected
        assert moment.wallet.balances()["USDT"].reserved == 0


def test_a_finished_step_is_not_cancelled() -> None:
    trade = build_open(steps=[build_step("11000")])
    trade.steps[0].status = OrderStatus.FINISHED
    cancel_order(trade.steps[0], trade, build_moment())

    assert trade.steps[0].status is OrderStatus.FINISHED


def test_orders_of_added_funds_end_with_their_trade_unless_they_are_over() -> None:
    trade = build_open()
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.1"), price=Decimal(9000))
    for order_id, status in ((31, OrderStatus.IDLE), (32, OrderStatus.FINISHED), (33, OrderStatus.FAILED)):
        trade.averaging.append(FundsOrder(id=order_id, terms=terms, created_at_ms=0, status=status))
    end_trade(trade, TradeStatus.CANCELLED, build_moment())

    assert [order.status for order in trade.averaging] == ["cancelled", "finished", "failed"]
