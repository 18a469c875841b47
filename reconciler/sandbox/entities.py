"""SmartTrades as the API shows them.

Source: fact sheet 6 (entity), 6.8 (number formatting), 6.9 (arithmetic), 8 (statuses), and the published answer of
"Cancel trade".
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from reconciler.sandbox import gates
from reconciler.sandbox.accounts import describe_trade_account
from reconciler.sandbox.calendar import format_instant
from reconciler.sandbox.market import Pair, Quote
from reconciler.sandbox.numerals import format_decimal, format_optional, truncate_to
from reconciler.sandbox.orders import COMMISSION, market_price, pay_total, receive_total
from reconciler.sandbox.pairs import PAIRS
from reconciler.sandbox.store import Account
from reconciler.sandbox.terms import EntryType, OrderType
from reconciler.sandbox.trade import Fill, MarketClose, OrderStatus, SmartTrade, Step, Stop, TradeStatus

TRADE_TITLES = {
    TradeStatus.CREATED: "Pending",
    TradeStatus.WAITING_POSITION: "Pending Position Opened",
    TradeStatus.WAITING_TARGETS: "Waiting Targets",
    TradeStatus.CANCELLATION_PENDING: "Cancelling",
    TradeStatus.CANCELLED: "Cancelled",
    TradeStatus.PANIC_SELL_PENDING: "Closing at Market Price",
    # Titles from here on are assumed, but for "Failed".
    TradeStatus.PANIC_SOLD: "Closed at Market Price",
    TradeStatus.STOP_LOSS_IN_PROGRESS: "Stop Loss In Progress",
    TradeStatus.STOP_LOSS_FINISHED: "Stop Loss Finished",
    TradeStatus.FINISHED: "Finished",
    TradeStatus.FAILED: "Failed",
}

ORDER_TITLES = {
    OrderStatus.IDLE: "Pending",
    OrderStatus.TO_PROCESS: "Pending",
    OrderStatus.ORDER_PLACED: "Placed",
    OrderStatus.FINISHED: "Finished",
    OrderStatus.FAILED: "Failed",
    OrderStatus.CANCELLED: "Cancelled",
    OrderStatus.PANIC_SELL_PENDING: "Panic closing",
    OrderStatus.PANIC_SOLD: "Panic closed",
    OrderStatus.OWN_FUNDS: "Own funds",
}

# Statuses of which the take-profit steps are shown as gone. Source: fact sheet 6.3.
_STEPLESS = frozenset({TradeStatus.CANCELLED, TradeStatus.FAILED})

_CENT = Decimal("0.01")


def describe_trade(trade: SmartTrade, account: Account, quotes: dict[str, Quote]) -> dict[str, object]:
    """The SmartTrade entity.

    Args:
        trade: The trade.
        account: Its account.
        quotes: Present prices by pair.
    """
    pair, quote = PAIRS[trade.pair], quotes[trade.pair]
    return {
        "id": trade.id,
        "version": 2,
        "account": describe_trade_account(account),
        "pair": trade.pair,
        "instant": trade.is_instant,
        "status": _describe_trade_status(trade),
        # Every account is a spot account, where leverage is ignored. Source: fact sheet 5.2.
        "leverage": {"enabled": False},
        "position": _describe_position(trade, pair, quote),
        "take_profit": _describe_take_profit(trade),
        "stop_loss": {"enabled": False} if trade.stop is None else _describe_stop(trade.stop),
        "reduce_funds": {"steps": []},
        "market_close": {} if trade.market_close is None else _describe_close(trade.market_close),
        "note": trade.note or "",
        "note_raw": trade.note,
        "skip_enter_step": trade.skip_enter_step,
        "data": _describe_progress(trade, pair, quote),
        "profit": _describe_profit(trade, quotes),
        "margin": {"amount": None, "total": None},
        "is_position_not_filled": not trade.is_entered,
    }


def calculate_profit(trade: SmartTrade, quote: Quote) -> Decimal | None:
    """Profit in quote currency as if all that is left were closed now; None where no profit is shown.

    Args:
        trade: The trade.
        quote: Present prices of its pair.

    Source: fact sheet 6.7 and 6.9.
    """
    if not trade.is_entered or trade.is_instant or trade.status in _STEPLESS:
        return None
    price = market_price(trade.exit_side, quote)
    if trade.is_long:
        return trade.closed_total + receive_total(trade.left_amount, price) - trade.entered_total
    return trade.entered_total - trade.closed_total - pay_total(trade.left_amount, price)


def average_price(trade: SmartTrade, pair: Pair) -> Decimal:
    """Average entry price, commission included, truncated to the price step. Source: fact sheet 6.9."""
    return truncate_to(trade.entered_total / trade.entered_amount, pair.price_step)


def _describe_trade_status(trade: SmartTrade) -> dict[str, object]:
    status = {"type": trade.status.value, "basic_type": trade.status.value, "title": TRADE_TITLES[trade.status]}
    return {**status} if trade.error is None else {**status, "error": trade.error}


def _describe_order_status(status: OrderStatus) -> dict[str, object]:
    return {"type": status, "basic_type": status, "title": ORDER_TITLES[status]}


def _describe_position(trade: SmartTrade, pair: Pair, quote: Quote) -> dict[str, object]:
    position, terms = trade.position, trade.position.terms
    price, bare_price, total = _show_entry(trade, pair, quote)
    entity: dict[str, object] = {
        "type": terms.side,
        "editable": trade.skip_enter_step,
        "units": {"value": format_decimal(trade.entered_amount or terms.units), "editable": False},
        "price": {
            "value": format_decimal(price),
            "value_without_commission": format_optional(bare_price),
            "editable": trade.skip_enter_step or not trade.is_entered,
        },
        "total": {"value": format_decimal(total)},
        "order_type": terms.order_type,
    }
    if terms.order_type is EntryType.CONDITIONAL:
        entity["conditional"] = {
            "editable": not trade.is_entered,
            "price": {"value": format_optional(terms.trigger), "type": terms.trigger_type},
            "order_type": terms.conditional_order_type,
            "trailing": _describe_trailing(terms.trailing_pct),
        }
    entity["status"] = _describe_order_status(position.status)
    return entity


def _show_entry(trade: SmartTrade, pair: Pair, quote: Quote) -> tuple[Decimal, Decimal | None, Decimal]:
    """Price, price without commission, and total of the position, planned or real."""
    terms, fill = trade.position.terms, trade.position.fill
    if fill is not None:
        return average_price(trade, pair), fill.price, trade.entered_total
    price = market_price(terms.side, quote) if terms.price is None else terms.price
    return price, None if trade.skip_enter_step else price, terms.units * price


def _describe_take_profit(trade: SmartTrade) -> dict[str, object]:
    steps = [] if trade.status in _STEPLESS else trade.steps
    in_percent = any(step.terms.price is None for step in trade.steps)
    return {
        "enabled": trade.has_take_profit,
        "price_type": "percentage" if in_percent else "value",
        "steps": [_describe_step(step, number) for number, step in enumerate(steps, start=1)],
    }


def _describe_step(step: Step, number: int) -> dict[str, object]:
    total = None if step.units is None or step.price is None else step.units * step.price
    return {
        "id": step.id,
        "order_type": step.terms.order_type,
        "editable": step.is_open,
        "units": {"value": format_optional(step.units)},
        "price": {
            "type": step.terms.price_type,
            "value": format_optional(step.price),
            "percent": format_optional(step.terms.percent),
        },
        "volume": format_decimal(step.terms.volume_pct),
        "total": format_optional(total),
        "trailing": _describe_trailing(step.terms.trailing_pct),
        "status": _describe_order_status(step.status),
        "data": {"cancelable": gates.can_cancel_step(step), "panic_sell_available": gates.can_close_step(step)},
        "position": number,
    }


def _describe_stop(stop: Stop) -> dict[str, object]:
    terms = stop.terms
    timeout = None if terms.timeout_s is None else str(terms.timeout_s)
    return {
        "enabled": True,
        "price_type": "value" if terms.percent is None else "percentage",
        "breakeven": terms.has_breakeven,
        "order_type": terms.order_type,
        "editable": stop.status in (OrderStatus.IDLE, OrderStatus.TO_PROCESS),
        "price": {
            "value": format_optional(terms.limit_price if terms.order_type is OrderType.LIMIT else None),
            "percent": None,
        },
        "conditional": {
            "price": {
                "value": format_optional(stop.trigger),
                "type": terms.price_type,
                "percent": format_optional(terms.percent),
            },
            "trailing": _describe_trailing(terms.trailing_pct),
        },
        "timeout": {"enabled": timeout is not None, "value": timeout},
        "status": _describe_order_status(stop.status),
    }


def _describe_trailing(distance_pct: Decimal | None) -> dict[str, object]:
    return {"enabled": distance_pct is not None, "percent": format_optional(distance_pct)}


def _describe_close(close: MarketClose) -> dict[str, object]:
    fill = close.fill
    average = None if fill is None or not fill.amount else fill.total / fill.amount
    return {
        "id": close.id,
        "type": "market",
        "status": _describe_order_status(close.status),
        "units": {"value": None if fill is None else format_decimal(fill.amount)},
        "price": {
            "value": format_optional(average),
            "value_without_commission": None if fill is None else format_decimal(fill.price),
        },
        "total": {"value": None if fill is None else format_decimal(fill.total)},
    }


def _describe_progress(trade: SmartTrade, pair: Pair, quote: Quote) -> dict[str, object]:
    """The `data` group."""
    progress: dict[str, object] = {
        "editable": gates.can_edit(trade),
        "current_price": {
            "bid": format_decimal(quote.bid),
            "ask": format_decimal(quote.ask),
            "last": format_decimal(quote.last),
            "quote_volume": format_decimal(pair.quote_volume),
            "day_change_percent": format_decimal(pair.day_change_pct),
        },
        "target_price_type": "price",
        "orderbook_price_currency": pair.quote,
        # True in every published example. Source: fact sheet 6.6.
        "base_order_finished": True,
        "missing_funds_to_close": "0.0",
        "liquidation_price": None,
        **_describe_averages(trade, pair),
        "panic_sell_available": gates.can_close(trade),
        "add_funds_available": gates.can_add_funds(trade),
        "reduce_funds_available": gates.can_reduce_funds(trade),
        "force_start_available": gates.can_force_start(trade),
        "force_process_available": gates.can_force_process(trade),
        "cancel_available": gates.can_cancel(trade),
        "finished": trade.is_terminal and trade.status not in _STEPLESS,
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


def _describe_averages(trade: SmartTrade, pair: Pair) -> dict[str, object]:
    entry = trade.position.fill
    closes = _list_closes(trade)
    amount = sum((fill.amount for fill in closes), Decimal(0))
    bare_total = sum((fill.amount * fill.price for fill in closes), Decimal(0))
    step = pair.price_step
    return {
        "average_enter_price": None if entry is None else format_decimal(average_price(trade, pair)),
        "average_close_price": format_decimal(truncate_to(trade.closed_total / amount, step)) if amount else None,
        "average_enter_price_without_commission": None if entry is None else format_decimal(entry.price),
        "average_close_price_without_commission": (
            format_decimal(truncate_to(bare_total / amount, step)) if amount else None
        ),
    }


def _list_closes(trade: SmartTrade) -> list[Fill]:
    orders = (*trade.steps, trade.stop, trade.market_close)
    return [order.fill for order in orders if order is not None and order.fill is not None]


def _describe_profit(trade: SmartTrade, quotes: dict[str, Quote]) -> dict[str, object]:
    volume = calculate_profit(trade, quotes[trade.pair])
    if volume is None:
        return {"volume": None, "usd": None, "percent": "0.0", "roe": None}
    percent = (volume / trade.entered_total * 100).quantize(_CENT, ROUND_HALF_UP) if trade.entered_total else Decimal(0)
    quote_currency = PAIRS[trade.pair].quote
    usd = volume if quote_currency == "USDT" else volume * quotes[f"USDT_{quote_currency}"].last
    return {
        "volume": format_decimal(volume),
        "usd": format_decimal(usd),
        "percent": format_decimal(percent),
        "roe": None,
    }
