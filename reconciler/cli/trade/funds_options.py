"""The options of `trade add-funds` and `trade reduce-funds`: the size and the price of the order."""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import click

from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.model.commands import Funds

R = TypeVar("R")


def funds_options(function: Callable[..., R]) -> Callable[..., R]:
    """Add the options of an order; they come as `funds`."""

    @functools.wraps(function)
    def packed(*args: object, units: str, price: str | None, is_market: bool, **others: object) -> R:
        return function(*args, funds=_read_funds(units, price, is_market=is_market), **others)

    units = click.option("--units", required=True, metavar="UNITS", help="Size in base currency.")
    market = click.option("--market", "is_market", is_flag=True, help="At market, now.")
    price = click.option("--price", metavar="PRICE", help="At this limit price, in quote currency.")
    return units(market(price(packed)))


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
