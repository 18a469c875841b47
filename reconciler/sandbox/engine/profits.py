"""Profit and average prices of a position, as the API shows them.

Source: SmartTrade page, `profit` and `data`; the arithmetic reproduces the published examples.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from reconciler.sandbox.engine.orders import estimate_payment, estimate_receipt, market_price, pays_quote
from reconciler.sandbox.engine.trade import ZERO, Fill, SmartTrade
from reconciler.sandbox.values.decimals import format_decimal, format_optional, truncate_to
from reconciler.sandbox.values.market import Pair, Quote
from reconciler.sandbox.values.pairs import PAIRS
from reconciler.sandbox.values.statuses import STEPLESS_STATUSES

_CENT = Decimal("0.01")


def calculate_profit(trade: SmartTrade, quote: Quote) -> Decimal | None:
    """Profit in quote currency as if all that is left were closed now; None if no profit is shown.

    Args:
        trade: The trade.
        quote: Current prices of its pair.

    Source: six published examples of long and short trades, reproduced to the last digit.
    """
    if not trade.entered_amount or trade.is_instant or trade.status in STEPLESS_STATUSES:
        return None
    pair = PAIRS[trade.pair]
    left = pair.worth(trade.left_amount, market_price(trade.exit_side, quote))
    if pays_quote(trade.position.terms.side, pair):
        return trade.closed_total + estimate_receipt(left) - trade.entered_total
    return trade.entered_total - trade.closed_total - estimate_payment(left)


def average_price(trade: SmartTrade, pair: Pair) -> Decimal:
    """Average entry price, commission included, truncated to the price step. Source: published examples."""
    return truncate_to(pair.mean_price(trade.entered_amount, trade.entered_total), pair.price_step)


def bare_total(trade: SmartTrade, pair: Pair) -> Decimal:
    """Cost of the units of the position without commission.

    Own funds count at their own price; nothing else is known about them.

    Source: add funds page (44 units bought, 43.736 held: their total without commission is 0.994 of the total).
    """
    fills = [order.fill for order in trade.list_entering() if order.fill is not None]
    terms = trade.position.terms
    own = pair.worth(terms.units, terms.price) if trade.skip_enter_step and terms.price else ZERO
    return own + sum((pair.worth(fill.amount, fill.price(pair)) for fill in fills), ZERO)


def bare_price(trade: SmartTrade, pair: Pair) -> Decimal | None:
    """Average entry price without commission; exact for one fill, truncated to the price step for several."""
    fills = [order.fill for order in trade.list_entering() if order.fill is not None]
    if not fills or (trade.skip_enter_step and not trade.averaging):
        return None
    if len(fills) == 1 and not trade.skip_enter_step:
        return fills[0].price(pair)
    return truncate_to(pair.mean_price(trade.entered_amount, bare_total(trade, pair)), pair.price_step)


def describe_averages(trade: SmartTrade, pair: Pair) -> dict[str, object]:
    """The average prices of the `data` group; None before entry and close, and for own funds."""
    entry = bare_price(trade, pair)
    closes = _list_closes(trade)
    units = sum((fill.units for fill in closes), ZERO)
    worth = sum((fill.worth for fill in closes), ZERO)
    return {
        "average_enter_price": None if entry is None else format_decimal(average_price(trade, pair)),
        "average_close_price": _format_mean(pair, units, trade.closed_total),
        "average_enter_price_without_commission": format_optional(entry),
        "average_close_price_without_commission": _format_mean(pair, units, worth),
    }


def _format_mean(pair: Pair, units: Decimal, total: Decimal) -> str | None:
    """Format the price at which units were worth a total, truncated to the price step; None without units."""
    return format_decimal(truncate_to(pair.mean_price(units, total), pair.price_step)) if units else None


def _list_closes(trade: SmartTrade) -> list[Fill]:
    return [order.fill for order in trade.list_closing() if order.fill is not None]


def describe_profit(trade: SmartTrade, quotes: dict[str, Quote]) -> dict[str, object]:
    """The `profit` group."""
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
