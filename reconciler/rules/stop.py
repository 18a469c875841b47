"""A stop has an order type and a trigger; a limit stop has a price, a timeout has whole seconds.

Source: SmartTradesV2 page, stop_loss; timeout "value in seconds".
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import is_whole, plain
from reconciler.rules.candidate import Candidate, Finding, require, warn


def check_stop(candidate: Candidate) -> Iterator[Finding]:
    """Find a stop that is not complete."""
    if not candidate.has_stop:
        return
    price = candidate.number("stop_loss", "price", "value")
    if price is not None and price > 0 and candidate.get("stop_loss", "conditional") is None:
        yield _report_lost_trigger(candidate, price)
        return
    yield from require(candidate, "stop_loss", "order_type", expected="market or limit")
    if candidate.get("stop_loss", "conditional") is None:
        yield from require(candidate, "stop_loss", "conditional", expected="the trigger, 'conditional: {price: ...}'")
    else:
        yield from require(candidate, "stop_loss", "conditional", "price", expected="the trigger price")
    if candidate.get("stop_loss", "order_type") == "limit":
        yield from require(candidate, "stop_loss", "price", "value", expected="the price of the limit order")


def _report_lost_trigger(candidate: Candidate, price: Decimal) -> Finding:
    shown = plain(price)
    line = f"stop_loss: {{order_type: market, conditional: {{price: {shown}}}}}"
    if candidate.get("stop_loss", "order_type") == "limit":
        line = f"stop_loss: {{order_type: limit, price: {shown}, conditional: {{price: {shown}}}}}"
    return Finding(
        path=("stop_loss", "conditional"), message=f"found a price and no trigger, expected both apart; write {line}"
    )


def check_timeout(candidate: Candidate) -> Iterator[Finding]:
    """Find a timeout without seconds, or with fractions of a second."""
    timeout = ("stop_loss", "timeout")
    if not candidate.has_stop or not candidate.is_on(*timeout, "enabled"):
        return
    yield from require(candidate, *timeout, "value", expected="whole seconds, at least 1")
    seconds = candidate.number(*timeout, "value")
    if seconds is not None and (seconds < 1 or not is_whole(seconds)):
        message = f"found {plain(seconds)} seconds, expected whole seconds, at least 1"
        yield Finding(path=(*timeout, "value"), message=message)


def check_stop_price(candidate: Candidate) -> Iterator[Finding]:
    """Find a limit stop whose order is on the wrong side of its trigger, so that the price moves away from it."""
    if not candidate.has_stop or candidate.get("stop_loss", "order_type") != "limit":
        return
    price = candidate.number("stop_loss", "price", "value")
    trigger = candidate.number("stop_loss", "conditional", "price", "value")
    side = candidate.get("position", "type")
    if price is None or trigger is None:
        return
    if (side == "buy" and price > trigger) or (side == "sell" and price < trigger):
        where = "above" if side == "buy" else "below"
        message = f"found the limit price {plain(price)} {where} the trigger {plain(trigger)}: it may never be filled"
        yield warn(("stop_loss", "price", "value"), message)
