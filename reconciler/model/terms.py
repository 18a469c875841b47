"""The terms of a trade, in one type for what the file asks for and for what the API reports.

Only inputs are here: what a person chooses. Fills, statuses and flags belong to `LiveTrade`. Two trades ask for the
same if their terms are equal. So Decimals compare by value, a disabled group is None, and a price that means nothing
for its order type is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from reconciler.model.markets import CONTRACTS, UNTOLD, Market


class Side(StrEnum):
    """Direction of the entry: buy opens a long trade, sell a short one."""

    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """The way in which an order is placed; steps and stops know market and limit only."""

    MARKET = "market"
    LIMIT = "limit"
    CONDITIONAL = "conditional"


class PriceType(StrEnum):
    """The price of the pair that is watched."""

    BID = "bid"
    ASK = "ask"
    LAST = "last"


class LeverageType(StrEnum):
    """Margin type; `custom` is retired and accepted with a warning."""

    CUSTOM = "custom"
    CROSS = "cross"
    ISOLATED = "isolated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The level at which a step or a stop acts.

    Attributes:
        value: Price in quote currency. At least one of `value` and `percent` is set.
        percent: Distance from the average entry price in percent.
        price_type: The price that is watched.
    """

    value: Decimal | None
    percent: Decimal | None
    price_type: PriceType


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCondition:
    """The trigger of a conditional entry.

    Attributes:
        price: Trigger price in quote currency.
        price_type: The price that is watched.
        order_type: Market or limit: what is placed when the trigger is reached.
        trailing_pct: Distance of a trailing entry in percent, or None.
    """

    price: Decimal
    price_type: PriceType
    order_type: OrderType
    trailing_pct: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The way in which the position is opened (`position` in the file and in the API).

    Attributes:
        side: Buy or sell.
        order_type: Market, limit or conditional.
        units: Size in base currency.
        price: Limit price, or the own average price of an own-funds trade, in quote currency; None for market entries.
        condition: The trigger of a conditional entry, else None.
    """

    side: Side
    order_type: OrderType
    units: Decimal
    price: Decimal | None
    condition: EntryCondition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One take-profit step.

    Attributes:
        order_type: Market or limit.
        level: Where it acts.
        volume_pct: Share of the position in percent.
        trailing_pct: Trailing distance in percent, or None.
    """

    order_type: OrderType
    level: Level
    volume_pct: Decimal
    trailing_pct: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLoss:
    """The stop loss.

    Attributes:
        order_type: Market or limit.
        trigger: Where it acts.
        limit_price: Price of the limit order in quote currency; None for a market stop.
        trailing_pct: Trailing distance in percent, or None.
        has_unstated_distance: Whether it trails at a distance that is not stated; then `trailing_pct` is None. The API
            takes a distance and does not return it.
        timeout_s: How long the price must stay beyond the trigger, whole seconds, or None.
        breakeven: Whether the trigger moves to the average entry price when the first step has finished.
    """

    order_type: OrderType
    trigger: Level
    limit_price: Decimal | None
    trailing_pct: Decimal | None
    timeout_s: int | None
    breakeven: bool
    has_unstated_distance: bool = False

    @property
    def is_trailing(self) -> bool:
        """Return whether the trigger follows the price."""
        return self.has_unstated_distance or self.trailing_pct is not None

    def with_trailing_of(self, other: StopLoss) -> StopLoss:
        """Return the stop with the trailing of another one."""
        return replace(self, trailing_pct=other.trailing_pct, has_unstated_distance=other.has_unstated_distance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leverage:
    """Leverage of a contract market.

    Attributes:
        type: Margin type.
        value: Factor, or None if the API chooses it.
    """

    type: LeverageType
    value: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All inputs of one SmartTrade.

    Attributes:
        account_id: 3Commas account.
        pair: QUOTE_BASE, for example USDT_BTC.
        instant: True for Simple Buy and Simple Sell: no steps, no stop.
        skip_enter_step: True for own funds (Smart Sell, Smart Buy): the position is held already.
        entry: How the position is opened.
        leverage: None on spot or when disabled.
        steps: Take-profit steps in order; empty when disabled.
        stop_loss: None when disabled.
        market: Market of the pair, as far as it is known: a fact about the terms, not a part of them, so it is neither
            compared nor written.
        derived: What `codec` has made of the terms alone, such as digests, so that it is made once. Not part of the
            value: it is not compared, and a changed copy begins without.
    """

    account_id: int
    pair: str
    instant: bool
    skip_enter_step: bool
    entry: Entry
    leverage: Leverage | None
    steps: tuple[Step, ...]
    stop_loss: StopLoss | None
    market: Market = field(default=UNTOLD, compare=False, repr=False)
    derived: dict[str, object] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def quote(self) -> str:
        """Currency of prices and totals."""
        return self.pair.partition("_")[0]

    @property
    def base(self) -> str:
        """Currency of units."""
        return self.pair.partition("_")[2]

    @property
    def unit(self) -> str:
        """Name of one unit: the base currency, or contracts."""
        return CONTRACTS if self.market.counts_contracts else self.base

    def on(self, market: Market) -> Terms:
        """Return the terms on a market; these very terms if it is known already."""
        if market == self.market:
            return self
        moved = replace(self, market=market)
        # What was made of the terms does not depend on the market.
        object.__setattr__(moved, "derived", self.derived)
        return moved

    def with_leverage(self, leverage: Leverage | None) -> Terms:
        """Return the terms with another leverage; these very terms if it is the same, with all that was derived."""
        return self if leverage == self.leverage else replace(self, leverage=leverage)
