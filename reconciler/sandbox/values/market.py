"""Pairs with their grids and limits, and prices: bid and ask follow the last price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.sandbox.values.decimals import is_multiple
from reconciler.sandbox.values.errors import InvalidPrice


class PriceType(StrEnum):
    """The price that a trigger watches."""

    BID = "bid"
    ASK = "ask"
    LAST = "last"


class MarketKind(StrEnum):
    """The unit and the settlement of a pair: coins, contracts in quote currency, or contracts in base currency."""

    SPOT = "spot"
    LINEAR = "linear"
    INVERSE = "inverse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One pair and its exchange limits.

    Args:
        quote: Currency of totals and profits; that of prices too, except on an inverse pair, whose prices are in USD.
        base: Currency of units.
        last: Price at which a new sandbox starts.
        price_step: Grid of prices.
        lot_step: Grid of units, and the smallest order.
        max_lot: Largest order in units.
        min_total: Smallest order in quote currency.
        max_total: Largest order in quote currency.
        max_market: Largest market order in units, as published in the rates.
        max_price: Largest price, as published in the rates.
        quote_volume: Volume of the day in quote currency, shown only.
        day_change_pct: Change of the day in percent, shown only.
        kind: Kind of its market; the base of a contract pair is the contract.
        contract_size: Size of one unit: coins on a linear pair, USD on an inverse one; 1 on a spot pair.
    """

    quote: str
    base: str
    last: Decimal
    price_step: Decimal
    lot_step: Decimal
    max_lot: Decimal
    min_total: Decimal
    max_total: Decimal
    max_market: Decimal
    max_price: Decimal
    quote_volume: Decimal
    day_change_pct: Decimal
    kind: MarketKind = MarketKind.SPOT
    contract_size: Decimal = Decimal(1)

    @property
    def is_contract(self) -> bool:
        """Return whether it is a contract of a futures market."""
        return self.kind is not MarketKind.SPOT

    @property
    def is_inverse(self) -> bool:
        """Return whether its contracts are worth a fixed sum in USD, and are settled in coins."""
        return self.kind is MarketKind.INVERSE

    @property
    def name(self) -> str:
        """The pair in the API's notation, quote first.

        Source: official docs, general information (`QUOTE_BASE`).
        """
        return f"{self.quote}_{self.base}"

    def worth(self, units: Decimal, price: Decimal) -> Decimal:
        """Return the worth of a number of units in quote currency, without commission.

        Source: recorded answers (25 units of 0.0001 BTC at 119306.9 are 298.26725 USDT; 2 units of 100 USD at 32809.7
        are 0.0060957 BTC).
        """
        face = units * self.contract_size
        return face / price if self.is_inverse else face * price

    def mean_price(self, units: Decimal, total: Decimal) -> Decimal:
        """Return the price at which a number of units, not zero, is worth a total in quote currency, not zero."""
        face = units * self.contract_size
        return face / total if self.is_inverse else total / face

    def units_worth(self, total: Decimal, price: Decimal) -> Decimal:
        """Return the number of units that are worth a total in quote currency; it may lie off the lot step."""
        face = total * price if self.is_inverse else total / price
        return face / self.contract_size


@dataclass(frozen=True, slots=True)
class Quote:
    """The three prices of a pair at one instant, in quote currency."""

    bid: Decimal
    ask: Decimal
    last: Decimal

    def price(self, price_type: PriceType) -> Decimal:
        """Return the price that a trigger of this type watches."""
        if price_type is PriceType.BID:
            return self.bid
        return self.ask if price_type is PriceType.ASK else self.last


def follow_last(pair: Pair, last: Decimal, *, bid: Decimal | None = None, ask: Decimal | None = None) -> Quote:
    """Return the quote after a tick: bid at the last price and ask one price step above, unless given.

    Args:
        pair: The pair.
        last: New last price.
        bid: Explicit bid price.
        ask: Explicit ask price.

    Raises:
        InvalidPrice: A price is not positive or off the price step, or the bid is above the ask.

    Source: market data page (bid 63802.44 is the last price, ask 63802.45); that they stay so is assumed.
    """
    for price in (last, bid, ask):
        if price is not None and not is_price(pair, price):
            expected = f"a multiple of {pair.price_step} above 0 and up to {pair.max_price}"
            raise InvalidPrice(f"{price} is not a price of {pair.name}: expected {expected}")
    bid = last if bid is None else bid
    ask = max(bid, last) + pair.price_step if ask is None else ask
    if bid > ask:
        raise InvalidPrice(f"the bid {bid} of {pair.name} is above the ask {ask}")
    return Quote(bid=bid, ask=ask, last=last)


def is_price(pair: Pair, price: Decimal) -> bool:
    """Return whether the exchange could quote this price."""
    return price.is_finite() and 0 < price <= pair.max_price and is_multiple(price, pair.price_step)


def count_steps(pair: Pair, price: Decimal) -> int:
    """Return the price as a whole number of price steps, which the store can compare exactly."""
    return int(price / pair.price_step)
