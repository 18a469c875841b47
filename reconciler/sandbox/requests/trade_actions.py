"""Actions on a trade besides an update; each takes effect at the next settlement.

Source: pages of the SmartTrade actions; the status that refuses, and its error, are assumed if the pages do not say.
"""

from __future__ import annotations

from reconciler.sandbox.engine.allowed_actions import (
    can_add_funds,
    can_cancel,
    can_cancel_part,
    can_close,
    can_close_step,
    can_force_process,
    can_force_start,
    can_reduce_funds,
)
from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.fills import fill_before_cancel
from reconciler.sandbox.engine.funds import max_reduction
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.orders import withdraw_order
from reconciler.sandbox.engine.trade import FundsOrder, MarketClose, SmartTrade, Step
from reconciler.sandbox.engine.trade_end import begin_waiting, cancel_order
from reconciler.sandbox.requests.grid import cut_funds
from reconciler.sandbox.requests.trade_rules import check_added, check_reduced
from reconciler.sandbox.values.options import OffGrid
from reconciler.sandbox.values.refusals import RequestRefused, refuse_missing_step, refuse_parameters, refuse_status
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import FundsTerms


def cancel_trade(trade: SmartTrade, moment: Moment) -> None:
    """Begin to cancel a trade.

    Raises:
        RequestRefused: The status does not allow it.
    """
    if not can_cancel(trade):
        raise refuse_status("Cancel", moment.options.wrong_status)
    trade.status = TradeStatus.CANCELLATION_PENDING
    begin_waiting(trade, moment)


def close_trade(trade: SmartTrade, close_id: int, moment: Moment) -> None:
    """Begin to close a position at market.

    Args:
        trade: The trade.
        close_id: Id of the new Trade entity.
        moment: Prices, funds and time.

    Raises:
        RequestRefused: The status does not allow it.
    """
    if not can_close(trade):
        raise refuse_status("Close by market", moment.options.wrong_status)
    trade.market_close = MarketClose(id=close_id, status=OrderStatus.PANIC_SELL_PENDING)
    trade.status = TradeStatus.PANIC_SELL_PENDING
    begin_waiting(trade, moment)


def force_start(trade: SmartTrade, moment: Moment) -> None:
    """Begin to enter a waiting position at market.

    Raises:
        RequestRefused: The status does not allow it.
    """
    if not can_force_start(trade):
        raise refuse_status("Force start", moment.options.wrong_status)
    trade.position.status = OrderStatus.PANIC_SELL_PENDING
    begin_waiting(trade, moment)


def force_process(trade: SmartTrade, moment: Moment) -> None:
    """Do nothing but check the status. Source: documented by name only; assumed.

    Raises:
        RequestRefused: The trade has ended.
    """
    if not can_force_process(trade):
        raise refuse_status("Force process", moment.options.wrong_status)


def add_funds(trade: SmartTrade, terms: FundsTerms, order_id: int, moment: Moment) -> None:
    """Begin to add to a position.

    Args:
        trade: The trade.
        terms: The order to buy, or to sell for a short position.
        order_id: Id of the new Trade entity.
        moment: Prices, funds and time.

    Raises:
        RequestRefused: The status does not allow it, or the exchange would not take the order.
    """
    if not can_add_funds(trade):
        raise refuse_status("Add funds", moment.options.wrong_status)
    if moment.options.off_grid is OffGrid.CUT:
        terms = cut_funds(terms, moment.pair)
    problems = check_added(terms, trade.position.terms.side, moment.pair, moment.after)
    if problems:
        raise refuse_parameters(problems, status=422)
    trade.averaging.append(FundsOrder(id=order_id, terms=terms, created_at_ms=moment.at_ms))
    begin_waiting(trade, moment)


def reduce_funds(trade: SmartTrade, terms: FundsTerms, order_id: int, moment: Moment) -> None:
    """Begin to take from a position.

    Args:
        trade: The trade.
        terms: The order that closes a part.
        order_id: Id of the new Trade entity.
        moment: Prices, funds and time.

    Raises:
        RequestRefused: The status does not allow it, or the size does not fit the position.
    """
    if not can_reduce_funds(trade):
        raise refuse_status("Reduce funds", moment.options.wrong_status)
    if moment.options.off_grid is OffGrid.CUT:
        terms = cut_funds(terms, moment.pair)
    problems = check_reduced(terms, moment.pair, max_reduction(trade, moment))
    if problems:
        raise refuse_parameters(problems, status=422)
    trade.reductions.append(FundsOrder(id=order_id, terms=terms, created_at_ms=moment.at_ms))
    trade.status = TradeStatus.PENDING_REDUCE_FUNDS
    begin_waiting(trade, moment)


def cancel_part(trade: SmartTrade, order_id: int, moment: Moment) -> None:
    """Cancel one Trade entity: a step is removed, and the volumes of the others do not change.

    Cancelling the last open step, the stop, or an entry that still waits cancels the whole trade.

    Args:
        trade: The trade.
        order_id: Id of the Trade entity.
        moment: Prices, funds and time.

    Raises:
        RequestRefused: It does not exist, or cannot be cancelled now.

    Source: cancel trade page; the effect of the last open step is derived from the warning on that page.
    """
    step = trade.find_step(order_id)
    funds = next((order for order in (*trade.averaging, *trade.reductions) if order.id == order_id), None)
    if step is not None:
        _cancel_step(trade, step, moment)
    elif funds is not None:
        _cancel_funds(trade, funds, moment)
    elif trade.stop is not None and trade.stop.id == order_id:
        cancel_trade(trade, moment)
    elif trade.position.id == order_id:
        if trade.is_entered:
            raise _refuse_cancel()
        cancel_trade(trade, moment)
    else:
        raise refuse_missing_step()


def close_step(trade: SmartTrade, step_id: int, moment: Moment) -> None:
    """Begin to close one step at market.

    Args:
        trade: The trade.
        step_id: Id of the step.
        moment: Prices, funds and time.

    Raises:
        RequestRefused: It is not a step of this trade, or cannot be closed now.
    """
    step = trade.find_step(step_id)
    if step is None:
        raise refuse_missing_step()
    if not can_close_step(trade, step):
        raise refuse_status("Close by market", moment.options.wrong_status)
    withdraw_order(step, trade.exit_side, moment)
    step.status = OrderStatus.PANIC_SELL_PENDING
    begin_waiting(trade, moment)


def _cancel_step(trade: SmartTrade, step: Step, moment: Moment) -> None:
    if not can_cancel_part(trade, step):
        raise _refuse_cancel()
    if not any(other.is_open for other in trade.steps if other is not step):
        cancel_trade(trade, moment)
        return
    if _fill_first(trade, step, moment):
        return
    withdraw_order(step, trade.exit_side, moment)
    trade.steps.remove(step)
    if step.fill is not None:
        step.status = OrderStatus.CANCELLED
        trade.retired.append(step)


def _cancel_funds(trade: SmartTrade, order: FundsOrder, moment: Moment) -> None:
    if not can_cancel_part(trade, order):
        raise _refuse_cancel()
    if _fill_first(trade, order, moment):
        return
    if order in trade.averaging:
        withdraw_order(order, trade.position.terms.side, moment)
        order.status = OrderStatus.CANCELLED
        return
    cancel_order(order, trade, moment)
    trade.status = TradeStatus.WAITING_TARGETS
    begin_waiting(trade, moment)


def _fill_first(trade: SmartTrade, order: Step | FundsOrder, moment: Moment) -> bool:
    """Let a resting order fill before it is cancelled, if an event says so; return whether it has filled in full."""
    if order.status is not OrderStatus.ORDER_PLACED:
        return False
    percent = moment.take_event(EventKind.FILL_ON_CANCEL)
    if percent is not None:
        fill_before_cancel(trade, order, percent, moment)
        begin_waiting(trade, moment)
    return order.is_done


def _refuse_cancel() -> RequestRefused:
    return RequestRefused(422, "unprocessable_entity", "Trade cannot be cancelled")
