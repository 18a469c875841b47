"""Averaging orders: each has its own price and a size, on a trade to which the API can add funds.

Source: SmartTradesV2 page, add funds: "not with trailing enabled", not for simple trades; a limit order needs a price.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.documents import FieldPath
from reconciler.rules.candidate import Candidate, Finding, require, warn

_TRAILING: tuple[tuple[FieldPath, str], ...] = (
    (("position", "conditional", "trailing"), "the entry trails"),
    (("stop_loss", "conditional", "trailing"), "the stop trails"),
)


def check_averaging(candidate: Candidate) -> Iterator[Finding]:
    """Find orders that are incomplete, or that have the same price as another one."""
    first_with: dict[Decimal, int] = {}
    for place, order in enumerate(candidate.averaging):
        yield from require(candidate, *order, "price", expected="the limit price")
        yield from require(candidate, *order, "units", expected="a size such as 0.01")
        price = candidate.number(*order, "price", "value")
        if price is None:
            continue
        first = first_with.setdefault(price, place)
        if first != place:
            message = (
                f"found a second order at {plain(price)}, like averaging[{first}];"
                " expected different prices, since the price identifies an order"
            )
            yield Finding(path=(*order, "price", "value"), message=message)


def check_averaging_offered(candidate: Candidate) -> Iterator[Finding]:
    """Find orders on a trade to which the API never adds funds."""
    if not candidate.averaging:
        return
    reasons = [reason for path, reason in _TRAILING if _is_in_force(candidate, path)]
    reasons += ["a step trails"] * any(candidate.is_on(*step, "trailing", "enabled") for step in candidate.steps)
    if candidate.is_on("instant"):
        message = "found averaging at an instant trade, which ends with its entry; expected no averaging"
        yield Finding(path=("averaging",), message=message)
    elif reasons:
        message = f"found averaging, but {reasons[0]}: 3Commas adds no funds then; expected only one of the two"
        yield Finding(path=("averaging",), message=message)


def check_averaging_prices(candidate: Candidate) -> Iterator[Finding]:
    """Find orders that would execute as soon as they are sent, or that are beyond the stop.

    Warnings, since a trader may want this: a price that jumps may reach an order beyond the stop, and an order that the
    entry price has passed averages at once.
    """
    side = candidate.get("position", "type")
    if side not in ("buy", "sell"):
        return
    is_long = side == "buy"
    stop, entry = _find_stop(candidate), _find_entry_price(candidate)
    for order in candidate.averaging:
        price = candidate.number(*order, "price", "value")
        if price is None or price <= 0:
            continue
        path = (*order, "price", "value")
        if stop is not None and _is_beyond(price, stop, is_long=is_long):
            where = "at or below" if is_long else "at or above"
            message = f"found {plain(price)}, {where} the stop at {plain(stop)}, which closes the position first"
            yield warn(path, message)
        elif entry is not None and _is_beyond(entry, price, is_long=is_long):
            where, verb = ("at or above", "bought") if is_long else ("at or below", "sold")
            message = f"found {plain(price)}, {where} the entry at {plain(entry)}: it would be {verb} as soon as sent"
            yield warn(path, message)


def _is_in_force(candidate: Candidate, path: FieldPath) -> bool:
    is_there = candidate.get("position", "order_type") == "conditional" if path[0] == "position" else candidate.has_stop
    return is_there and candidate.is_on(*path, "enabled")


def _find_stop(candidate: Candidate) -> Decimal | None:
    """Find the level of a stop that fires as soon as it is reached. A stop with a timeout may let prices go beyond."""
    if not candidate.has_stop or candidate.is_on("stop_loss", "timeout", "enabled"):
        return None
    return candidate.number("stop_loss", "conditional", "price", "value")


def _find_entry_price(candidate: Candidate) -> Decimal | None:
    """Find the price at which the entry fills; None if it depends on the market."""
    if candidate.is_on("skip_enter_step") or not candidate.rests_at_limit:
        return None
    return candidate.number("position", "price", "value")


def _is_beyond(price: Decimal, level: Decimal, *, is_long: bool) -> bool:
    """Return whether a price is at a level or on its losing side."""
    return price <= level if is_long else price >= level
