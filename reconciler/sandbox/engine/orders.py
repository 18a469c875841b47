"""Orders at the exchange: the price at which they fill, their cost, and the funds reserved while they rest."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.trade import ZERO, Fill, Order
from reconciler.sandbox.values.market import Pair, Quote
from reconciler.sandbox.values.options import FeeCurrency
from reconciler.sandbox.values.terms import Side

# Share of the total that the API assumes when it estimates the result of closing, whatever fee the exchange takes.
# Source: published examples, `data.commission`.
COMMISSION = Decimal("0.001")


def estimate_payment(worth: Decimal) -> Decimal:
    """Quote currency that an order of this worth would cost, commission included."""
    return worth * (1 + COMMISSION)


def estimate_receipt(worth: Decimal) -> Decimal:
    """Quote currency that an order of this worth would bring, less commission."""
    return worth * (1 - COMMISSION)


def pays_quote(side: Side, pair: Pair) -> bool:
    """Return whether an order costs quote currency: a buy, but on an inverse pair a sell.

    An inverse contract bought is a fixed sum in USD sold for coins, so a buy brings coins and a sell costs them.
    """
    return (side is Side.BUY) is not pair.is_inverse


def market_price(side: Side, quote: Quote) -> Decimal:
    """Price at which a market order fills: ask for a buy, bid for a sell."""
    return quote.ask if side is Side.BUY else quote.bid


def meet_limit(side: Side, limit: Decimal, moment: Moment) -> Decimal | None:
    """Price at which a limit order fills now, or None while it rests.

    A limit that was already marketable before the event has not rested yet, and fills like a market order.

    Args:
        side: Side of the order.
        limit: Its price.
        moment: Prices before and now.

    Source: assumed, as exchanges do.
    """
    if not _is_marketable(side, limit, moment.after):
        return None
    return market_price(side, moment.after) if _is_marketable(side, limit, moment.before) else limit


def meet_new_limit(side: Side, limit: Decimal, moment: Moment) -> Decimal | None:
    """Price at which a limit order fills that is placed in this event, or None if it rests."""
    return meet_limit(side, limit, replace(moment, before=moment.after))


def place_order(order: Order, side: Side, units: Decimal, price: Decimal, moment: Moment) -> None:
    """Reserve the funds of a resting order: total plus fee for a buy, units for a sell.

    A buy of inverse contracts costs nothing, because margin is not simulated.

    Raises:
        InsufficientFunds: The account has too little free.

    Source: assumed, as exchanges do.
    """
    reserved = _find_reserve(side, units, price, moment)
    if reserved:
        moment.wallet.reserve(_paying_currency(side, moment.pair), reserved)
    order.reserved = reserved


def withdraw_order(order: Order, side: Side, moment: Moment) -> None:
    """Withdraw an order from the exchange, and release its funds; an order without reserved funds stays unchanged."""
    if order.reserved:
        moment.wallet.release(_paying_currency(side, moment.pair), order.reserved)
        order.reserved = ZERO


def execute_order(order: Order, side: Side, units: Decimal, price: Decimal, moment: Moment) -> Fill:
    """Fill a number of units of an order; a resting order is withdrawn first and does not rest again.

    Returns:
        This fill, already added to the order.

    Raises:
        InsufficientFunds: The account has too little free.
    """
    withdraw_order(order, side, moment)
    pair, wallet, fee = moment.pair, moment.wallet, moment.options.fee
    worth = pair.worth(units, price)
    amount = units if side is Side.SELL or _has_quote_fee(moment) else units * (1 - fee)
    if pays_quote(side, pair):
        total = _pay_total(worth, moment)
        wallet.spend(pair.quote, total)
    else:
        total = worth * (1 - fee)
    if side is Side.BUY:
        wallet.earn(pair.base, amount)
    else:
        wallet.spend(pair.base, units)
    if not pays_quote(side, pair):
        wallet.earn(pair.quote, total)
    part = Fill(units=units, amount=amount, worth=worth, total=total, filled_at_ms=moment.at_ms)
    order.book(part)
    return part


def _find_reserve(side: Side, units: Decimal, price: Decimal, moment: Moment) -> Decimal:
    if side is Side.SELL:
        return units
    return ZERO if moment.pair.is_inverse else _pay_total(moment.pair.worth(units, price), moment)


def _pay_total(worth: Decimal, moment: Moment) -> Decimal:
    return worth * (1 + moment.options.fee) if _has_quote_fee(moment) else worth


def _has_quote_fee(moment: Moment) -> bool:
    """Return whether the fee of every order is taken in quote currency; nobody takes a fee in contracts."""
    return moment.pair.is_contract or moment.options.fee_currency is FeeCurrency.QUOTE


def _is_marketable(side: Side, limit: Decimal, quote: Quote) -> bool:
    return quote.ask <= limit if side is Side.BUY else quote.bid >= limit


def _paying_currency(side: Side, pair: Pair) -> str:
    return pair.quote if side is Side.BUY else pair.base
