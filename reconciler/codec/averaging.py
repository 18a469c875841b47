"""Averaging orders, to and from the body of an add funds request, which is the form of a plan file, too."""

from __future__ import annotations

from reconciler.codec.json_fields import as_object, read_group, read_number
from reconciler.codec.numbers import plain
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
    order = as_object(body, "averaging")
    price, units = read_group(order, "averaging.price"), read_group(order, "averaging.units")
    return AveragingOrder(
        price=read_number(price, "averaging.price.value"), units=read_number(units, "averaging.units.value")
    )
