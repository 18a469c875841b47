"""Commands: what an operation has only if the user asks for it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reconciler.model.live import LiveTrade
from reconciler.model.terms import OrderType


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """An order that adds to a position or takes from it.

    Attributes:
        order_type: Market or limit.
        units: Size in base currency.
        price: Limit price in quote currency; None for a market order.
    """

    order_type: OrderType
    units: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The part of an operation that only a `trade` command has.

    Attributes:
        live: The trade as it was when the user was asked.
        funds: The order: add and reduce funds only.
        step_id: Trade id of the step or order: these actions only.
        order_ids: Trade ids of the orders that were there before: add and reduce funds only.
    """

    live: LiveTrade
    funds: Funds | None = None
    step_id: int | None = None
    order_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Selection of a trade: exactly one of the two is given.

    Attributes:
        name: Name of a trade of this workspace, or None.
        live_id: SmartTrade id of any trade of the key, or None.
    """

    name: str | None
    live_id: int | None
