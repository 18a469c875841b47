"""The orders below a SmartTrade as values.

Source: SmartTrade trades page: a flat object whose `status` is a plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.json_fields import read_optional_number
from reconciler.errors import UnreadableAnswer
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.paging import id_of
from reconciler.model.orders import LiveOrder


def read_orders(api: SmartTradeApi, live_id: int) -> tuple[LiveOrder, ...]:
    """Read all orders of a SmartTrade, in the API's order.

    Args:
        api: Where to read.
        live_id: SmartTrade id.

    Raises:
        UnreadableAnswer: One of them cannot be read.
        ApiError: The request failed.
    """
    return tuple(read_order(entity) for entity in api.list_trades(live_id))


def read_order(entity: object) -> LiveOrder:
    """Read one order.

    Args:
        entity: The JSON object.

    Raises:
        UnreadableAnswer: It is not an object, has no id, or holds an impossible number.
    """
    order_id = id_of(entity)
    if not isinstance(entity, Mapping) or order_id is None:
        raise UnreadableAnswer("an order of the trade cannot be read: id is missing or no whole number")
    try:
        return LiveOrder(
            id=order_id,
            purpose=_text(entity, "trade_purpose"),
            side=_text(entity, "order_side").lower(),
            order_type=_text(entity, "order_type").lower(),
            status=_text(entity, "status"),
            units=read_optional_number(entity, "initial_amount"),
            price=read_optional_number(entity, "order_price") or read_optional_number(entity, "trigger_price"),
            filled_units=read_optional_number(entity, "realised_amount") or Decimal(0),
            cancelable=entity.get("cancelable") is True,
        )
    except ValueError as error:
        raise UnreadableAnswer(f"order {order_id} of the trade cannot be read: {error}") from error


def _text(entity: Mapping[str, object], key: str) -> str:
    value = entity.get(key)
    return value if isinstance(value, str) else ""
