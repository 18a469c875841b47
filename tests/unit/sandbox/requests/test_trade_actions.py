from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.exits import arm_exits
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.requests import trade_actions
from reconciler.sandbox.values.refusals import RequestRefused
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import FundsTerms, OrderType
from tests.unit.sandbox.trades import build_moment, build_open, build_step, build_stop, build_waiting

MARKET_TENTH = FundsTerms(order_type=OrderType.MARKET, units=Decimal("0.1"))


@pytest.fixture
def trade() -> SmartTrade:
    """An open position with two limit steps and a stop, all active."""
    steps = [
        build_step("11000", volume="50", order_type=OrderType.LIMIT),
        build_step("12000", volume="50", step_id=12, order_type=OrderType.LIMIT),
    ]
    trade = build_open(steps=steps, stop=build_stop("9000"))
    arm_exits(trade, build_moment())
    return trade


def moment_of(trade: SmartTrade) -> Moment:
    moment = build_moment()
    moment.wallet.reserve("BTC", sum((step.reserved for step in trade.steps), Decimal(0)))
    return moment


def test_a_request_only_begins_what_settles_later(trade: SmartTrade) -> None:
    trade_actions.cancel_trade(trade, moment_of(trade))

    assert (trade.status, trade.is_unsettled) == (TradeStatus.CANCELLATION_PENDING, True)
    assert [step.status for step in trade.steps] == ["order_placed", "order_placed"]


def test_closing_at_market_adds_an_order(trade: SmartTrade) -> None:
    trade_actions.close_trade(trade, 41, moment_of(trade))

    assert trade.market_close is not None
    assert (trade.market_close.id, trade.status) == (41, TradeStatus.PANIC_SELL_PENDING)


def test_a_waiting_entry_can_be_started() -> None:
    trade = build_waiting()
    trade_actions.force_start(trade, build_moment())

    assert trade.position.status is OrderStatus.PANIC_SELL_PENDING


def test_funds_are_added_and_reduced_as_orders(trade: SmartTrade) -> None:
    trade_actions.add_funds(trade, MARKET_TENTH, 31, moment_of(trade))
    trade_actions.reduce_funds(trade, MARKET_TENTH, 32, moment_of(trade))

    assert ([order.id for order in trade.averaging], [order.id for order in trade.reductions]) == ([31], [32])
    assert trade.status is TradeStatus.PENDING_REDUCE_FUNDS


@pytest.mark.parametrize(
    "act",
    [
        lambda trade: trade_actions.cancel_trade(trade, build_moment()),
        lambda trade: trade_actions.close_trade(trade, 1, build_moment()),
        lambda trade: trade_actions.force_start(trade, build_moment()),
        lambda trade: trade_actions.force_process(trade, build_moment()),
        lambda trade: trade_actions.add_funds(trade, MARKET_TENTH, 1, build_moment()),
        lambda trade: trade_actions.reduce_funds(trade, MARKET_TENTH, 1, build_moment()),
        lambda trade: trade_actions.close_step(trade, 11, build_moment()),
        lambda trade: trade_actions.cancel_part(trade, 11, build_moment()),
    ],
)
def test_an_ended_trade_allows_nothing(trade: SmartTrade, act: Callable[[SmartTrade], None]) -> None:
    trade.status = TradeStatus.FINISHED
    with pytest.raises(RequestRefused):
        act(trade)


def test_a_cancelled_step_is_removed_and_the_last_one_ends_the_trade(trade: SmartTrade) -> None:
    moment = moment_of(trade)
    trade_actions.cancel_part(trade, 11, moment)
    assert ([step.id for step in trade.steps], trade.status) == ([12], TradeStatus.WAITING_TARGETS)
    assert moment.wallet.balances()["BTC"].reserved == Decimal("0.5")

    trade_actions.cancel_part(trade, 12, moment)
    assert trade.status is TradeStatus.CANCELLATION_PENDING


def test_cancelling_the_stop_cancels_the_trade(trade: SmartTrade) -> None:
    trade_actions.cancel_part(trade, 21, moment_of(trade))

    assert trade.status is TradeStatus.CANCELLATION_PENDING


def test_a_filled_entry_and_an_unknown_order_cannot_be_cancelled(trade: SmartTrade) -> None:
    for order_id, status in ((1, 422), (99, 404)):
        with pytest.raises(RequestRefused) as refused:
            trade_actions.cancel_part(trade, order_id, moment_of(trade))
        assert refused.value.status == status


def test_a_step_may_fill_before_it_is_cancelled(trade: SmartTrade) -> None:
    moment = build_moment(event=(EventKind.FILL_ON_CANCEL, "100"))
    moment.wallet.reserve("BTC", Decimal(1))
    trade_actions.cancel_part(trade, 11, moment)

    assert (trade.steps[0].status, trade.closed_amount) == (OrderStatus.FINISHED, Decimal("0.5"))


def test_a_step_is_closed_at_market(trade: SmartTrade) -> None:
    trade_actions.close_step(trade, 11, moment_of(trade))
    assert trade.steps[0].status is OrderStatus.PANIC_SELL_PENDING
    with pytest.raises(RequestRefused) as refused:
        trade_actions.close_step(trade, 99, moment_of(trade))
    assert refused.value.status == 404


def test_a_cancelled_step_that_had_filled_in_part_is_kept_apart(trade: SmartTrade) -> None:
    moment = build_moment(event=(EventKind.FILL_ON_CANCEL, "50"))
    moment.wallet.reserve("BTC", Decimal(1))
    trade_actions.cancel_part(trade, 11, moment)

    assert ([step.id for step in trade.steps], [step.id for step in trade.retired]) == ([12], [11])
    assert trade.retired[0].status is OrderStatus.CANCELLED
