"""The SmartTrade endpoints.

Source: pages of the SmartTrade endpoints. "Not found" is 400 for GET and DELETE, 404 for close, note and trades; if
they name none, 404 is assumed. Options make GET and DELETE answer 404 too, and a DELETE answer 204.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

from reconciler.sandbox.engine.allowed_actions import can_reduce_funds
from reconciler.sandbox.engine.funds import max_reduction
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.entities.orders import describe_orders
from reconciler.sandbox.entities.smart_trade import describe_trade
from reconciler.sandbox.exchange.access import TRADES_READ, TRADES_WRITE
from reconciler.sandbox.exchange.create_trade import create_trade
from reconciler.sandbox.exchange.trade_list import MAX_PAGE_SIZE, Distortion, select_trades
from reconciler.sandbox.requests import trade_actions
from reconciler.sandbox.requests.fields import Fields
from reconciler.sandbox.requests.read_terms import read_change_terms, read_funds_terms, read_note, read_trade_terms
from reconciler.sandbox.requests.update_trade import update_trade
from reconciler.sandbox.store.faults import FaultKind
from reconciler.sandbox.values.decimals import format_decimal
from reconciler.sandbox.values.options import CancelAnswer, UnknownTrade
from reconciler.sandbox.values.refusals import (
    refuse_account,
    refuse_missing_trade,
    refuse_parameters,
    refuse_status,
)
from reconciler.sandbox.values.terms import FundsTerms
from reconciler.sandbox.wire.routes import NO_CONTENT, ApiCall, Route


def list_trades(call: ApiCall) -> object:
    """List one page of SmartTrades."""
    if call.list_faults(FaultKind.EMPTY):
        return []
    distortion = _read_distortion(call)
    trade_ids = select_trades(call.transaction, call.parameters, mode=call.mode, user=call.user, distortion=distortion)
    trades = [call.transaction.trades.read_trade(trade_id) for trade_id in trade_ids]
    return [_read_out(call, trade, tie_ms=distortion.tie_ms) for trade in trades]


def create(call: ApiCall) -> object:
    """Create a SmartTrade; the account decides whether its money is paper, not the mode of the request."""
    terms = read_trade_terms(call.parameters)
    account = call.transaction.accounts.find_account(terms.account_id)
    if account is None or account.user != call.user:
        raise refuse_account()
    trade = create_trade(call.transaction, terms)
    call.transaction.wire.hide_trade(trade.id, call.list_faults(FaultKind.LAG), call.transaction.now_ms)
    return _describe(call, trade)


def show(call: ApiCall) -> object:
    """Show one SmartTrade."""
    return _read_out(call, _find(call, "id", documented=400))


def cancel(call: ApiCall) -> object:
    """Cancel a SmartTrade."""
    trade = _find(call, "id", documented=400)
    trade_actions.cancel_trade(trade, call.transaction.moment(trade))
    return _answer_delete(call, trade)


def update(call: ApiCall) -> object:
    """Change a SmartTrade."""
    trade = _find(call, "id")
    change = read_change_terms(call.parameters)
    update_trade(trade, change, call.transaction.moment(trade), call.transaction.take_order_ids)
    return _save(call, trade)


def close(call: ApiCall) -> object:
    """Close a SmartTrade at market."""
    trade = _find(call, "id")
    (close_id,) = call.transaction.take_order_ids(1)
    trade_actions.close_trade(trade, close_id, call.transaction.moment(trade))
    return _save(call, trade)


def force_start(call: ApiCall) -> object:
    """Enter a waiting SmartTrade at market."""
    trade = _find(call, "id")
    trade_actions.force_start(trade, call.transaction.moment(trade))
    return _save(call, trade)


def force_process(call: ApiCall) -> object:
    """Check the status, and change nothing."""
    trade = _find(call, "id")
    trade_actions.force_process(trade, call.transaction.moment(trade))
    return _describe(call, trade)


def add_funds(call: ApiCall) -> object:
    """Add to the position of a SmartTrade."""
    return _change_funds(call, trade_actions.add_funds)


def reduce_funds(call: ApiCall) -> object:
    """Take from the position of a SmartTrade."""
    return _change_funds(call, trade_actions.reduce_funds)


def show_reducible(call: ApiCall) -> object:
    """Show how much the position may be reduced by."""
    trade = _find(call, "id")
    if not can_reduce_funds(trade):
        raise refuse_status("Reduce funds", call.transaction.options.wrong_status)
    amount = max_reduction(trade, call.transaction.moment(trade))
    call.transaction.count_read(trade)
    return {"max_reduce_funds_amount": format_decimal(amount)}


def set_note(call: ApiCall) -> object:
    """Replace the note of a SmartTrade, whatever its status."""
    trade = _find(call, "id")
    fields = Fields(call.parameters)
    trade.note = read_note(fields, required=True)
    if fields.problems:
        raise refuse_parameters(fields.problems)
    trade.updated_at_ms = call.transaction.now_ms
    return _save(call, trade)


def list_orders(call: ApiCall) -> object:
    """List the Trade entities of a SmartTrade."""
    trade = _find(call, "trade_id")
    answer = describe_orders(trade, call.transaction.quotes[trade.pair], call.transaction.options)
    call.transaction.count_read(trade)
    return answer


def close_step(call: ApiCall) -> object:
    """Close one step at market."""
    trade = _find(call, "trade_id")
    trade_actions.close_step(trade, call.ids["id"], call.transaction.moment(trade))
    return _save(call, trade)


def cancel_order(call: ApiCall) -> object:
    """Cancel one Trade entity."""
    trade = _find(call, "trade_id")
    trade_actions.cancel_part(trade, call.ids["id"], call.transaction.moment(trade))
    return _answer_delete(call, trade)


def _read_distortion(call: ApiCall) -> Distortion:
    ties = call.list_faults(FaultKind.TIES)
    return Distortion(
        shift=sum(fault.rows or 0 for fault in call.list_faults(FaultKind.SHIFT)),
        cap=min((fault.rows or 1 for fault in call.list_faults(FaultKind.CAP)), default=MAX_PAGE_SIZE),
        tie_ms=max((int((fault.seconds or 0) * 1000) for fault in ties), default=0),
        seed=sum(fault.seed for fault in ties),
        hides_ended=bool(call.list_faults(FaultKind.HIDE_ENDED)),
    )


def _change_funds(call: ApiCall, change: Callable[[SmartTrade, FundsTerms, int, Moment], None]) -> object:
    trade = _find(call, "id")
    terms = read_funds_terms(call.parameters)
    (order_id,) = call.transaction.take_order_ids(1)
    change(trade, terms, order_id, call.transaction.moment(trade))
    return _save(call, trade)


def _find(call: ApiCall, name: str, *, documented: int = 404) -> SmartTrade:
    trade = call.transaction.find_trade(call.ids[name], call.mode)
    if trade is None or call.transaction.account(trade.account_id).user != call.user:
        is_documented = call.transaction.options.unknown_trade is UnknownTrade.DOCUMENTED
        raise refuse_missing_trade(documented if is_documented else 404)
    return trade


def _answer_delete(call: ApiCall, trade: SmartTrade) -> object:
    entity = _save(call, trade)
    return entity if call.transaction.options.cancel_answer is CancelAnswer.ENTITY else NO_CONTENT


def _save(call: ApiCall, trade: SmartTrade) -> object:
    call.transaction.save_trade(trade)
    return _describe(call, trade)


def _read_out(call: ApiCall, trade: SmartTrade, *, tie_ms: int = 0) -> object:
    """Describe a trade for a request that only reads, and count the read."""
    shown = copy(trade)
    shown.created_at_ms -= trade.created_at_ms % tie_ms if tie_ms else 0
    answer = _describe(call, shown)
    call.transaction.count_read(trade)
    return answer


def _describe(call: ApiCall, trade: SmartTrade) -> object:
    return describe_trade(
        trade, call.transaction.account(trade.account_id), call.transaction.quotes, call.transaction.options
    )


def _read(path: str, handle: Callable[[ApiCall], object]) -> Route:
    return Route(method="GET", path=path, handle=handle, permission=TRADES_READ)


def _write(method: str, path: str, handle: Callable[[ApiCall], object]) -> Route:
    status = 201 if method == "POST" else 200
    return Route(method=method, path=path, handle=handle, permission=TRADES_WRITE, writes=True, status=status)


_ALL = "/v2/smart_trades"
_ONE = f"{_ALL}/<int:id>"
_ORDERS = f"{_ALL}/<int:trade_id>/trades"
_ORDER = f"{_ORDERS}/<int:id>"

TRADE_ROUTES = (
    _read(_ALL, list_trades),
    _write("POST", _ALL, create),
    _read(_ONE, show),
    _write("DELETE", _ONE, cancel),
    _write("PATCH", _ONE, update),
    _write("POST", f"{_ONE}/add_funds", add_funds),
    _write("POST", f"{_ONE}/reduce_funds", reduce_funds),
    Route(
        method="GET",
        path=f"{_ONE}/reduce_funds_info",
        handle=show_reducible,
        permission=TRADES_WRITE,
    ),
    _write("POST", f"{_ONE}/close_by_market", close),
    _write("POST", f"{_ONE}/force_start", force_start),
    _write("POST", f"{_ONE}/force_process", force_process),
    _write("POST", f"{_ONE}/set_note", set_note),
    _read(_ORDERS, list_orders),
    _write("POST", f"{_ORDER}/close_by_market", close_step),
    _write("DELETE", _ORDER, cancel_order),
)
