"""The life of a trade: requests take effect, and ticks move it.

Pure: one trade and one wallet in memory, prices and time as arguments. `settle_trade` and `move_trade` are the only
ways a trade reaches the exchange by itself.

Source: the statuses in published answers give the order of events; how prices move a trade is assumed (the plain
reading): only the new prices of a tick are seen, nothing between two ticks.
"""

from __future__ import annotations

from collections.abc import Callable

from reconciler.sandbox.engine.entry import check_entry, send_entry, start_trade
from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.exits import (
    arm_exits,
    check_exits,
    close_at_market,
    close_pending_steps,
    end_when_closed,
)
from reconciler.sandbox.engine.fills import fill_before_cancel, find_resting
from reconciler.sandbox.engine.funds import check_averaging, check_reductions, send_averaging, send_reductions
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.stop_loss import work_stop
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.engine.trade_end import begin_waiting, end_trade
from reconciler.sandbox.values.errors import OrderRefused
from reconciler.sandbox.values.statuses import GUARDED_STATUSES, OrderStatus, TradeStatus


def settle_trade(trade: SmartTrade, moment: Moment) -> None:
    """Let a request take effect: the trade goes through its intermediate states, orders reach the exchange.

    It passes one stage if intermediate states last, else all of them.

    Args:
        trade: An unsettled trade.
        moment: Prices, funds and time of the settlement; the prices before are those after.
    """
    trade.reads_left = 0
    while trade.reads_left == 0:
        trade.reads_left = None
        _run_or_fail(_SETTLERS[trade.status], trade, moment)


def move_trade(trade: SmartTrade, moment: Moment) -> None:
    """Let a trade react to a tick or to time. A trade that enters in a tick meets its steps only at the next one.

    Args:
        trade: A trade.
        moment: Prices before and after the tick, funds and time.
    """
    if trade.status is TradeStatus.WAITING_POSITION:
        _run_or_fail(_move_entry, trade, moment)
    elif trade.status in GUARDED_STATUSES:
        _run_or_fail(_move_exits, trade, moment)
    elif trade.status is TradeStatus.STOP_LOSS_IN_PROGRESS and not trade.is_unsettled:
        _run_or_fail(work_stop, trade, moment)
    if trade.reads_left == 0:
        settle_trade(trade, moment)


def _run_or_fail(move: Callable[[SmartTrade, Moment], None], trade: SmartTrade, moment: Moment) -> None:
    try:
        move(trade, moment)
    except OrderRefused as error:
        trade.error = str(error)
        end_trade(trade, TradeStatus.FAILED, moment)


def _move_entry(trade: SmartTrade, moment: Moment) -> None:
    check_averaging(trade, moment)
    check_entry(trade, moment)


def _move_exits(trade: SmartTrade, moment: Moment) -> None:
    was_reducing = trade.status is TradeStatus.REDUCE_FUNDS_IN_PROGRESS
    check_averaging(trade, moment)
    check_exits(trade, moment)
    if trade.status in GUARDED_STATUSES:
        check_reductions(trade, moment)
    if was_reducing and trade.status is TradeStatus.WAITING_TARGETS:
        arm_exits(trade, moment)


def _settle_entry(trade: SmartTrade, moment: Moment) -> None:
    send_averaging(trade, moment)
    send_entry(trade, moment)


def _settle_exits(trade: SmartTrade, moment: Moment) -> None:
    send_averaging(trade, moment)
    arm_exits(trade, moment)
    close_pending_steps(trade, moment)
    end_when_closed(trade, moment)
    if not trade.is_terminal:
        check_exits(trade, moment)


def _begin_reduction(trade: SmartTrade, moment: Moment) -> None:
    trade.status = TradeStatus.REDUCE_FUNDS_IN_PROGRESS
    for order in trade.reductions:
        if order.status is OrderStatus.IDLE:
            order.status = OrderStatus.TO_PROCESS
    begin_waiting(trade, moment)


def _settle_reduction(trade: SmartTrade, moment: Moment) -> None:
    send_reductions(trade, moment)
    _settle_exits(trade, moment)


def _begin_cancellation(trade: SmartTrade, moment: Moment) -> None:
    trade.status = TradeStatus.CANCELLATION_IN_PROGRESS
    begin_waiting(trade, moment)


def _settle_cancellation(trade: SmartTrade, moment: Moment) -> None:
    resting = find_resting(trade)
    percent = None if resting is None else moment.take_event(EventKind.FILL_ON_CANCEL)
    if resting is not None and percent is not None:
        fill_before_cancel(trade, resting, percent, moment)
    end_trade(trade, TradeStatus.CANCELLED, moment)


def _begin_close(trade: SmartTrade, moment: Moment) -> None:
    trade.status = TradeStatus.PANIC_SELL_IN_PROGRESS
    begin_waiting(trade, moment)


_SETTLERS: dict[TradeStatus, Callable[[SmartTrade, Moment], None]] = {
    TradeStatus.CREATED: start_trade,
    TradeStatus.WAITING_POSITION: _settle_entry,
    TradeStatus.WAITING_TARGETS: _settle_exits,
    TradeStatus.PENDING_REDUCE_FUNDS: _begin_reduction,
    TradeStatus.REDUCE_FUNDS_IN_PROGRESS: _settle_reduction,
    TradeStatus.CANCELLATION_PENDING: _begin_cancellation,
    TradeStatus.CANCELLATION_IN_PROGRESS: _settle_cancellation,
    TradeStatus.PANIC_SELL_PENDING: _begin_close,
    TradeStatus.PANIC_SELL_IN_PROGRESS: close_at_market,
    TradeStatus.STOP_LOSS_IN_PROGRESS: work_stop,
}
