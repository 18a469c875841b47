"""The exits of a request: terms of take profit and stop loss.

Source: SmartTradesV2 page, parameters of create; keys and messages as issue threads of the docs repository show them.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.requests.fields import MISSING, Fields
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.terms import OrderType, StepTerms, StopTerms

ZERO = Decimal(0)


def read_steps(take_profit: Fields) -> tuple[StepTerms, ...] | None:
    """Read the take-profit steps of an enabled group, or None for a disabled one; problems are noted in the fields."""
    if not take_profit.flag("enabled", required=True):
        return None
    elements = take_profit.elements("steps")
    if elements is None:
        take_profit.report("steps", MISSING)
        return None
    return tuple(_read_step(element) for element in elements)


def _read_step(step: Fields) -> StepTerms:
    price = step.required_group("price")
    _check_either_level(price)
    return StepTerms(
        order_type=step.choice("order_type", OrderType, required=True) or OrderType.MARKET,
        volume_pct=step.number("volume", required=True) or ZERO,
        price_type=price.choice("type", PriceType, required=True) or PriceType.LAST,
        price=price.number("value"),
        percent=price.number("percent"),
        trailing_pct=read_trailing(step),
    )


def read_stop(stop_loss: Fields) -> StopTerms | None:
    """Read the stop loss of an enabled group, or None for a disabled one; problems are noted in the fields."""
    if not stop_loss.flag("enabled", required=True):
        return None
    order_type = stop_loss.choice("order_type", OrderType, required=True) or OrderType.MARKET
    conditional = stop_loss.required_group("conditional")
    trigger = conditional.required_group("price")
    _check_either_level(trigger)
    limit_price = None
    if order_type is OrderType.LIMIT:
        limit_price = stop_loss.required_group("price").number("value", required=True)
    is_trailing, trailing_pct = _read_stop_trailing(conditional)
    return StopTerms(
        order_type=order_type,
        price_type=trigger.choice("type", PriceType, required=True) or PriceType.LAST,
        trigger=trigger.number("value"),
        percent=trigger.number("percent"),
        limit_price=limit_price,
        is_trailing=is_trailing,
        trailing_pct=trailing_pct,
        timeout_s=_read_timeout(stop_loss),
        has_breakeven=stop_loss.flag("breakeven"),
    )


def read_trailing(group: Fields) -> Decimal | None:
    """Read the distance in percent of an enabled trailing group, or None; problems are noted in the fields."""
    trailing = group.group("trailing")
    if trailing is None or not trailing.flag("enabled", required=True):
        return None
    return trailing.number("percent", required=True)


def _read_stop_trailing(conditional: Fields) -> tuple[bool, Decimal | None]:
    """Read whether a stop follows the price, and its distance in percent if the request gives one.

    Source: create and update pages list no percent for a stop; older pages and working clients send one.
    """
    trailing = conditional.group("trailing")
    if trailing is None or not trailing.flag("enabled", required=True):
        return False, None
    return True, trailing.number("percent")


def _read_timeout(stop_loss: Fields) -> int | None:
    timeout = stop_loss.group("timeout")
    if timeout is None or not timeout.flag("enabled", required=True):
        return None
    return timeout.integer("value", required=True)


def _check_either_level(price: Fields) -> None:
    """Check that exactly one of value and percent is given; problems have one key with both names and a comma.

    Source: issue threads of the docs repository.
    """
    key = f"{price.key('value')},{price.key('percent')}"
    if price.has("value") and price.has("percent"):
        price.report_key(key, "are mutually exclusive")
    elif not price.has("value") and not price.has("percent"):
        price.report_key(key, "are missing, exactly one parameter must be provided")
