"""Markets: the size of one unit of a pair, and the one function that makes money of size and price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

# Unit of sizes on markets that count contracts.
CONTRACTS = "contracts"
_ONE = Decimal(1)


class MarketKind(StrEnum):
    """Kind of a market, by which size and price make money.

    Attributes:
        UNTOLD: Nothing says that it is a contract market: money is size times price.
        SPOT: Coins; there is no leverage.
        LINEAR: Contracts of some coins each, paid in the quote currency.
        INVERSE: Contracts of some dollars each, paid in the coin, which is the quote currency of the pair's name.
    """

    UNTOLD = "untold"
    SPOT = "spot"
    LINEAR = "linear"
    INVERSE = "inverse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The market of a pair.

    Attributes:
        kind: Which kind.
        unit_size: Size of one unit: coins of a linear contract, dollars of an inverse one, 1 on spot; None if it is
            not known.
    """

    kind: MarketKind = MarketKind.UNTOLD
    unit_size: Decimal | None = _ONE

    @property
    def is_contract(self) -> bool:
        """Return whether it is known to be a contract market."""
        return self.kind in (MarketKind.LINEAR, MarketKind.INVERSE)

    @property
    def counts_contracts(self) -> bool:
        """Return whether its units are contracts, and not coins."""
        return self.kind is MarketKind.INVERSE or self.unit_size != _ONE

    @property
    def ignores_leverage(self) -> bool:
        """Return whether leverage has no effect on it."""
        return self.kind is MarketKind.SPOT

    def worth_of(self, units: Decimal, price: Decimal | None) -> Decimal | None:
        """Return the worth of a size at a price, in the quote currency of the pair.

        Args:
            units: Coins or contracts, as the market counts them.
            price: In the currency of prices, or None if it is not known.

        Returns:
            None if the price or the size of a contract is not known: then no amount of money may be shown.
        """
        if self.unit_size is None or price is None:
            return None
        face = units * self.unit_size
        if self.kind is MarketKind.INVERSE:
            return face / price if price else None
        return face * price

    def gain_of(
        self, units: Decimal, entry: Decimal | None, leaving: Decimal | None, *, is_long: bool
    ) -> Decimal | None:
        """Return the result of a position, in the quote currency of the pair; None if it is not known.

        Args:
            units: Coins or contracts that are closed.
            entry: Average entry price.
            leaving: Price at which they are closed.
            is_long: Whether they were bought.
        """
        paid, got = self.worth_of(units, entry), self.worth_of(units, leaving)
        if paid is None or got is None:
            return None
        # A coin-settled contract gains when its worth in coins falls.
        rises_with_worth = is_long is not (self.kind is MarketKind.INVERSE)
        return got - paid if rises_with_worth else paid - got

    def compare_size(self, units: Decimal, price: Decimal) -> Decimal | None:
        """Return the size of a position in the currency of its price, to order positions; None if it is not known."""
        if self.kind is MarketKind.INVERSE:
            return None if self.unit_size is None else units * self.unit_size
        return self.worth_of(units, price)

    def units_for(self, total: Decimal, price: Decimal) -> Decimal | None:
        """Return the size that is worth a total at a price; None if it is not known."""
        one = self.worth_of(_ONE, price)
        return total / one if one else None


# Of a pair about which nothing is known.
UNTOLD = Market()


def settle_market(told: Market, seen: Iterable[Market]) -> Market:
    """Join what the rates of a pair say with what its live trades show.

    Args:
        told: By the rates.
        seen: By live trades of the same account and pair.

    Returns:
        The market; its size is not known if nobody names it, or if two sources differ.
    """
    contracts = [each for each in seen if each.is_contract]
    if told.kind is MarketKind.SPOT or not contracts:
        return told
    kind = told.kind if told.is_contract else contracts[0].kind
    sizes = {each.unit_size for each in contracts if each.kind is kind and each.unit_size is not None}
    if told.is_contract and told.unit_size is not None:
        sizes.add(told.unit_size)
    return replace(told, kind=kind, unit_size=sizes.pop() if len(sizes) == 1 else None)
