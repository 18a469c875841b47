"""The terms of a trade, as requests give them.

Source: SmartTradesV2 page, parameters of create and update.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.sandbox.values.market import PriceType


class Side(StrEnum):
    """The direction of an order or of a position."""

    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """Type of an order."""

    MARKET = "market"
    LIMIT = "limit"


class EntryType(StrEnum):
    """Type of an entry: an order now, or one that waits for a trigger."""

    MARKET = "market"
    LIMIT = "limit"
    CONDITIONAL = "conditional"


class LeverageType(StrEnum):
    """Kinds of leverage that a request may name. Source: SmartTradesV2 page; `custom` is retired."""

    CUSTOM = "custom"
    CROSS = "cross"
    ISOLATED = "isolated"


class Crossing(StrEnum):
    """Side from which a watched price must reach its trigger."""

    UPWARDS = "greater_or_equal"
    DOWNWARDS = "less_or_equal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leverage:
    """Leverage of a trade on a contract pair.

    Args:
        type: Cross or isolated.
        value: Multiple of the margin, or None if the request gave none.
    """

    type: LeverageType
    value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsTerms:
    """An order that adds to a position or takes from it.

    Args:
        order_type: Market or limit.
        units: Size in base currency.
        price: Limit price, or None for a market order.
    """

    order_type: OrderType
    units: Decimal
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTerms:
    """Terms of an entry.

    Args:
        side: `buy` opens a long position, `sell` a short one.
        order_type: Market, limit or conditional.
        units: Size in base currency.
        price: Limit price, or the own average price of a position that exists already.
        trigger: Price that starts a conditional entry.
        trigger_type: Price that the trigger watches.
        conditional_order_type: The order that a conditional entry places.
        trailing_pct: Distance in percent of a trailing entry.
    """

    side: Side
    order_type: EntryType
    units: Decimal
    price: Decimal | None = None
    trigger: Decimal | None = None
    trigger_type: PriceType | None = None
    conditional_order_type: OrderType | None = None
    trailing_pct: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTerms:
    """One take-profit step; exactly one of `price` and `percent` is given.

    Args:
        order_type: Market or limit.
        volume_pct: Share of the position.
        price_type: Price that a market step watches.
        price: Level in quote currency.
        percent: Level in percent of the average entry price.
        trailing_pct: Distance in percent of a trailing step.
    """

    order_type: OrderType
    volume_pct: Decimal
    price_type: PriceType
    price: Decimal | None = None
    percent: Decimal | None = None
    trailing_pct: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTerms:
    """A stop loss; exactly one of `trigger` and `percent` is given.

    Args:
        order_type: Market or limit.
        price_type: Price that the stop watches.
        trigger: Level in quote currency.
        percent: Level in percent of the average entry price.
        limit_price: Price of the limit order that a limit stop places.
        is_trailing: Whether it follows the price.
        trailing_pct: Distance in percent of a trailing stop, as the request gave it, or None if it gave none.
        timeout_s: Time for which the price must stay beyond the trigger, in seconds.
        has_breakeven: Whether the trigger moves to the entry price after the first step.
    """

    order_type: OrderType
    price_type: PriceType
    trigger: Decimal | None = None
    percent: Decimal | None = None
    limit_price: Decimal | None = None
    is_trailing: bool = False
    trailing_pct: Decimal | None = None
    timeout_s: int | None = None
    has_breakeven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeTerms:
    """Terms of a create request.

    Args:
        account_id: The account that trades.
        pair: Pair in the API's notation.
        is_instant: Whether it is a simple buy or sell, which ends once the entry is filled.
        skip_enter_step: Whether the position exists already, in own funds.
        entry: Terms of the entry.
        steps: Take-profit steps; None if take profit is disabled.
        stop: Stop loss, or None.
        note: The user's note, or None.
        leverage: Leverage, or None; ignored on spot accounts.
    """

    account_id: int
    pair: str
    is_instant: bool
    skip_enter_step: bool
    entry: EntryTerms
    steps: tuple[StepTerms, ...] | None
    stop: StopTerms | None
    note: str | None
    leverage: Leverage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTerms:
    """Terms of a PATCH request: groups in it are replaced as a whole, the others stay.

    Args:
        units: New size in base currency; always given.
        price: New limit or own price, or None to keep it.
        trigger: New trigger of a conditional entry, or None to keep it.
        trigger_type: New watched price of the entry trigger, or None to keep it.
        conditional_order_type: New order of a conditional entry, or None to keep it.
        replaces_trailing: Whether the request names the entry's trailing group.
        trailing_pct: New distance of a trailing entry, or None for an entry that does not trail.
        replaces_steps: Whether the request names the take-profit group.
        steps: New steps; None disables take profit.
        replaces_stop: Whether the request names the stop-loss group.
        stop: New stop loss; None disables it.
        replaces_leverage: Whether the request names the leverage group.
        leverage: New leverage; None disables it.
    """

    units: Decimal
    price: Decimal | None = None
    trigger: Decimal | None = None
    trigger_type: PriceType | None = None
    conditional_order_type: OrderType | None = None
    replaces_trailing: bool = False
    trailing_pct: Decimal | None = None
    replaces_steps: bool = False
    steps: tuple[StepTerms, ...] | None = None
    replaces_stop: bool = False
    stop: StopTerms | None = None
    replaces_leverage: bool = False
    leverage: Leverage | None = None
