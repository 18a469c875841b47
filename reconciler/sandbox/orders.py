"""Orders at the exchange: at which price they fill, what they cost, and what they hold while they rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from reconciler.sandbox.market import Pair, Quote
from reconciler.sandbox.terms import Side
from reconciler.sandbox.trade import Fill
from reconciler.sandbox.wallet import Wallet

# Share of the total, taken in quote currency on either side. Source: published examples of a paper account.
COMMISSION = Decimal("0.001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that the engine may look at when it moves a trade.

    Args:
        pair: Limits of the trade's pair.
        before: Prices before the event.
        after: Prices now; the same as before unless the event is a tick.
        wallet: Balances of the trade's account.
        at_ms: Sandbox time in milliseconds since 1970.
    """

    pair: Pair
    before: Quote
    after: Quote
    wallet: Wallet
    at_ms: int


class Reservation(Protocol):
    """An order that may hold funds."""

    reserved: Decimal


def pay_total(amount: Decimal, price: Decimal) -> Decimal:
    """Quote currency that a buy costs, commission included."""
    return amount * price * (1 + COMMISSION)


def receive_total(amount: Decimal, price: Decimal) -> Decimal:
    """Quote currency that a sell brings, commission deducted."""
    return amount * price * (1 - COMMISSION)


def market_price(side: Side, quote: Quote) -> Decimal:
    """Price at which a market order fills: ask for a buy, bid for a sell."""
    return quote.ask if side is Side.BUY else quote.bid


def meet_limit(side: Side, limit: Decimal, moment: Moment) -> Decimal | None:
    """Price at which a limit order fills now, or None while it rests.

    One that was marketable before the event has not rested yet and fills like a market order.

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
    """The same for a limit order that is placed in this very event."""
    return meet_limit(side, limit, replace(moment, before=moment.after))


def place_order(order: Reservation, side: Side, amount: Decimal, price: Decimal, moment: Moment) -> None:
    """Sets aside what a resting order needs: total plus fee for a buy, units for a sell.

    Raises:
        InsufficientFunds: The account has too little free.

    Source: assumed, as exchanges do.
    """
    reserved = pay_total(amount, price) if side is Side.BUY else amount
    moment.wallet.reserve(_paying_currency(side, moment.pair), reserved)
    order.reserved = reserved


def withdraw_order(order: Reservation, side: Side, moment: Moment) -> None:
    """Takes an order back from the exchange; nothing happens to one that holds no funds."""
    if order.reserved:
        moment.wallet.release(_paying_currency(side, moment.pair), order.reserved)
        order.reserved = Decimal(0)


def execute_order(side: Side, amount: Decimal, price: Decimal, moment: Moment) -> Fill:
    """Fills an order from free funds; one that rested is withdrawn first.

    Raises:
        InsufficientFunds: The account has too little free; nothing has changed.
    """
    pair, wallet = moment.pair, moment.wallet
    if side is Side.BUY:
        total = pay_total(amount, price)
        wallet.spend(pair.quote, total)
        wallet.earn(pair.base, amount)
    else:
        total = receive_total(amount, price)
        wallet.spend(pair.base, amount)
        wallet.earn(pair.quote, total)
    return Fill(amount=amount, price=price, total=total, filled_at_ms=moment.at_ms)


def _is_marketable(side: Side, limit: Decimal, quote: Quote) -> bool:
    return quote.ask <= limit if side is Side.BUY else quote.bid >= limit


def _paying_currency(side: Side, pair: Pair) -> str:
    return pair.quote if side is Side.BUY else pair.base
