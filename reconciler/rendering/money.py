"""Money with the digits of its currency."""

from __future__ import annotations

from decimal import Decimal

from reconciler.codec.numbers import round_to

_CENT = Decimal("0.01")
# Exchanges have no more digits.
_SMALLEST = Decimal("0.00000001")
# Currencies that are counted in cents. Source: ISO 4217, and the coins that are worth one of these.
_CENT_CURRENCIES = frozenset(
    [
        *("USD", "EUR", "GBP", "AUD", "CAD", "CHF", "BRL", "TRY", "PLN", "UAH"),
        *("USDT", "USDC", "BUSD", "TUSD", "FDUSD", "USDP", "USDD", "USD1", "USDE", "DAI", "PYUSD", "GUSD"),
        *("EURC", "EURI", "EURT", "BNFCR"),
    ]
)


def format_money(amount: Decimal, currency: str, *, is_signed: bool = False, is_grouped: bool = False) -> str:
    """Write an amount: two digits for money of states and coins that follow it, eight for all others.

    Args:
        amount: The amount.
        currency: Decides the number of digits.
        is_signed: Whether to write a plus sign.
        is_grouped: Whether to write digits in groups of three: 25,619.42.
    """
    rounded = round_to(amount, _CENT if currency.upper() in _CENT_CURRENCIES else _SMALLEST)
    if rounded == 0:
        # A loss that is too small to be shown has no sign.
        rounded = abs(rounded)
        is_signed = False
    return format(rounded, f"{'+' if is_signed else ''}{',' if is_grouped else ''}f")
