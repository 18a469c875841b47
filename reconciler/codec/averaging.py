"""Averaging orders, to and from the body of an add funds request, which is the form of a plan file, too."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.numbers import plain, to_decimal
from reconciler.model.averaging import AveragingOrder


def write_order_text(order: AveragingOrder) -> str:
    """Return size and price of an order as one text, for example `0.01 at 60000`."""
    return f"{plain(order.units)} at {plain(order.price)}"


def write_averaging(order: AveragingOrder) -> dict[str, object]:
    """Return the body of an add funds request."""
    return {
        "order_type": "limit",
        "units": {"value": plain(order.units)},
        "price": {"value": plain(order.price)},
    }


def read_averaging(body: object) -> AveragingOrder:
    """Return the order that a body states.

    Raises:
        ValueError: Something is missing or has an impossible value.
    """
    if not isinstance(body, Mapping):
        raise ValueError("averaging holds something that is no object")
    return AveragingOrder(price=_read_value(body, "price"), units=_read_value(body, "units"))


def _read_value(body: Mapping[str, object], key: str) -> Decimal:
    group = body.get(key)
    if not isinstance(group, Mapping) or group.get("value") is None:
        raise ValueError(f"averaging has no {key}")
    return to_decimal(group["value"])
