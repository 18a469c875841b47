"""Added and reduced funds of a live trade: what has to be read before the user is asked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.applying.command_effects import list_added
from reconciler.codec.numbers import to_decimal
from reconciler.errors import AccessRefused, RequestRefused, UnreadableAnswer
from reconciler.live.orders import read_orders
from reconciler.model.commands import Funds
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.markets import settle_market
from reconciler.model.operations import Operation
from reconciler.planning.commands import Commands
from reconciler.workflows.trade_session import TradeSession


def prepare_added(trades: TradeSession, live: LiveTrade, funds: Funds) -> Operation:
    """Make the operation that adds to a position.

    Args:
        trades: Where to read.
        live: The trade, just read.
        funds: The order.

    Raises:
        CommandRefused: The trade does not take funds now, or the exchange no such order.
        ApiError: Something cannot be read.
    """
    # What is there before shows afterwards whether a lost request had its effect.
    orders = read_orders(trades.session.api, live.id)
    rates = _read_limits(trades, live)
    commands = Commands(_on_market(live, rates), trades.workspaces)
    return commands.add_funds(funds, orders, list_added(orders), rates)


def prepare_reduced(trades: TradeSession, live: LiveTrade, funds: Funds) -> Operation:
    """Make the operation that takes from a position.

    Args:
        trades: Where to read.
        live: The trade, just read.
        funds: The order.

    Raises:
        CommandRefused: The trade cannot be reduced now, or not by so much, or the exchange takes no such order.
        ApiError: Something cannot be read.
    """
    commands = Commands(live, trades.workspaces)
    commands.require_reducible()
    rates = _read_limits(trades, live)
    commands = Commands(_on_market(live, rates), trades.workspaces)
    return commands.reduce_funds(funds, _read_largest(trades, live), rates)


def _on_market(live: LiveTrade, rates: Rates | None) -> LiveTrade:
    """Return a trade with its market as the rates say it, joined with what the trade itself shows."""
    if rates is None:
        return live
    return replace(live, terms=live.terms.on(settle_market(rates.market, [live.terms.market])))


def _read_limits(trades: TradeSession, live: LiveTrade) -> Rates | None:
    """Read the limits of the trade's pair; None if the API has none, so that the exchange decides."""
    try:
        return trades.read_rates(live.terms.account_id, live.terms.pair)
    except AccessRefused:
        raise
    except RequestRefused:
        return None


def _read_largest(trades: TradeSession, live: LiveTrade) -> Decimal:
    """Source: reduce funds info page: a decimal text of up to 27 digits."""
    answer = trades.session.api.reduce_funds_info(live.id)
    try:
        return to_decimal(answer.get("max_reduce_funds_amount"))
    except ValueError as error:
        raise UnreadableAnswer(f"how much #{live.id} can be reduced by cannot be read: {error}") from error
