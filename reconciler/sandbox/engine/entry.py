"""Entries of positions: own funds, market, limit, conditional and trailing entries.

Pure: functions move one trade and one wallet in memory.

Source: SmartTradesV2 page for the parameters of an entry; how prices move it is assumed (the plain reading).
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.exits import arm_exits
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.orders import market_price, meet_limit, meet_new_limit, place_order, withdraw_order
from reconciler.sandbox.engine.stop_loss import check_stop
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.engine.trade_end import begin_waiting, buy_in, end_trade
from reconciler.sandbox.values.decimals import format_decimal
from reconciler.sandbox.values.errors import InsufficientFunds, OrderRefused
from reconciler.sandbox.values.market import Quote
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import Crossing, EntryTerms, EntryType, OrderType
from reconciler.sandbox.values.trailing import follow_price, trail_level


def choose_crossing(terms: EntryTerms, quote: Quote) -> Crossing | None:
    """Choose from which side a conditional entry waits for its trigger; None for any other entry.

    Source: assumed; the direction is fixed when the trigger is set.
    """
    if terms.trigger is None or terms.trigger_type is None:
        return None
    return Crossing.UPWARDS if terms.trigger >= quote.price(terms.trigger_type) else Crossing.DOWNWARDS


def start_trade(trade: SmartTrade, moment: Moment) -> None:
    """Start a created trade: check own funds, or let any other entry wait.

    Raises:
        OrderRefused: The exchange refuses it on demand, or the own funds are missing.
    """
    refusal = moment.take_event(EventKind.REFUSE)
    if refusal is not None:
        raise OrderRefused(refusal)
    if trade.skip_enter_step:
        _take_own_funds(trade, moment)
    else:
        trade.status = TradeStatus.WAITING_POSITION
        if trade.position.status is OrderStatus.IDLE:
            trade.position.status = OrderStatus.TO_PROCESS
    begin_waiting(trade, moment)


def send_entry(trade: SmartTrade, moment: Moment) -> None:
    """Send the entry, or check whether its trigger is reached.

    Raises:
        InsufficientFunds: The account has too little.
    """
    position, terms = trade.position, trade.position.terms
    if position.status is OrderStatus.PANIC_SELL_PENDING:
        fill_entry(trade, market_price(terms.side, moment.after), moment)
    elif position.status is OrderStatus.TO_PROCESS:
        if terms.order_type is EntryType.MARKET:
            fill_entry(trade, market_price(terms.side, moment.after), moment)
        elif terms.order_type is EntryType.LIMIT:
            _place_entry(trade, moment)
        else:
            check_entry(trade, moment)


def check_entry(trade: SmartTrade, moment: Moment) -> None:
    """Let an entry react to the prices.

    Raises:
        InsufficientFunds: The account has too little.
    """
    position, terms = trade.position, trade.position.terms
    if position.status is OrderStatus.ORDER_PLACED and terms.price is not None:
        price = meet_limit(terms.side, terms.price, moment)
        if price is not None:
            fill_entry(trade, price, moment)
    elif position.status is OrderStatus.TRAILING_ACTIVATED:
        _trail_entry(trade, moment)
    elif position.status is OrderStatus.TO_PROCESS and _is_triggered(trade, moment.after):
        if terms.trailing_pct is not None:
            _trail_entry(trade, moment)
        elif terms.conditional_order_type is OrderType.LIMIT:
            _place_entry(trade, moment)
        else:
            fill_entry(trade, market_price(terms.side, moment.after), moment)


def fill_entry(trade: SmartTrade, price: Decimal, moment: Moment) -> None:
    """Fill all that is left of the entry; the exits are activated at once unless intermediate states last.

    A stop that the price has passed already fires at once; steps meet the price at the next tick.

    Raises:
        InsufficientFunds: The account has too little.
    """
    position = trade.position
    buy_in(trade, position, position.left_units, price, moment)
    position.status = OrderStatus.FINISHED
    if trade.is_instant:
        end_trade(trade, TradeStatus.FINISHED, moment)
        return
    trade.status = TradeStatus.WAITING_TARGETS
    if moment.options.pending_reads:
        begin_waiting(trade, moment)
    else:
        arm_exits(trade, moment)
        if trade.stop is not None:
            check_stop(trade, trade.stop, moment)


def _take_own_funds(trade: SmartTrade, moment: Moment) -> None:
    terms = trade.position.terms
    free = moment.wallet.free(moment.pair.base)
    if trade.is_long and free < terms.units:
        found = f"{format_decimal(terms.units)} {moment.pair.base} needed, {format_decimal(free)} available"
        raise InsufficientFunds(f"Insufficient funds: {found}")
    trade.position.status = OrderStatus.OWN_FUNDS
    trade.status = TradeStatus.WAITING_TARGETS
    trade.entered_amount = terms.units
    trade.entered_total = moment.pair.worth(terms.units, terms.price) if terms.price else Decimal(0)


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


def _trail_entry(trade: SmartTrade, moment: Moment) -> None:
    """Activate a trailing entry, or follow the best price and enter once the price has turned by the distance."""
    position, terms = trade.position, trade.position.terms
    if terms.trigger_type is None or terms.trailing_pct is None:
        return
    watched = moment.after.price(terms.trigger_type)
    is_rising = not trade.is_long
    position.extreme = follow_price(position.extreme, watched, is_rising=is_rising)
    if position.status is not OrderStatus.TRAILING_ACTIVATED:
        position.status = OrderStatus.TRAILING_ACTIVATED
        position.crossing = None
        trade.updated_at_ms = moment.at_ms
        return
    level = trail_level(position.extreme, terms.trailing_pct, is_rising=is_rising)
    if watched <= level if is_rising else watched >= level:
        fill_entry(trade, market_price(terms.side, moment.after), moment)


def _place_entry(trade: SmartTrade, moment: Moment) -> None:
    position, terms = trade.position, trade.position.terms
    limit = terms.price or Decimal(0)
    price = meet_new_limit(terms.side, limit, moment)
    if price is not None:
        fill_entry(trade, price, moment)
        return
    withdraw_order(position, terms.side, moment)
    place_order(position, terms.side, position.left_units, limit, moment)
    position.status = OrderStatus.ORDER_PLACED
    position.crossing = None
    trade.updated_at_ms = moment.at_ms
