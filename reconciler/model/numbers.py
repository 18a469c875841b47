"""Decimals from text to text."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

Number = int | str | Decimal


def to_decimal(number: object) -> Decimal:
    """The exact value of a number or of a text that holds one.

    Args:
        number: An int, a Decimal, or a text such as "0.01".

    Returns:
        A finite Decimal.

    Raises:
        ValueError: It is no finite number, or of another type (a float, a bool).
    """
    if isinstance(number, bool) or not isinstance(number, int | str | Decimal):
        raise ValueError(f"{number!r} is no number")
    try:
        decimal = Decimal(number)
    except InvalidOperation:
        raise ValueError(f"{number!r} is no number") from None
    if not decimal.is_finite():
        raise ValueError(f"{number!r} is no finite number")
    return decimal


def plain(number: Decimal) -> str:
    """A Decimal in plain notation: no exponent, no trailing zeros, no negative zero.

    Equal values give equal texts, so texts may be hashed and compared.
    """
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def truncate(number: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of `step` that is not beyond `number` (towards zero)."""
    return (number // step) * step if step > 0 else number
