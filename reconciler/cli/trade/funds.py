"""`trade add-funds` and `trade reduce-funds`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from reconciler.cli.options import common_options
from reconciler.cli.trade.options import id_option, select, write_options
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from decimal import Decimal

    from reconciler.model.commands import Command, Funds
    from reconciler.model.live import LiveTrade, Rates
    from reconciler.workflows.trade_session import Session

P = ParamSpec("P")
R = TypeVar("R")


def _order_options(function: Callable[P, R]) -> Callable[P, R]:
    units = click.option("--units", required=True, metavar="UNITS", help="Size in base currency.")
    market = click.option("--market", "is_market", is_flag=True, help="At market, now.")
    price = click.option("--price", metavar="PRICE", help="At this limit price, in quote currency.")
    return units(market(price(function)))


@click.command("add-funds")
@click.argument("words", nargs=-1, metavar="NAME")
@id_option
@_order_options
@write_options
@common_options
def add_funds(
    words: tuple[str, ...],
    live_id: int | None,
    units: str,
    price: str | None,
    lock_timeout: float,
    *,
    is_market: bool,
    auto_approve: bool,
) -> int:
    """Make the position larger.

    At market, or by a limit order that waits for its price.
    """
    selector, _ = select(words, live_id)
    funds = _read_funds(units, price, is_market=is_market)
    from reconciler.applying.command_effects import list_added
    from reconciler.cli.trade.run import run_command
    from reconciler.live.orders import read_orders
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout) as session:

        def prepare(live: LiveTrade) -> Command:
            # What is there before tells afterwards whether a lost request had its effect.
            orders = read_orders(session.api, live.id)
            commands = Commands(live, session.settings.workspaces)
            return commands.add_funds(funds, orders, list_added(orders), _read_limits(session, live))

        return run_command(session, selector, prepare)


@click.command("reduce-funds")
@click.argument("words", nargs=-1, metavar="NAME")
@id_option
@_order_options
@write_options
@common_options
def reduce_funds(
    words: tuple[str, ...],
    live_id: int | None,
    units: str,
    price: str | None,
    lock_timeout: float,
    *,
    is_market: bool,
    auto_approve: bool,
) -> int:
    """Make the position smaller.

    At market, or by a limit order that waits for its price; the question tells how much is possible.
    """
    selector, _ = select(words, live_id)
    funds = _read_funds(units, price, is_market=is_market)
    from reconciler.cli.trade.run import run_command
    from reconciler.planning.commands import Commands
    from reconciler.workflows.trade_session import open_writing

    with open_writing(auto_approve=auto_approve, lock_timeout=lock_timeout) as session:

        def prepare(live: LiveTrade) -> Command:
            commands = Commands(live, session.settings.workspaces)
            commands.require_reducible()
            return commands.reduce_funds(funds, _read_largest(session, live), _read_limits(session, live))

        return run_command(session, selector, prepare)


def _read_limits(session: Session, live: LiveTrade) -> Rates | None:
    """Limits of the trade's pair; None where the API tells none, so that the exchange decides."""
    from reconciler.errors import AccessRefused, RequestRefused

    try:
        return session.read_rates(live.terms.account_id, live.terms.pair)
    except AccessRefused:
        raise
    except RequestRefused:
        return None


def _read_largest(session: Session, live: LiveTrade) -> Decimal:
    """Source: reduce funds info page: a decimal text of up to 27 digits."""
    from reconciler.codec.numbers import to_decimal
    from reconciler.errors import UnreadableAnswer

    answer = session.api.reduce_funds_info(live.id)
    try:
        return to_decimal(answer.get("max_reduce_funds_amount"))
    except ValueError as error:
        raise UnreadableAnswer(f"how much #{live.id} can be reduced by cannot be read: {error}") from error


def _read_funds(units: str, price: str | None, *, is_market: bool) -> Funds:
    from reconciler.model.commands import Funds
    from reconciler.model.terms import OrderType

    if is_market == (price is not None):
        raise UsageError("say how: --market for an order at market, or --price with a limit price")
    return Funds(
        order_type=OrderType.MARKET if is_market else OrderType.LIMIT,
        units=_read_amount("--units", units),
        price=None if price is None else _read_amount("--price", price),
    )


def _read_amount(option: str, text: str) -> Decimal:
    from reconciler.codec.numbers import to_decimal

    try:
        amount = to_decimal(text.strip())
    except ValueError:
        raise UsageError(f"{option}: found {text!r}, expected a number above zero") from None
    if amount <= 0:
        raise UsageError(f"{option}: found {text}, expected a number above zero")
    return amount


COMMANDS = (add_funds, reduce_funds)
