"""How a position is left: steps, stop, close at market and cancellation.

Pure: functions move one trade and one wallet in memory.

Source: assumed, in the plain reading: the stop comes before the steps, steps come in their order, market steps and the
stop watch a price, limit steps rest at the exchange.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.orders import (
    Moment,
    execute_order,
    market_price,
    meet_limit,
    meet_new_limit,
    place_order,
    withdraw_order,
)
from reconciler.sandbox.simulated import is_step_simulated, is_stop_simulated
from reconciler.sandbox.sizing import WHOLE_POSITION_PCT, is_fully_allocated, level_price, share_units
from reconciler.sandbox.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.terms import OrderType
from reconciler.sandbox.trade import Fill, MarketClose, SmartTrade, Step, Stop


def arm_exits(trade: SmartTrade, moment: Moment) -> None:
    """Places the limit steps and sets the market steps and the stop watching; they are not checked yet.

    Raises:
        InsufficientFunds: The account has too little for a limit step.
    """
    idle = [step for step in trade.steps if step.status is OrderStatus.IDLE]
    whole_pct = WHOLE_POSITION_PCT - sum(step.terms.volume_pct for step in trade.steps if step.fill is not None)
    volumes_pct = [step.terms.volume_pct for step in idle]
    shares = share_units(trade.left_amount, volumes_pct, moment.pair.lot_step, whole_pct=whole_pct)
    for step, units in zip(idle, shares, strict=True):
        step.units = units
        _arm_step(trade, step, moment)
    if trade.stop is not None and trade.stop.status is OrderStatus.IDLE:
        _arm_stop(trade, trade.stop, moment)


def check_exits(trade: SmartTrade, moment: Moment) -> None:
    """Fires what the prices have reached: the stop first, then the steps in their order.

    Raises:
        InsufficientFunds: The account has too little for what fires.
    """
    if trade.stop is not None and _check_stop(trade, trade.stop, moment):
        return
    for step in trade.steps:
        price = _step_price(trade, step, moment)
        if price is not None:
            _close_step(trade, step, price, OrderStatus.FINISHED, moment)
    end_when_closed(trade, moment)


def close_pending_steps(trade: SmartTrade, moment: Moment) -> None:
    """Closes at market the steps for which a request asked it.

    Raises:
        InsufficientFunds: The account has too little.
    """
    price = market_price(trade.exit_side, moment.after)
    for step in trade.steps:
        if step.status is OrderStatus.PANIC_SELL_PENDING:
            _close_step(trade, step, price, OrderStatus.PANIC_SOLD, moment)


def end_when_closed(trade: SmartTrade, moment: Moment) -> None:
    """Ends a trade whose steps are all done."""
    if not trade.is_terminal and trade.steps and all(step.fill is not None for step in trade.steps):
        end_trade(trade, TradeStatus.FINISHED, moment)


def close_at_market(trade: SmartTrade, close: MarketClose, moment: Moment) -> None:
    """Closes all that is left at market and ends the trade.

    Raises:
        InsufficientFunds: The account has too little.
    """
    _withdraw_exits(trade, moment)
    close.fill = _close_amount(trade, trade.left_amount, market_price(trade.exit_side, moment.after), moment)
    close.status = OrderStatus.FINISHED
    end_trade(trade, TradeStatus.PANIC_SOLD, moment)


def end_trade(trade: SmartTrade, status: TradeStatus, moment: Moment) -> None:
    """Ends a trade: gives back what its orders hold and cancels what is open; coins stay where they are.

    Args:
        trade: The trade.
        status: A terminal status.
        moment: When.
    """
    position = trade.position
    withdraw_order(position, position.terms.side, moment)
    if not trade.is_entered:
        position.status = OrderStatus.FAILED if status is TradeStatus.FAILED else OrderStatus.CANCELLED
    _withdraw_exits(trade, moment)
    if trade.market_close is not None and trade.market_close.fill is None:
        trade.market_close.status = OrderStatus.FAILED
    trade.status = status
    trade.is_unsettled = False
    trade.updated_at_ms = trade.closed_at_ms = moment.at_ms


def _arm_step(trade: SmartTrade, step: Step, moment: Moment) -> None:
    if step.price is None and step.terms.percent is not None:
        step.price = level_price(trade, step.terms.percent, moment.pair.price_step, is_gain=True)
    if step.terms.order_type is OrderType.LIMIT and step.units and step.price is not None:
        place_order(step, trade.exit_side, step.units, step.price, moment)
        step.status = OrderStatus.ORDER_PLACED
    else:
        step.status = OrderStatus.TO_PROCESS


def _arm_stop(trade: SmartTrade, stop: Stop, moment: Moment) -> None:
    if stop.trigger is None and stop.terms.percent is not None:
        stop.trigger = level_price(trade, stop.terms.percent, moment.pair.price_step, is_gain=False)
    stop.status = OrderStatus.TO_PROCESS


def _check_stop(trade: SmartTrade, stop: Stop, moment: Moment) -> bool:
    if stop.status is OrderStatus.ORDER_PLACED:
        limit = stop.terms.limit_price
        price = None if limit is None else meet_limit(trade.exit_side, limit, moment)
        if price is not None:
            _finish_stop(trade, stop, price, moment)
        return True
    if stop.status is not OrderStatus.TO_PROCESS or not is_stop_simulated(stop) or stop.trigger is None:
        return False
    watched = moment.after.price(stop.terms.price_type)
    is_reached = watched <= stop.trigger if trade.is_long else watched >= stop.trigger
    if is_reached:
        _fire_stop(trade, stop, moment)
    return is_reached


def _fire_stop(trade: SmartTrade, stop: Stop, moment: Moment) -> None:
    _withdraw_steps(trade, moment)
    limit = stop.terms.limit_price if stop.terms.order_type is OrderType.LIMIT else None
    if limit is None:
        price: Decimal | None = market_price(trade.exit_side, moment.after)
    else:
        price = meet_new_limit(trade.exit_side, limit, moment)
    if price is not None:
        _finish_stop(trade, stop, price, moment)
    elif limit is not None:
        place_order(stop, trade.exit_side, trade.left_amount, limit, moment)
        stop.status = OrderStatus.ORDER_PLACED
        trade.status = TradeStatus.STOP_LOSS_IN_PROGRESS
        trade.updated_at_ms = moment.at_ms


def _finish_stop(trade: SmartTrade, stop: Stop, price: Decimal, moment: Moment) -> None:
    withdraw_order(stop, trade.exit_side, moment)
    stop.fill = _close_amount(trade, trade.left_amount, price, moment)
    stop.status = OrderStatus.FINISHED
    end_trade(trade, TradeStatus.STOP_LOSS_FINISHED, moment)


def _step_price(trade: SmartTrade, step: Step, moment: Moment) -> Decimal | None:
    if step.price is None or not is_step_simulated(step):
        return None
    if step.status is OrderStatus.ORDER_PLACED:
        return meet_limit(trade.exit_side, step.price, moment)
    if step.status is not OrderStatus.TO_PROCESS:
        return None
    watched = moment.after.price(step.terms.price_type)
    is_reached = watched >= step.price if trade.is_long else watched <= step.price
    return market_price(trade.exit_side, moment.after) if is_reached else None


def _close_step(trade: SmartTrade, step: Step, price: Decimal, status: OrderStatus, moment: Moment) -> None:
    is_last = all(other is step or other.fill is not None for other in trade.steps)
    amount = trade.left_amount if is_last and is_fully_allocated(trade) else step.units
    if amount is None:
        return
    withdraw_order(step, trade.exit_side, moment)
    step.fill = _close_amount(trade, amount, price, moment)
    step.status = status
    trade.updated_at_ms = moment.at_ms


def _close_amount(trade: SmartTrade, amount: Decimal, price: Decimal, moment: Moment) -> Fill:
    fill = execute_order(trade.exit_side, amount, price, moment)
    trade.closed_amount += fill.amount
    trade.closed_total += fill.total
    return fill


def _withdraw_exits(trade: SmartTrade, moment: Moment) -> None:
    _withdraw_steps(trade, moment)
    if trade.stop is not None and trade.stop.fill is None:
        withdraw_order(trade.stop, trade.exit_side, moment)
        trade.stop.status = OrderStatus.CANCELLED


def _withdraw_steps(trade: SmartTrade, moment: Moment) -> None:
    for step in trade.steps:
        if step.fill is None:
            withdraw_order(step, trade.exit_side, moment)
            step.status = OrderStatus.CANCELLED
