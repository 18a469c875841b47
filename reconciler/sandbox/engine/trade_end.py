"""Fills that change a position, and the end of a trade: its orders are withdrawn, their funds released.

Pure: functions move one trade and one wallet in memory.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.orders import execute_order, withdraw_order
from reconciler.sandbox.engine.trade import FundsOrder, Order, Position, SmartTrade
from reconciler.sandbox.values.decimals import truncate_to
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus


def begin_waiting(trade: SmartTrade, moment: Moment) -> None:
    """Keep the trade in its state until the next stage is due; an option says for how many reads."""
    trade.reads_left = moment.options.pending_reads
    trade.updated_at_ms = moment.at_ms


def buy_in(trade: SmartTrade, order: Position | FundsOrder, units: Decimal, price: Decimal, moment: Moment) -> None:
    """Fill a number of units of an order that builds the position.

    Raises:
        InsufficientFunds: The account has too little.
    """
    part = execute_order(order, trade.position.terms.side, units, price, moment)
    trade.entered_amount += part.amount
    trade.entered_total += part.total
    trade.updated_at_ms = moment.at_ms


def close_units(trade: SmartTrade, order: Order, units: Decimal, price: Decimal, moment: Moment) -> None:
    """Fill a number of units of an order that closes the position, never more than the position has left.

    Raises:
        InsufficientFunds: The account has too little.
    """
    part = execute_order(order, trade.exit_side, min(units, trade.left_amount), price, moment)
    trade.closed_amount += part.units
    trade.closed_total += part.total
    trade.updated_at_ms = moment.at_ms


def sellable_amount(trade: SmartTrade, moment: Moment) -> Decimal:
    """Rest of the position in whole lots; a fee in base currency leaves less than a lot that cannot be closed."""
    return truncate_to(trade.left_amount, moment.pair.lot_step)


def end_trade(trade: SmartTrade, status: TradeStatus, moment: Moment) -> None:
    """End a trade: release what its orders reserve and cancel what is open; coins stay in the account.

    Args:
        trade: The trade.
        status: A terminal status.
        moment: Prices, funds and time.
    """
    position = trade.position
    withdraw_order(position, position.terms.side, moment)
    if not trade.is_entered:
        position.status = OrderStatus.FAILED if status is TradeStatus.FAILED else OrderStatus.CANCELLED
    withdraw_exits(trade, moment)
    if trade.stop is not None and not trade.stop.is_done:
        withdraw_order(trade.stop, trade.exit_side, moment)
        trade.stop.status = OrderStatus.CANCELLED
    if trade.market_close is not None and not trade.market_close.is_done:
        trade.market_close.status = OrderStatus.FAILED
    trade.status = status
    trade.reads_left = None
    trade.updated_at_ms = trade.closed_at_ms = moment.at_ms


def withdraw_exits(trade: SmartTrade, moment: Moment) -> None:
    """Cancel all that is open besides entry and stop: steps, averaging orders, reductions."""
    for step in trade.steps:
        cancel_order(step, trade, moment)
    for order in trade.reductions:
        cancel_order(order, trade, moment)
    for order in trade.averaging:
        if not order.is_done and order.status is not OrderStatus.FAILED:
            withdraw_order(order, trade.position.terms.side, moment)
            order.status = OrderStatus.CANCELLED


def cancel_order(order: Order, trade: SmartTrade, moment: Moment) -> None:
    """Cancel a step or a reduction unless it is over."""
    if not order.is_done and order.status is not OrderStatus.FAILED:
        withdraw_order(order, trade.exit_side, moment)
        order.status = OrderStatus.CANCELLED
