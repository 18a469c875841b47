"""Fills without a tick: partial ones on demand, and those of orders that are being cancelled.

Pure: functions move one trade and one wallet in memory.

Source: issue threads of the docs repository (a limit order being cancelled may still fill, in part or in full).
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.entry import fill_entry
from reconciler.sandbox.engine.events import WHOLE_PCT
from reconciler.sandbox.engine.exits import arm_exits, end_when_closed, finish_step
from reconciler.sandbox.engine.funds import finish_averaging, finish_reduction
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.orders import place_order
from reconciler.sandbox.engine.stop_loss import finish_stop
from reconciler.sandbox.engine.trade import FundsOrder, Order, Position, SmartTrade, Step, Stop
from reconciler.sandbox.engine.trade_end import buy_in, close_units, sellable_amount
from reconciler.sandbox.values.decimals import truncate_to
from reconciler.sandbox.values.errors import InvalidEvent
from reconciler.sandbox.values.statuses import GUARDED_STATUSES, OrderStatus, TradeStatus


def find_resting(trade: SmartTrade, order_id: int | None = None) -> Order | None:
    """Find the order that rests at the exchange: the one with this id, or the first of the trade."""
    resting = (order for order in trade.list_orders() if order.status is OrderStatus.ORDER_PLACED)
    return next((order for order in resting if order_id in (None, order.id)), None)


def fill_resting(trade: SmartTrade, order: Order, units: Decimal, moment: Moment) -> None:
    """Fill a number of units of an order that rests at the exchange, at its own price.

    Args:
        trade: The trade.
        order: One of its orders, resting.
        units: Units, above zero; an order with no units left is done.
        moment: Prices, funds and time.

    Raises:
        InvalidEvent: More units than are left of it, or none.
        InsufficientFunds: The account has too little.
    """
    left, price = _left_units(trade, order, moment), _limit_price(order)
    if not 0 < units <= left:
        raise InvalidEvent(f"{units} units of order {order.id} cannot be filled: expected above 0 and up to {left}")
    if units == left:
        _fill_whole(trade, order, price, moment)
        end_when_closed(trade, moment)
    elif isinstance(order, Position) or order in trade.averaging:
        buy_in(trade, _as_entering(order), units, price, moment)
        place_order(order, trade.position.terms.side, left - units, price, moment)
        if trade.status in GUARDED_STATUSES:
            arm_exits(trade, moment)
    else:
        close_units(trade, order, units, price, moment)
        place_order(order, trade.exit_side, left - units, price, moment)


def fill_before_cancel(trade: SmartTrade, order: Order, percent: str, moment: Moment) -> None:
    """Fill a share of a resting order just before it is cancelled.

    Args:
        trade: The trade.
        order: One of its orders, resting.
        percent: Share of what is left of it, in percent; whole lots are filled, at least one.
        moment: Prices, funds and time.
    """
    left, lot = _left_units(trade, order, moment), moment.pair.lot_step
    units = min(max(truncate_to(left * Decimal(percent) / WHOLE_PCT, lot), lot), left)
    price = _limit_price(order)
    if isinstance(order, Position) or order in trade.averaging:
        buy_in(trade, _as_entering(order), units, price, moment)
    else:
        close_units(trade, order, units, price, moment)
    if units == left:
        order.status = OrderStatus.FINISHED


def _as_entering(order: Order) -> Position | FundsOrder:
    if not isinstance(order, Position | FundsOrder):
        raise InvalidEvent(f"order {order.id} does not add to a position")
    return order


def _fill_whole(trade: SmartTrade, order: Order, price: Decimal, moment: Moment) -> None:
    if isinstance(order, Position):
        fill_entry(trade, price, moment)
    elif isinstance(order, Step):
        finish_step(trade, order, price, OrderStatus.FINISHED, moment)
    elif isinstance(order, Stop):
        finish_stop(trade, order, price, moment)
    elif isinstance(order, FundsOrder) and order in trade.averaging:
        finish_averaging(trade, order, price, moment)
    elif isinstance(order, FundsOrder):
        finish_reduction(trade, order, price, moment)
        if trade.status is TradeStatus.WAITING_TARGETS:
            arm_exits(trade, moment)


def _left_units(trade: SmartTrade, order: Order, moment: Moment) -> Decimal:
    if isinstance(order, Position | Step | FundsOrder):
        return order.left_units
    return sellable_amount(trade, moment)


def _limit_price(order: Order) -> Decimal:
    if isinstance(order, Position | FundsOrder):
        return order.terms.price or Decimal(0)
    if isinstance(order, Step):
        return order.price or Decimal(0)
    if isinstance(order, Stop):
        return order.terms.limit_price or Decimal(0)
    raise InvalidEvent(f"order {order.id} does not rest at the exchange")
