"""The averaging orders among the sub-trades of a SmartTrade.

Source: SmartTradesV2 page, trades; issue threads: a pending order of add funds is one more Trade. Assumed: its purpose
is `position` like that of the entry, which is the oldest of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import to_decimal
from reconciler.errors import UnreadableAnswer
from reconciler.live.endpoints import SmartTradeApi
from reconciler.model.averaging import AveragingOrder, SentOrder
from reconciler.model.live import LiveTrade
from reconciler.model.statuses import OrderStatus

# Source: SmartTradesV2 page, trade_purpose; the last from the prose of the docs.
_OTHER_PURPOSES = frozenset({"take_profit", "stop_loss", "reduce_funds", "market_close"})


def read_averaging_orders(api: SmartTradeApi, live: LiveTrade) -> tuple[SentOrder, ...]:
    """Read the averaging orders of a trade: pending, executed and cancelled ones, by id.

    Args:
        api: Where to read.
        live: The trade.

    Raises:
        UnreadableAnswer: The list does not hold even the entry, or an order cannot be read.
    """
    return pick_averaging_orders(api.list_trades(live.id), live)


def pick_averaging_orders(orders: Sequence[object], live: LiveTrade) -> tuple[SentOrder, ...]:
    """Find the averaging orders among the Trade entities of a trade that were read before.

    Args:
        orders: The entities.
        live: The trade.

    Raises:
        UnreadableAnswer: The list does not hold even the entry, or an order cannot be read.
    """
    try:
        return _pick([entity for entity in orders if isinstance(entity, Mapping)], live)
    except ValueError as error:
        raise UnreadableAnswer(f"the orders of SmartTrade {live.id} cannot be read: {error}") from error


def _pick(entities: Sequence[Mapping[str, object]], live: LiveTrade) -> tuple[SentOrder, ...]:
    entering = sorted(
        (entity for entity in entities if entity.get("trade_purpose") not in _OTHER_PURPOSES), key=_read_id
    )
    if not live.terms.skip_enter_step or (entering and entering[0].get("status") == OrderStatus.OWN_FUNDS):
        if not entering:
            raise ValueError("its entry is missing")
        entering = entering[1:]
    side = live.terms.entry.side.value
    return tuple(
        _read_order(entity)
        for entity in entering
        if entity.get("order_type") == "limit" and str(entity.get("order_side")).lower() == side
    )


def _read_order(entity: Mapping[str, object]) -> SentOrder:
    price = entity.get("order_price")
    return SentOrder(
        id=_read_id(entity),
        order=AveragingOrder(
            price=to_decimal(entity.get("initial_price") if price is None else price),
            units=to_decimal(entity.get("initial_amount")),
        ),
        status=str(entity.get("status")),
        filled_units=Decimal(0) if entity.get("realised_amount") is None else to_decimal(entity["realised_amount"]),
        cancelable=entity.get("cancelable") is True,
    )


def _read_id(entity: Mapping[str, object]) -> int:
    number = entity.get("id")
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError(f"an id is {number!r:.40}")
    return number
