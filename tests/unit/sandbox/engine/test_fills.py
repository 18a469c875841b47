from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine.entry import send_entry
from reconciler.sandbox.engine.exits import arm_exits
from reconciler.sandbox.engine.fills import fill_before_cancel, fill_resting, find_resting
from reconciler.sandbox.engine.trade import FundsOrder, MarketClose, SmartTrade
from reconciler.sandbox.values.errors import InvalidEvent
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import EntryType, FundsTerms, OrderType
from tests.unit.sandbox.trades import build_entry, build_moment, build_open, build_step, build_stop, build_waiting

MOMENT_PRICE = "10000"


@pytest.fixture
def resting() -> SmartTrade:
    """A trade whose limit entry rests at 9,000."""
    trade = build_waiting(build_entry(EntryType.LIMIT, price=Decimal(9000)))
    send_entry(trade, build_moment(MOMENT_PRICE))
    return trade


def test_the_resting_order_is_found_by_its_id_or_as_the_first(resting: SmartTrade) -> None:
    assert find_resting(resting) is resting.position
    assert find_resting(resting, 1) is resting.position
    assert find_resting(resting, 2) is None
    assert find_resting(build_open()) is None


def test_a_part_of_an_entry_fills_at_its_own_price(resting: SmartTrade) -> None:
    moment = build_moment(MOMENT_PRICE)
    moment.wallet.reserve("USDT", Decimal(9000))
    fill_resting(resting, resting.position, Decimal("0.4"), moment)

    assert (resting.entered_amount, resting.entered_total) == (Decimal("0.4"), Decimal(3600))
    assert resting.position.status is OrderStatus.ORDER_PLACED
    assert resting.position.reserved == Decimal(5400)


def test_all_that_is_left_finishes_the_entry(resting: SmartTrade) -> None:
    moment = build_moment(MOMENT_PRICE)
    moment.wallet.reserve("USDT", Decimal(9000))
    fill_resting(resting, resting.position, Decimal(1), moment)

    assert resting.status is TradeStatus.WAITING_TARGETS


@pytest.mark.parametrize("units", ["0", "1.00001"])
def test_more_than_is_left_or_nothing_cannot_be_filled(resting: SmartTrade, units: str) -> None:
    with pytest.raises(InvalidEvent, match="expected above 0 and up to 1"):
        fill_resting(resting, resting.position, Decimal(units), build_moment())


def test_a_filled_step_ends_the_trade() -> None:
    trade = build_open(steps=[build_step("11000", order_type=OrderType.LIMIT)])
    moment = build_moment()
    arm_exits(trade, moment)
    fill_resting(trade, trade.steps[0], Decimal(1), moment)

    assert (trade.status, trade.closed_total) == (TradeStatus.FINISHED, Decimal(11000))


@pytest.mark.parametrize(("percent", "units"), [("50", "0.5"), ("0.0000001", "0.00001"), ("100", "1")])
def test_an_order_fills_in_whole_lots_before_it_is_cancelled(resting: SmartTrade, percent: str, units: str) -> None:
    moment = build_moment(MOMENT_PRICE)
    moment.wallet.reserve("USDT", Decimal(9000))
    fill_before_cancel(resting, resting.position, percent, moment)

    assert resting.entered_amount == Decimal(units)


@pytest.mark.parametrize("is_added", [True, False])
def test_a_resting_order_of_funds_fills_in_parts_and_in_full(is_added: bool) -> None:
    trade = build_open()
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.4"), price=Decimal(10000))
    order = FundsOrder(id=31, terms=terms, created_at_ms=0, status=OrderStatus.ORDER_PLACED)
    (trade.averaging if is_added else trade.reductions).append(order)
    for units in ("0.1", "0.3"):
        fill_resting(trade, order, Decimal(units), build_moment())

    assert (order.status, order.left_units) == (OrderStatus.FINISHED, Decimal(0))
    assert trade.left_amount == (Decimal("1.4") if is_added else Decimal("0.6"))


def test_a_limit_stop_fills_in_full() -> None:
    stop = build_stop("9000", order_type=OrderType.LIMIT, limit_price=Decimal(8950))
    trade = build_open(stop=stop)
    stop.status = OrderStatus.ORDER_PLACED
    fill_resting(trade, stop, Decimal(1), build_moment())

    assert (trade.status, trade.closed_total) == (TradeStatus.STOP_LOSS_FINISHED, Decimal(8950))


def test_a_market_order_never_rests() -> None:
    trade = build_open()
    trade.market_close = MarketClose(id=41)
    with pytest.raises(InvalidEvent, match="order 41 does not rest at the exchange"):
        fill_resting(trade, trade.market_close, Decimal(1), build_moment())


def test_steps_grow_with_a_part_of_an_added_order() -> None:
    trade = build_open(steps=[build_step("11000")])
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.4"), price=Decimal(10000))
    trade.averaging.append(FundsOrder(id=31, terms=terms, created_at_ms=0, status=OrderStatus.ORDER_PLACED))
    arm_exits(trade, build_moment())
    fill_resting(trade, trade.averaging[0], Decimal("0.1"), build_moment())

    assert trade.steps[0].units == Decimal("1.1")


def test_a_step_and_an_added_order_fill_on_their_own_side_before_they_are_cancelled() -> None:
    trade = build_open(steps=[build_step("11000", order_type=OrderType.LIMIT)])
    moment = build_moment()
    arm_exits(trade, moment)
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.4"), price=Decimal(9000))
    trade.averaging.append(FundsOrder(id=31, terms=terms, created_at_ms=0, status=OrderStatus.ORDER_PLACED))
    fill_before_cancel(trade, trade.steps[0], "50", moment)
    fill_before_cancel(trade, trade.averaging[0], "50", moment)

    assert (trade.closed_amount, trade.entered_amount) == (Decimal("0.5"), Decimal("1.2"))
