"""SmartTrades as the API shows them.

Source: SmartTrade page, and the published answer of the cancel trade page.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine import allowed_actions
from reconciler.sandbox.engine.orders import COMMISSION, market_price
from reconciler.sandbox.engine.profits import average_price, bare_price, bare_total, describe_averages, describe_profit
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.entities.accounts import describe_trade_account
from reconciler.sandbox.entities.exits import (
    describe_close,
    describe_funds,
    describe_order_status,
    describe_stop,
    describe_take_profit,
    describe_trailing,
)
from reconciler.sandbox.entities.recorded import record_trade
from reconciler.sandbox.values.accounts import Account
from reconciler.sandbox.values.decimals import format_decimal, format_optional
from reconciler.sandbox.values.instants import format_instant
from reconciler.sandbox.values.market import Pair, Quote
from reconciler.sandbox.values.options import Entities, Options
from reconciler.sandbox.values.pairs import PAIRS
from reconciler.sandbox.values.statuses import STEPLESS_STATUSES, TRADE_TITLES
from reconciler.sandbox.values.terms import EntryType


def describe_trade(
    trade: SmartTrade, account: Account, quotes: dict[str, Quote], options: Options
) -> dict[str, object]:
    """The SmartTrade entity.

    Args:
        trade: The trade.
        account: Its account.
        quotes: Current prices by pair.
        options: Which moved levels are shown, and the form of the entity.
    """
    pair, quote = PAIRS[trade.pair], quotes[trade.pair]
    entity: dict[str, object] = {
        "id": trade.id,
        "version": 2,
        "account": describe_trade_account(account),
        "pair": trade.pair,
        "instant": trade.is_instant,
        "status": _describe_trade_status(trade),
        "leverage": _describe_leverage(trade),
        "position": _describe_position(trade, pair, quote),
        "take_profit": describe_take_profit(trade, pair),
        "stop_loss": {"enabled": False} if trade.stop is None else describe_stop(trade, trade.stop, pair, options),
        "reduce_funds": {"steps": [describe_funds(trade, order, pair) for order in trade.reductions]},
        "market_close": {} if trade.market_close is None else describe_close(trade.market_close, pair),
        "note": trade.note or "",
        "note_raw": trade.note,
        "skip_enter_step": trade.skip_enter_step,
        "data": _describe_progress(trade, pair, quote),
        "profit": describe_profit(trade, quotes),
        "margin": {"amount": None, "total": None},
        "is_position_not_filled": not trade.is_entered,
    }
    return record_trade(trade, entity) if options.entities is Entities.RECORDED else entity


def _describe_leverage(trade: SmartTrade) -> dict[str, object]:
    if trade.leverage is None:
        return {"enabled": False}
    value = format_optional(trade.leverage.value)
    return {"enabled": True, "type": trade.leverage.type, "value": value, "type_editable": True}


def _describe_trade_status(trade: SmartTrade) -> dict[str, object]:
    status = {"type": trade.status.value, "basic_type": trade.status.value, "title": TRADE_TITLES[trade.status]}
    return {**status} if trade.error is None else {**status, "error": trade.error}


def _describe_position(trade: SmartTrade, pair: Pair, quote: Quote) -> dict[str, object]:
    position, terms = trade.position, trade.position.terms
    price, bare, total = _show_entry(trade, pair, quote)
    entity: dict[str, object] = {
        "type": terms.side,
        "editable": trade.skip_enter_step,
        "units": {
            "value": format_decimal(trade.entered_amount if trade.is_entered else terms.units),
            "editable": False,
        },
        "price": {
            "value": format_decimal(price),
            "value_without_commission": format_optional(bare),
            "editable": trade.skip_enter_step or not trade.is_entered,
        },
        "total": _describe_total(trade, total, pair),
        "order_type": terms.order_type,
    }
    if terms.order_type is EntryType.CONDITIONAL:
        entity["conditional"] = {
            "editable": not trade.is_entered,
            "price": {"value": format_optional(terms.trigger), "type": terms.trigger_type},
            "order_type": terms.conditional_order_type,
            "trailing": describe_trailing(terms.trailing_pct),
        }
    entity["status"] = describe_order_status(position.status)
    return entity


def _describe_total(trade: SmartTrade, total: Decimal, pair: Pair) -> dict[str, object]:
    """Source: add funds page, whose answer alone shows the total without commission."""
    shown: dict[str, object] = {"value": format_decimal(total)}
    if trade.is_entered and any(order.fill is not None for order in trade.averaging):
        shown["value_without_commission"] = format_decimal(bare_total(trade, pair))
    return shown


def _show_entry(trade: SmartTrade, pair: Pair, quote: Quote) -> tuple[Decimal, Decimal | None, Decimal]:
    """Price, price without commission, and total of the position, planned or real."""
    terms = trade.position.terms
    if trade.is_entered and (trade.position.fill is not None or trade.averaging):
        return average_price(trade, pair), bare_price(trade, pair), trade.entered_total
    price = market_price(terms.side, quote) if terms.price is None else terms.price
    return price, None if trade.skip_enter_step else price, pair.worth(terms.units, price)


def _describe_progress(trade: SmartTrade, pair: Pair, quote: Quote) -> dict[str, object]:
    """The `data` group."""
    progress: dict[str, object] = {
        "editable": allowed_actions.can_edit(trade),
        "current_price": {
            "bid": format_decimal(quote.bid),
            "ask": format_decimal(quote.ask),
            "last": format_decimal(quote.last),
            "quote_volume": format_decimal(pair.quote_volume),
            "day_change_percent": format_decimal(pair.day_change_pct),
        },
        "target_price_type": "price",
        "orderbook_price_currency": pair.quote,
        # True in every published example.
        "base_order_finished": True,
        "missing_funds_to_close": "0.0",
        "liquidation_price": None,
        **describe_averages(trade, pair),
        "panic_sell_available": allowed_actions.can_close(trade),
        "add_funds_available": allowed_actions.can_add_funds(trade),
        "reduce_funds_available": allowed_actions.can_reduce_funds(trade),
        "force_start_available": allowed_actions.can_force_start(trade),
        "force_process_available": allowed_actions.can_force_process(trade),
        "cancel_available": allowed_actions.can_cancel(trade),
        "finished": trade.is_terminal and trade.status not in STEPLESS_STATUSES,
        "base_position_step_finished": trade.is_entered or trade.is_terminal,
        "entered_amount": format_decimal(trade.entered_amount),
        "entered_total": format_decimal(trade.entered_total),
        "closed_amount": format_decimal(trade.closed_amount),
        "closed_total": format_decimal(trade.closed_total),
        "commission": float(COMMISSION),
        "created_at": format_instant(trade.created_at_ms),
        "updated_at": format_instant(trade.updated_at_ms),
    }
    if trade.closed_at_ms is not None:
        progress["closed_at"] = format_instant(trade.closed_at_ms)
    return progress | {"type": trade.kind}
