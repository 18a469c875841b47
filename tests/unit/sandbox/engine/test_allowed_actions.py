from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.engine import allowed_actions
from reconciler.sandbox.engine.trade import FundsOrder
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import FundsTerms, OrderType
from tests.unit.sandbox.trades import build_open, build_step, build_stop, build_waiting


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (TradeStatus.CREATED, "force_start force_process"),
        (TradeStatus.WAITING_POSITION, "edit add_funds force_start force_process cancel"),
        (TradeStatus.WAITING_TARGETS, "edit close add_funds reduce_funds force_process cancel"),
        (TradeStatus.STOP_LOSS_IN_PROGRESS, "close force_process cancel"),
        (TradeStatus.CANCELLATION_PENDING, "force_process"),
        (TradeStatus.CANCELLED, ""),
    ],
)
def test_the_status_decides_which_actions_are_allowed(status: TradeStatus, allowed: str) -> None:
    trade = build_waiting(status=status)
    if status is TradeStatus.WAITING_TARGETS:
        trade.position.status = OrderStatus.FINISHED
    actions = ("edit", "close", "add_funds", "reduce_funds", "force_start", "force_process", "cancel")

    assert [name for name in actions if getattr(allowed_actions, f"can_{name}")(trade)] == allowed.split()


def test_funds_cannot_be_added_while_something_trails() -> None:
    trade = build_open(stop=build_stop("9000", trailing_pct=Decimal(1)))

    assert not allowed_actions.can_add_funds(trade)


def test_own_funds_have_no_entry_to_start() -> None:
    assert not allowed_actions.can_force_start(build_waiting(skip_enter_step=True))


def test_parts_that_still_wait_can_be_cancelled() -> None:
    trade = build_open(steps=[build_step("11000")], stop=build_stop("9000"))
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.1"), price=Decimal(9000))
    order = FundsOrder(id=31, terms=terms, created_at_ms=0)
    trade.averaging.append(order)
    assert trade.stop is not None
    parts = [trade.position, trade.steps[0], trade.stop, order]

    assert [allowed_actions.can_cancel_part(trade, part) for part in parts] == [False, True, True, True]
    trade.status = TradeStatus.CANCELLATION_PENDING
    assert [allowed_actions.can_cancel_part(trade, part) for part in parts] == [False, False, False, False]
    trade.status = TradeStatus.FINISHED
    assert not allowed_actions.can_cancel_part(trade, order)


def test_a_step_can_be_closed_only_while_it_waits() -> None:
    trade = build_open(steps=[build_step("11000")])
    assert not allowed_actions.can_close_step(trade, trade.steps[0])
    trade.steps[0].status = OrderStatus.TO_PROCESS
    assert allowed_actions.can_close_step(trade, trade.steps[0])
