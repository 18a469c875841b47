"""Orders that add to an open position or take from it.

Pure: functions move one trade and one wallet in memory.

Source: add funds and reduce funds pages; that step units follow and levels stay is from the help articles of 3Commas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from reconciler.sandbox.engine.exits import arm_exits
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.orders import market_price, meet_limit, meet_new_limit, place_order
from reconciler.sandbox.engine.trade import FundsOrder, SmartTrade
from reconciler.sandbox.engine.trade_end import buy_in, close_units
from reconciler.sandbox.values.errors import InsufficientFunds
from reconciler.sandbox.values.statuses import GUARDED_STATUSES, OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import OrderType, Side


def send_averaging(trade: SmartTrade, moment: Moment) -> None:
    """Send the orders that requests have added: market ones fill, limit ones rest.

    If the account cannot pay an order, only this order fails. Source: assumed.
    """
    for order in trade.averaging:
        if order.status is not OrderStatus.IDLE:
            continue
        try:
            _send_averaging(trade, order, moment)
        except InsufficientFunds:
            order.status = OrderStatus.FAILED


def check_averaging(trade: SmartTrade, moment: Moment) -> None:
    """Fill the resting orders that the prices have reached.

    Raises:
        InsufficientFunds: The account has too little for the steps, which grow.
    """
    for order, price in _find_reached(trade.averaging, trade.position.terms.side, moment):
        finish_averaging(trade, order, price, moment)


def finish_averaging(trade: SmartTrade, order: FundsOrder, price: Decimal, moment: Moment) -> None:
    """Fill all that is left of an order that adds to the position; the steps of an open position grow.

    Raises:
        InsufficientFunds: The account has too little.
    """
    buy_in(trade, order, order.left_units, price, moment)
    order.status = OrderStatus.FINISHED
    if trade.status in GUARDED_STATUSES and not trade.is_unsettled:
        arm_exits(trade, moment)


def send_reductions(trade: SmartTrade, moment: Moment) -> None:
    """Send the orders that requests have added: market ones close their units, limit ones rest.

    Raises:
        InsufficientFunds: The account has too little.
    """
    for order in trade.reductions:
        if order.status is OrderStatus.TO_PROCESS:
            # The steps shrink first, which releases what the order needs.
            arm_exits(trade, moment)
            _send_reduction(trade, order, moment)
    end_reducing(trade)


def check_reductions(trade: SmartTrade, moment: Moment) -> None:
    """Fill the resting orders that the prices have reached.

    Raises:
        InsufficientFunds: The account has too little.
    """
    for order, price in _find_reached(trade.reductions, trade.exit_side, moment):
        finish_reduction(trade, order, price, moment)


def finish_reduction(trade: SmartTrade, order: FundsOrder, price: Decimal, moment: Moment) -> None:
    """Close all that is left of an order that takes from the position.

    Raises:
        InsufficientFunds: The account has too little.
    """
    close_units(trade, order, order.left_units, price, moment)
    order.status = OrderStatus.FINISHED
    end_reducing(trade)


def end_reducing(trade: SmartTrade) -> None:
    """Return to waiting for targets once no reduction is open."""
    is_reducing = trade.status is TradeStatus.REDUCE_FUNDS_IN_PROGRESS
    if is_reducing and not any(order.is_open for order in trade.reductions):
        trade.status = TradeStatus.WAITING_TARGETS


def max_reduction(trade: SmartTrade, moment: Moment) -> Decimal:
    """Units that a reduction may close: what stays must be worth at least 1.5 times the smallest order.

    Source: reduce funds info page; 43.736 - 1.5 / 0.10056 is the published figure to the last digit.
    """
    price = market_price(trade.exit_side, moment.after)
    kept = moment.pair.units_worth(moment.pair.min_total * Decimal("1.5"), price)
    return max(trade.left_amount - kept, Decimal(0))


def _find_reached(orders: Iterable[FundsOrder], side: Side, moment: Moment) -> Iterator[tuple[FundsOrder, Decimal]]:
    """Yield the resting orders that the prices have reached, each with the price at which it fills."""
    for order in orders:
        if order.status is OrderStatus.ORDER_PLACED and order.terms.price is not None:
            price = meet_limit(side, order.terms.price, moment)
            if price is not None:
                yield order, price


def _send_averaging(trade: SmartTrade, order: FundsOrder, moment: Moment) -> None:
    side, limit = trade.position.terms.side, order.terms.price
    if order.terms.order_type is OrderType.MARKET or limit is None:
        price: Decimal | None = market_price(side, moment.after)
    else:
        price = meet_new_limit(side, limit, moment)
    if price is not None:
        buy_in(trade, order, order.left_units, price, moment)
        order.status = OrderStatus.FINISHED
    elif limit is not None:
        place_order(order, side, order.left_units, limit, moment)
        order.status = OrderStatus.ORDER_PLACED


def _send_reduction(trade: SmartTrade, order: FundsOrder, moment: Moment) -> None:
    limit = order.terms.price
    if order.terms.order_type is OrderType.MARKET or limit is None:
        price: Decimal | None = market_price(trade.exit_side, moment.after)
    else:
        price = meet_new_limit(trade.exit_side, limit, moment)
    if price is not None:
        close_units(trade, order, order.left_units, price, moment)
        order.status = OrderStatus.FINISHED
    elif limit is not None:
        place_order(order, trade.exit_side, order.left_units, limit, moment)
        order.status = OrderStatus.ORDER_PLACED
