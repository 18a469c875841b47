"""What a request may ask of a trade besides an update; what it sets going takes effect at the next settlement.

Source: pages of the SmartTrade actions; which status refuses with which error is assumed where they are silent.
"""

from __future__ import annotations

from reconciler.sandbox.gates import (
    can_cancel,
    can_cancel_step,
    can_close,
    can_close_step,
    can_edit,
    can_force_process,
    can_force_start,
)
from reconciler.sandbox.orders import Moment, withdraw_order
from reconciler.sandbox.refusals import Refusal, refuse_missing_step, refuse_status
from reconciler.sandbox.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.trade import MarketClose, SmartTrade, Step


def cancel_trade(trade: SmartTrade, at_ms: int) -> None:
    """Begins to cancel a trade.

    Raises:
        Refusal: The status does not allow it.
    """
    if not can_cancel(trade):
        raise refuse_status("Cancel")
    _mark(trade, TradeStatus.CANCELLATION_PENDING, at_ms)


def close_trade(trade: SmartTrade, close_id: int, at_ms: int) -> None:
    """Begins to close a position at market.

    Args:
        trade: The trade.
        close_id: Id of the new Trade entity.
        at_ms: Sandbox time.

    Raises:
        Refusal: The status does not allow it.
    """
    if not can_close(trade):
        raise refuse_status("Close by market")
    trade.market_close = MarketClose(id=close_id)
    _mark(trade, TradeStatus.PANIC_SELL_PENDING, at_ms)


def force_start(trade: SmartTrade, at_ms: int) -> None:
    """Begins to enter a waiting position at market.

    Raises:
        Refusal: The status does not allow it.
    """
    if not can_force_start(trade):
        raise refuse_status("Force start")
    trade.position.status = OrderStatus.PANIC_SELL_PENDING
    _mark(trade, trade.status, at_ms)


def force_process(trade: SmartTrade) -> None:
    """Does nothing but check the status. Source: documented by name only; assumed.

    Raises:
        Refusal: The trade is over.
    """
    if not can_force_process(trade):
        raise refuse_status("Force process")


def cancel_order(trade: SmartTrade, order_id: int, moment: Moment) -> None:
    """Cancels one Trade entity: a step goes, and the volumes of the others stay as they are.

    The last open step, the stop, and an entry that still waits take the whole trade with them.

    Args:
        trade: The trade.
        order_id: Id of the Trade entity.
        moment: Prices, funds and time.

    Raises:
        Refusal: It does not exist, or cannot be cancelled now.

    Source: cancel trade page; what the last open step does is read from its warning.
    """
    step = trade.find_step(order_id)
    if step is not None:
        _cancel_step(trade, step, moment)
    elif trade.stop is not None and trade.stop.id == order_id:
        cancel_trade(trade, moment.at_ms)
    elif trade.position.id == order_id:
        if trade.is_entered:
            raise _refuse_cancel()
        cancel_trade(trade, moment.at_ms)
    else:
        raise refuse_missing_step()


def close_step(trade: SmartTrade, step_id: int, moment: Moment) -> None:
    """Begins to close one step at market.

    Args:
        trade: The trade.
        step_id: Id of the step.
        moment: Prices, funds and time.

    Raises:
        Refusal: It is no step of this trade, or cannot be closed now.
    """
    step = trade.find_step(step_id)
    if step is None:
        raise refuse_missing_step()
    if trade.status is not TradeStatus.WAITING_TARGETS or not can_close_step(step):
        raise refuse_status("Close by market")
    withdraw_order(step, trade.exit_side, moment)
    step.status = OrderStatus.PANIC_SELL_PENDING
    _mark(trade, trade.status, moment.at_ms)


def _cancel_step(trade: SmartTrade, step: Step, moment: Moment) -> None:
    if not can_edit(trade) or not can_cancel_step(step):
        raise _refuse_cancel()
    if not any(other.is_open for other in trade.steps if other is not step):
        cancel_trade(trade, moment.at_ms)
        return
    withdraw_order(step, trade.exit_side, moment)
    trade.steps.remove(step)


def _refuse_cancel() -> Refusal:
    return Refusal(422, "unprocessable_entity", "Trade cannot be cancelled")


def _mark(trade: SmartTrade, status: TradeStatus, at_ms: int) -> None:
    trade.status = status
    trade.is_unsettled = True
    trade.updated_at_ms = at_ms
