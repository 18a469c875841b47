from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.exits import arm_exits, check_exits, close_at_market, close_pending_steps
from reconciler.sandbox.engine.trade import MarketClose, SmartTrade
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import OrderType
from tests.unit.sandbox.trades import at, build_moment, build_open, build_step, build_stop


def statuses(trade: SmartTrade) -> list[str]:
    return [step.status for step in trade.steps]


def test_limit_steps_rest_and_market_steps_wait() -> None:
    limit = build_step("11000", volume="40", order_type=OrderType.LIMIT)
    trade = build_open(steps=[limit, build_step("12000", volume="60", step_id=12)])
    moment = build_moment()
    arm_exits(trade, moment)

    assert statuses(trade) == ["order_placed", "to_process"]
    assert [step.units for step in trade.steps] == [Decimal("0.4"), Decimal("0.6")]
    assert moment.wallet.balances()["BTC"].reserved == Decimal("0.4")


def test_steps_fire_in_their_order_and_the_last_one_ends_the_trade() -> None:
    trade = build_open(steps=[build_step("11000", volume="40"), build_step("12000", volume="60", step_id=12)])
    moment = build_moment()
    arm_exits(trade, moment)
    check_exits(trade, at(moment, "11000"))
    assert (statuses(trade), trade.status) == (["finished", "to_process"], TradeStatus.WAITING_TARGETS)

    check_exits(trade, at(moment, "12000"))
    assert trade.status is TradeStatus.FINISHED
    assert trade.closed_total == Decimal("0.4") * 11000 + Decimal("0.6") * 12000


def test_the_stop_comes_before_the_steps() -> None:
    trade = build_open(steps=[build_step("9000")], stop=build_stop("9500"))
    moment = build_moment()
    arm_exits(trade, moment)
    check_exits(trade, at(moment, "9400"))

    assert trade.status is TradeStatus.STOP_LOSS_IN_PROGRESS
    assert statuses(trade) == ["cancelled"]


def test_a_trailing_step_follows_the_highest_price() -> None:
    trade = build_open(steps=[build_step("11000", trailing_pct=Decimal(2))])
    moment = build_moment()
    arm_exits(trade, moment)
    for last in ("11000", "12000", "11760.01"):
        check_exits(trade, at(moment, last))
        assert statuses(trade) == ["trailing_activated"]
    check_exits(trade, at(moment, "11760"))

    assert (trade.status, trade.closed_total) == (TradeStatus.FINISHED, Decimal(11760))


def test_a_pending_step_closes_at_the_bid() -> None:
    trade = build_open(steps=[build_step("11000", volume="50"), build_step("12000", volume="50", step_id=12)])
    arm_exits(trade, build_moment())
    trade.steps[0].status = OrderStatus.PANIC_SELL_PENDING
    close_pending_steps(trade, build_moment("10100"))

    assert (trade.closed_amount, trade.closed_total) == (Decimal("0.5"), Decimal(5050))


def test_closing_at_market_takes_all_that_is_left() -> None:
    trade = build_open(steps=[build_step("11000", order_type=OrderType.LIMIT)], stop=build_stop("9000"))
    trade.market_close = MarketClose(id=41, status=OrderStatus.PANIC_SELL_PENDING)
    moment = build_moment()
    arm_exits(trade, moment)
    close_at_market(trade, moment)

    assert (trade.status, trade.closed_amount) == (TradeStatus.PANIC_SOLD, Decimal(1))
    assert moment.wallet.balances()["BTC"].reserved == 0


def test_a_close_that_nobody_asked_for_changes_nothing() -> None:
    trade = build_open()
    close_at_market(trade, build_moment())

    assert (trade.status, trade.closed_amount) == (TradeStatus.WAITING_TARGETS, Decimal(0))


def test_a_step_without_a_price_never_fires() -> None:
    step = build_step("11000")
    step.price, step.status = None, OrderStatus.TO_PROCESS
    trade = build_open(steps=[step])
    check_exits(trade, build_moment("99999"))

    assert statuses(trade) == ["to_process"]


def test_an_idle_step_becomes_active_even_if_its_size_is_known() -> None:
    step = build_step("11000")
    step.units = Decimal(1)
    trade = build_open(steps=[step])
    arm_exits(trade, build_moment())

    assert statuses(trade) == ["to_process"]
