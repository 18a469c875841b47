"""Balances of one account: free funds, and funds reserved for orders that rest at the exchange."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reconciler.sandbox.values.decimals import format_decimal
from reconciler.sandbox.values.errors import InsufficientFunds


@dataclass(slots=True)
class Balance:
    """Funds in one currency.

    Args:
        free: Funds that new orders may use.
        reserved: Funds of resting orders.
    """

    free: Decimal
    reserved: Decimal


class Wallet:
    """All balances of one account.

    Args:
        balances: Balance by currency; a missing currency has none.
    """

    def __init__(self, balances: dict[str, Balance]) -> None:
        self._balances = balances
        self._changed: set[str] = set()

    def free(self, currency: str) -> Decimal:
        """Return the free funds in a currency."""
        balance = self._balances.get(currency)
        return Decimal(0) if balance is None else balance.free

    def balances(self) -> dict[str, Balance]:
        """Return all balances, by currency."""
        return dict(self._balances)

    def take_changed(self) -> list[tuple[str, Balance]]:
        """Return the balances that changed since the last call, currencies in alphabetical order."""
        changed = [(currency, self._balances[currency]) for currency in sorted(self._changed)]
        self._changed.clear()
        return changed

    def reserve(self, currency: str, amount: Decimal) -> None:
        """Reserve free funds.

        Raises:
            InsufficientFunds: Less than the amount is free; nothing has changed.
        """
        balance = self._touch_funded(currency, amount)
        balance.free -= amount
        balance.reserved += amount

    def release(self, currency: str, amount: Decimal) -> None:
        """Release reserved funds."""
        balance = self._touch(currency)
        balance.reserved -= amount
        balance.free += amount

    def spend(self, currency: str, amount: Decimal) -> None:
        """Pay from the free funds.

        Raises:
            InsufficientFunds: Less than the amount is free; nothing has changed.
        """
        self._touch_funded(currency, amount).free -= amount

    def earn(self, currency: str, amount: Decimal) -> None:
        """Add to the free funds."""
        self._touch(currency).free += amount

    def _touch_funded(self, currency: str, amount: Decimal) -> Balance:
        free = self.free(currency)
        if free < amount:
            needed = f"{format_decimal(amount)} {currency} needed, {format_decimal(free)} {currency} available"
            raise InsufficientFunds(f"Insufficient funds: {needed}")
        return self._touch(currency)

    def _touch(self, currency: str) -> Balance:
        self._changed.add(currency)
        return self._balances.setdefault(currency, Balance(Decimal(0), Decimal(0)))
