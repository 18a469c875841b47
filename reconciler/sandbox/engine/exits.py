"""Exits of positions: take-profit steps, the stop beside them, and closing at market.

Pure: functions move one trade and one wallet in memory.

Source: assumed (the plain reading): the stop comes before the steps, steps come in their order, market steps and the
stop watch a price, limit steps rest at the exchange.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.orders import market_price, meet_limit, place_order, withdraw_order
from reconciler.sandbox.engine.sizing import is_fully_allocated, level_price, size_steps
from reconciler.sandbox.engine.stop_loss import arm_stop, check_stop, move_to_breakeven
from reconciler.sandbox.engine.trade import SmartTrade, Step
from reconciler.sandbox.engine.trade_end import cancel_order, close_units, end_trade, sellable_amount, withdraw_exits
from reconciler.sandbox.values.statuses import WATCHING_STATUSES, OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import OrderType
from reconciler.sandbox.values.trailing import follow_price, trail_level


def arm_exits(trade: SmartTrade, moment: Moment) -> None:
    """Size the steps, place the limit ones, and let the others and the stop watch the price; nothing is checked yet.

    Raises:
        InsufficientFunds: The account has too little for a limit step.
    """
    sizes = [(step, units) for step, units in size_steps(trade, moment.pair.lot_step) if _needs_size(step, units)]
    # All reserved funds are released first, because one step may grow by what another loses.
    for step, units in sizes:
        withdraw_order(step, trade.exit_side, moment)
        step.units = units
    for step, _ in sizes:
        _arm_step(trade, step, moment)
    arm_stop(trade, moment)


def check_exits(trade: SmartTrade, moment: Moment) -> None:
    """Fire the exits that the prices have reached: the stop first, then the steps in their order.

    Raises:
        InsufficientFunds: The account has too little for an order that fires.
    """
    if trade.stop is not None and check_stop(trade, trade.stop, moment):
        return
    for step in trade.steps:
        price = _check_step(trade, step, moment)
        if price is not None:
            finish_step(trade, step, price, OrderStatus.FINISHED, moment)
    end_when_closed(trade, moment)


def close_pending_steps(trade: SmartTrade, moment: Moment) -> None:
    """Close the steps at market that a request asked to close.

    Raises:
        InsufficientFunds: The account has too little.
    """
    price = market_price(trade.exit_side, moment.after)
    for step in trade.steps:
        if step.status is OrderStatus.PANIC_SELL_PENDING:
            finish_step(trade, step, price, OrderStatus.PANIC_SOLD, moment)


def finish_step(trade: SmartTrade, step: Step, price: Decimal, status: OrderStatus, moment: Moment) -> None:
    """Close a step; the last one closes all that is left if the steps cover the whole position.

    Raises:
        InsufficientFunds: The account has too little.
    """
    units = step.left_units
    if is_fully_allocated(trade) and all(other is step or other.is_done for other in trade.steps):
        for order in trade.reductions:
            cancel_order(order, trade, moment)
        units = sellable_amount(trade, moment)
    close_units(trade, step, units, price, moment)
    step.status = status
    move_to_breakeven(trade, moment)


def end_when_closed(trade: SmartTrade, moment: Moment) -> None:
    """End a trade whose steps are all done."""
    if not trade.is_terminal and trade.steps and all(step.is_done for step in trade.steps):
        end_trade(trade, TradeStatus.FINISHED, moment)


def close_at_market(trade: SmartTrade, moment: Moment) -> None:
    """Close all that is left at market and end the trade.

    Raises:
        InsufficientFunds: The account has too little.
    """
    close = trade.market_close
    if close is None:
        return
    withdraw_exits(trade, moment)
    if trade.stop is not None:
        withdraw_order(trade.stop, trade.exit_side, moment)
    price = market_price(trade.exit_side, moment.after)
    close_units(trade, close, sellable_amount(trade, moment), price, moment)
    close.status = OrderStatus.FINISHED
    end_trade(trade, TradeStatus.PANIC_SOLD, moment)


def _needs_size(step: Step, units: Decimal) -> bool:
    return step.status is OrderStatus.IDLE or step.units != units


def _arm_step(trade: SmartTrade, step: Step, moment: Moment) -> None:
    if step.price is None and step.terms.percent is not None:
        step.price = level_price(trade, step.terms.percent, moment.pair, is_gain=True)
    if step.status not in (OrderStatus.IDLE, OrderStatus.TO_PROCESS, OrderStatus.ORDER_PLACED):
        return
    if step.terms.order_type is OrderType.LIMIT and step.left_units and step.price is not None:
        place_order(step, trade.exit_side, step.left_units, step.price, moment)
        step.status = OrderStatus.ORDER_PLACED
    else:
        step.status = OrderStatus.TO_PROCESS


def _check_step(trade: SmartTrade, step: Step, moment: Moment) -> Decimal | None:
    """The price at which a step closes now, or None; a trailing one follows the price meanwhile."""
    if step.price is None:
        return None
    if step.status is OrderStatus.ORDER_PLACED:
        return meet_limit(trade.exit_side, step.price, moment)
    if step.status not in WATCHING_STATUSES:
        return None
    watched = moment.after.price(step.terms.price_type)
    is_reached = watched >= step.price if trade.is_long else watched <= step.price
    if step.status is OrderStatus.TRAILING_ACTIVATED or (is_reached and step.terms.trailing_pct is not None):
        is_reached = _trail_step(trade, step, watched, moment)
    return market_price(trade.exit_side, moment.after) if is_reached else None


def _trail_step(trade: SmartTrade, step: Step, watched: Decimal, moment: Moment) -> bool:
    """Return whether the price has fallen behind the best one by the distance."""
    step.extreme = follow_price(step.extreme, watched, is_rising=trade.is_long)
    if step.status is not OrderStatus.TRAILING_ACTIVATED:
        step.status = OrderStatus.TRAILING_ACTIVATED
        trade.updated_at_ms = moment.at_ms
        return False
    level = trail_level(step.extreme, step.terms.trailing_pct or Decimal(0), is_rising=trade.is_long)
    return watched <= level if trade.is_long else watched >= level
