"""The life of a trade: what a request set going takes effect, and what a tick moves.

Pure: one trade and one wallet in memory, prices and time as arguments. `settle_trade` and `move_trade` are the only
ways a trade reaches the exchange.

Source: the statuses in published answers give the order of events; how prices move a trade is assumed, in the plain
reading: only the new prices of a tick are seen, nothing between two ticks.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from reconciler.sandbox.errors import InsufficientFunds
from reconciler.sandbox.exits import (
    arm_exits,
    check_exits,
    close_at_market,
    close_pending_steps,
    end_trade,
    end_when_closed,
)
from reconciler.sandbox.market import Quote
from reconciler.sandbox.numerals import format_decimal
from reconciler.sandbox.orders import (
    Moment,
    execute_order,
    market_price,
    meet_limit,
    meet_new_limit,
    place_order,
    withdraw_order,
)
from reconciler.sandbox.simulated import is_entry_simulated
from reconciler.sandbox.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.terms import Crossing, EntryTerms, EntryType, OrderType
from reconciler.sandbox.trade import SmartTrade


def settle_trade(trade: SmartTrade, moment: Moment) -> None:
    """Lets a request take effect: the trade leaves its pending status, orders reach the exchange.

    Args:
        trade: An unsettled trade.
        moment: Prices, funds and time of the settlement; the prices before are those after.
    """
    _run_or_fail(_SETTLERS[trade.status], trade, moment)
    trade.is_unsettled = False


def move_trade(trade: SmartTrade, moment: Moment) -> None:
    """Lets a trade react to a tick. A trade that enters in it meets its exits only at the next.

    Args:
        trade: A settled trade.
        moment: Prices before and after the tick, funds and time.
    """
    if trade.status is TradeStatus.WAITING_POSITION:
        _run_or_fail(_check_entry, trade, moment)
    elif trade.status in (TradeStatus.WAITING_TARGETS, TradeStatus.STOP_LOSS_IN_PROGRESS):
        _run_or_fail(check_exits, trade, moment)


def choose_crossing(terms: EntryTerms, quote: Quote) -> Crossing | None:
    """From which side a conditional entry waits for its trigger; None for any other entry.

    Source: assumed; the direction is fixed when the trigger is set.
    """
    if terms.trigger is None or terms.trigger_type is None:
        return None
    return Crossing.UPWARDS if terms.trigger >= quote.price(terms.trigger_type) else Crossing.DOWNWARDS


def _run_or_fail(move: Callable[[SmartTrade, Moment], None], trade: SmartTrade, moment: Moment) -> None:
    try:
        move(trade, moment)
    except InsufficientFunds as error:
        trade.error = str(error)
        end_trade(trade, TradeStatus.FAILED, moment)


def _start(trade: SmartTrade, moment: Moment) -> None:
    if trade.skip_enter_step:
        _take_own_funds(trade, moment)
        return
    trade.status = TradeStatus.WAITING_POSITION
    trade.position.status = OrderStatus.TO_PROCESS
    trade.updated_at_ms = moment.at_ms
    _begin_entry(trade, moment)


def _take_own_funds(trade: SmartTrade, moment: Moment) -> None:
    terms = trade.position.terms
    free = moment.wallet.free(moment.pair.base)
    if trade.is_long and free < terms.units:
        found = f"{format_decimal(terms.units)} {moment.pair.base} needed, {format_decimal(free)} available"
        raise InsufficientFunds(f"Insufficient funds: {found}")
    trade.position.status = OrderStatus.OWN_FUNDS
    trade.status = TradeStatus.WAITING_TARGETS
    trade.entered_amount = terms.units
    trade.entered_total = terms.units * (terms.price or Decimal(0))
    trade.updated_at_ms = moment.at_ms
    _settle_exits(trade, moment)


def _begin_entry(trade: SmartTrade, moment: Moment) -> None:
    terms = trade.position.terms
    if terms.order_type is EntryType.MARKET:
        _fill_entry(trade, market_price(terms.side, moment.after), moment)
    elif terms.order_type is EntryType.LIMIT:
        _place_entry(trade, moment)
    else:
        _check_entry(trade, moment)


def _check_entry(trade: SmartTrade, moment: Moment) -> None:
    position, terms = trade.position, trade.position.terms
    if position.status is OrderStatus.ORDER_PLACED and terms.price is not None:
        price = meet_limit(terms.side, terms.price, moment)
        if price is not None:
            _fill_entry(trade, price, moment)
    elif position.status is OrderStatus.TO_PROCESS and is_entry_simulated(trade) and _is_triggered(trade, moment.after):
        if terms.conditional_order_type is OrderType.LIMIT:
            _place_entry(trade, moment)
        else:
            _fill_entry(trade, market_price(terms.side, moment.after), moment)


def _is_triggered(trade: SmartTrade, quote: Quote) -> bool:
    terms = trade.position.terms
    if terms.trigger is None or terms.trigger_type is None:
        return False
    if trade.position.crossing is None:
        return True
    watched = quote.price(terms.trigger_type)
    if trade.position.crossing is Crossing.UPWARDS:
        return watched >= terms.trigger
    return watched <= terms.trigger


def _place_entry(trade: SmartTrade, moment: Moment) -> None:
    terms = trade.position.terms
    limit = terms.price or Decimal(0)
    price = meet_new_limit(terms.side, limit, moment)
    if price is not None:
        _fill_entry(trade, price, moment)
        return
    place_order(trade.position, terms.side, terms.units, limit, moment)
    trade.position.status = OrderStatus.ORDER_PLACED
    trade.position.crossing = None
    trade.updated_at_ms = moment.at_ms


def _fill_entry(trade: SmartTrade, price: Decimal, moment: Moment) -> None:
    position = trade.position
    withdraw_order(position, position.terms.side, moment)
    position.fill = execute_order(position.terms.side, position.terms.units, price, moment)
    position.status = OrderStatus.FINISHED
    trade.entered_amount = position.fill.amount
    trade.entered_total = position.fill.total
    trade.updated_at_ms = moment.at_ms
    if trade.is_instant:
        end_trade(trade, TradeStatus.FINISHED, moment)
        return
    trade.status = TradeStatus.WAITING_TARGETS
    arm_exits(trade, moment)


def _settle_entry(trade: SmartTrade, moment: Moment) -> None:
    position = trade.position
    if position.status is OrderStatus.PANIC_SELL_PENDING:
        _fill_entry(trade, market_price(position.terms.side, moment.after), moment)
    elif position.status is OrderStatus.TO_PROCESS:
        _begin_entry(trade, moment)


def _settle_exits(trade: SmartTrade, moment: Moment) -> None:
    arm_exits(trade, moment)
    close_pending_steps(trade, moment)
    end_when_closed(trade, moment)
    if not trade.is_terminal:
        check_exits(trade, moment)


def _settle_cancellation(trade: SmartTrade, moment: Moment) -> None:
    end_trade(trade, TradeStatus.CANCELLED, moment)


def _settle_close(trade: SmartTrade, moment: Moment) -> None:
    if trade.market_close is not None:
        close_at_market(trade, trade.market_close, moment)


_SETTLERS: dict[TradeStatus, Callable[[SmartTrade, Moment], None]] = {
    TradeStatus.CREATED: _start,
    TradeStatus.WAITING_POSITION: _settle_entry,
    TradeStatus.WAITING_TARGETS: _settle_exits,
    TradeStatus.CANCELLATION_PENDING: _settle_cancellation,
    TradeStatus.PANIC_SELL_PENDING: _settle_close,
}
