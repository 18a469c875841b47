from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.trade import Fill, MarketClose, Order
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import Side
from tests.unit.sandbox.trades import BTC, build_entry, build_open, build_step, build_stop, build_waiting


def build_fill(units: str, price: str, at_ms: int) -> Fill:
    worth = Decimal(units) * Decimal(price)
    return Fill(units=Decimal(units), amount=Decimal(units), worth=worth, total=worth, filled_at_ms=at_ms)


def test_fills_of_an_order_add_up() -> None:
    order = Order(id=1)
    order.book(build_fill("1", "100", 5))
    order.book(build_fill("3", "200", 9))

    assert order.fill is not None
    assert (order.filled_units, order.fill.price(BTC), order.fill.filled_at_ms) == (Decimal(4), Decimal(175), 9)


def test_a_step_never_has_less_than_nothing_left() -> None:
    step = build_step("11000")
    assert step.left_units == 0
    step.units = Decimal(1)
    step.book(build_fill("2", "100", 5))
    assert step.left_units == 0


@pytest.mark.parametrize(
    ("side", "is_instant", "skip_enter_step", "kind"),
    [
        (Side.BUY, True, False, "simple_buy"),
        (Side.SELL, True, False, "simple_sell"),
        (Side.BUY, False, True, "smart_sell"),
        (Side.SELL, False, True, "smart_buy"),
        (Side.BUY, False, False, "smart_trade"),
        (Side.SELL, False, False, "smart_cover"),
    ],
)
def test_the_type_of_a_trade_depends_on_side_and_entry(
    side: Side, is_instant: bool, skip_enter_step: bool, kind: str
) -> None:
    trade = build_waiting(build_entry(side=side), is_instant=is_instant, skip_enter_step=skip_enter_step)

    assert trade.kind == kind


def test_the_orders_of_a_trade_are_listed_entry_first() -> None:
    trade = build_open(steps=[build_step("11000")], stop=build_stop("9000"))
    trade.market_close = MarketClose(id=41)

    assert [order.id for order in trade.list_orders()] == [1, 11, 21, 41]
    assert (trade.find_step(11), trade.find_step(21)) == (trade.steps[0], None)


def test_a_short_position_is_closed_by_buying() -> None:
    trade = build_open(side=Side.SELL)

    assert (trade.is_long, trade.exit_side, trade.left_amount) == (False, Side.BUY, Decimal(1))


def test_an_end_is_terminal_and_a_waiting_entry_is_not_entered() -> None:
    trade = build_waiting()
    assert (trade.is_entered, trade.is_terminal, trade.is_unsettled) == (False, False, False)
    trade.position.status, trade.status, trade.reads_left = OrderStatus.FINISHED, TradeStatus.FINISHED, 0
    assert (trade.is_entered, trade.is_terminal, trade.is_unsettled) == (True, True, True)


@pytest.mark.parametrize(
    ("status", "is_open", "is_done"),
    [("idle", True, False), ("order_placed", True, False), ("finished", False, True), ("failed", False, False)],
)
def test_an_order_is_open_until_it_is_done_or_over(status: str, is_open: bool, is_done: bool) -> None:
    order = Order(id=1, status=OrderStatus(status))

    assert (order.is_open, order.is_done) == (is_open, is_done)
