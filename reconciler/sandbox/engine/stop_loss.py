"""The stop loss: activation, trailing, timeout, breakeven and firing.

Pure: functions move one trade and one wallet in memory.

Source: assumed (the plain reading of the SmartTradesV2 page).
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.orders import market_price, meet_limit, meet_new_limit, place_order
from reconciler.sandbox.engine.sizing import level_price
from reconciler.sandbox.engine.trade import SmartTrade, Stop
from reconciler.sandbox.engine.trade_end import begin_waiting, close_units, end_trade, sellable_amount, withdraw_exits
from reconciler.sandbox.values.decimals import truncate_to
from reconciler.sandbox.values.market import Pair
from reconciler.sandbox.values.options import Options, ShownLevel, TrailingPercent
from reconciler.sandbox.values.statuses import WATCHING_STATUSES, OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import OrderType
from reconciler.sandbox.values.trailing import follow_price, trail_level

# Digits of a level that trails, as many as recorded answers have.
_LEVEL_STEP = Decimal("1e-12")


def arm_stop(trade: SmartTrade, moment: Moment) -> None:
    """Activate an idle stop, or give it an inactive status if an event asks for it."""
    stop = trade.stop
    if stop is None or stop.status is not OrderStatus.IDLE:
        return
    if stop.trigger is None and stop.terms.percent is not None:
        stop.trigger = level_price(trade, stop.terms.percent, moment.pair, is_gain=False)
    inactive_status = moment.take_event(EventKind.KILL_STOP)
    if inactive_status is not None:
        stop.status = OrderStatus(inactive_status)
        return
    stop.status = OrderStatus.TO_PROCESS
    if stop.terms.is_trailing:
        stop.extreme = moment.after.price(stop.terms.price_type)
        stop.distance_pct = _choose_distance(stop, stop.extreme, moment)
        _note_trailing(trade, stop, moment)


def check_stop(trade: SmartTrade, stop: Stop, moment: Moment) -> bool:
    """Let the stop follow the price, and return whether it fires.

    Raises:
        InsufficientFunds: The account has too little for an order that fires.
    """
    if stop.status not in WATCHING_STATUSES:
        return False
    watched = moment.after.price(stop.terms.price_type)
    level = find_level(trade, stop)
    if level is None or not _is_beyond(trade, watched, level):
        stop.beyond_since_ms = None
        if stop.terms.is_trailing:
            stop.extreme = follow_price(stop.extreme, watched, is_rising=trade.is_long)
            _note_trailing(trade, stop, moment)
        return False
    if stop.terms.timeout_s is not None:
        stop.beyond_since_ms = moment.at_ms if stop.beyond_since_ms is None else stop.beyond_since_ms
        if moment.at_ms < stop.beyond_since_ms + stop.terms.timeout_s * 1000:
            return False
    _fire(trade, stop, moment)
    return True


def work_stop(trade: SmartTrade, moment: Moment) -> None:
    """Move a stop that has fired: its order goes to the exchange, or rests there until it fills.

    Raises:
        InsufficientFunds: The account has too little.
    """
    stop = trade.stop
    if stop is None:
        return
    limit = stop.terms.limit_price if stop.terms.order_type is OrderType.LIMIT else None
    if stop.status is OrderStatus.ORDER_PLACED and limit is not None:
        price = meet_limit(trade.exit_side, limit, moment)
    elif limit is not None:
        price = meet_new_limit(trade.exit_side, limit, moment)
    else:
        price = market_price(trade.exit_side, moment.after)
    if price is not None:
        finish_stop(trade, stop, price, moment)
    elif limit is not None and stop.status is not OrderStatus.ORDER_PLACED:
        place_order(stop, trade.exit_side, sellable_amount(trade, moment), limit, moment)
        stop.status = OrderStatus.ORDER_PLACED
        trade.updated_at_ms = moment.at_ms


def finish_stop(trade: SmartTrade, stop: Stop, price: Decimal, moment: Moment) -> None:
    """Close all that is left through the stop and end the trade.

    Raises:
        InsufficientFunds: The account has too little.
    """
    close_units(trade, stop, sellable_amount(trade, moment), price, moment)
    stop.status = OrderStatus.FINISHED
    end_trade(trade, TradeStatus.STOP_LOSS_FINISHED, moment)


def move_to_breakeven(trade: SmartTrade, moment: Moment) -> None:
    """Move the trigger to the average entry price, once, when the first step has finished."""
    stop = trade.stop
    if stop is not None and stop.terms.has_breakeven and stop.breakeven_price is None:
        average = moment.pair.mean_price(trade.entered_amount, trade.entered_total)
        stop.breakeven_price = truncate_to(average, moment.pair.price_step)


def find_trigger(stop: Stop) -> Decimal | None:
    """Return the trigger that counts: the one of breakeven once it has moved, else the one of the request."""
    return stop.trigger if stop.breakeven_price is None else stop.breakeven_price


def find_level(trade: SmartTrade, stop: Stop) -> Decimal | None:
    """Return the price at which the stop fires: its trigger, or the trailed level if that is nearer."""
    trigger = find_trigger(stop)
    if trigger is None or stop.extreme is None or stop.distance_pct is None:
        return trigger
    trailed = trail_level(stop.extreme, stop.distance_pct, is_rising=trade.is_long).quantize(_LEVEL_STEP)
    return max(trigger, trailed) if trade.is_long else min(trigger, trailed)


def find_shown_trigger(trade: SmartTrade, stop: Stop, pair: Pair, options: Options) -> Decimal | None:
    """Return the trigger that answers show: as requested, or as breakeven and trailing have moved it.

    Args:
        trade: The trade.
        stop: Its stop loss.
        pair: Its pair.
        options: Which moved levels are shown.
    """
    shown = find_trigger(stop) if options.breakeven is ShownLevel.MOVED else stop.trigger
    if stop.extreme is None or shown is None:
        return shown
    level = find_level(trade, stop)
    if level is None or level == find_trigger(stop):
        return shown
    if options.trailing_percent is TrailingPercent.NULL:
        # Source: recorded answers; 33428.712999999996 is off the tick.
        return level
    return shown if options.trailing_stop is ShownLevel.UNCHANGED else truncate_to(level, pair.price_step)


def keep_trailing(before: Stop, stop: Stop) -> None:
    """Let a new stop, whose trigger is the one that answers show, follow the price as the one before did."""
    stop.status = before.status
    stop.trigger, stop.breakeven_price = before.trigger, before.breakeven_price
    stop.extreme, stop.distance_pct = before.extreme, before.distance_pct


def _choose_distance(stop: Stop, watched: Decimal, moment: Moment) -> Decimal:
    """Choose the distance of a trailing stop: the percent of the request, or that between the price and the trigger.

    Source: assumed; recorded answers and the documents name no distance.
    """
    given = stop.terms.trailing_pct
    if given is not None and moment.options.trailing_percent is TrailingPercent.AS_SENT:
        return given
    trigger = find_trigger(stop)
    return Decimal(0) if trigger is None else abs(watched - trigger) / watched * 100


def _note_trailing(trade: SmartTrade, stop: Stop, moment: Moment) -> None:
    """Show a trailing stop as active once it has moved. Source: recorded answers show it so right after the entry."""
    is_shown_at_once = moment.options.trailing_percent is TrailingPercent.NULL
    if is_shown_at_once or find_level(trade, stop) != find_trigger(stop):
        stop.status = OrderStatus.TRAILING_ACTIVATED


def _is_beyond(trade: SmartTrade, watched: Decimal, level: Decimal) -> bool:
    return watched <= level if trade.is_long else watched >= level


def _fire(trade: SmartTrade, stop: Stop, moment: Moment) -> None:
    withdraw_exits(trade, moment)
    stop.status = OrderStatus.ASYNC_ORDER_PLACEMENT
    trade.status = TradeStatus.STOP_LOSS_IN_PROGRESS
    begin_waiting(trade, moment)
