"""Decimals from text to text."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

# No price, size or share comes near this many digits before or after the point; a text like "1e999999999" would fill
# the memory when it is written out.
LARGEST_EXPONENT = 60

# Exact for all numbers within these bounds; the default of 28 digits would raise.
_EXACT = Context(prec=4 * LARGEST_EXPONENT)


def to_decimal(number: object) -> Decimal:
    """Return the exact value of a number or of a text that holds one.

    Args:
        number: An int, a Decimal, or a text such as "0.01".

    Returns:
        A finite Decimal.

    Raises:
        ValueError: It is not a finite number, one of absurd size, or of another type (a float, a bool).
    """
    if isinstance(number, bool) or not isinstance(number, int | str | Decimal):
        raise ValueError(f"{number!r} is not a number")
    try:
        decimal = Decimal(number)
    except InvalidOperation:
        raise ValueError(f"{number!r} is not a number") from None
    if not decimal.is_finite():
        raise ValueError(f"{number!r} is not a finite number")
    if decimal and not -LARGEST_EXPONENT <= decimal.adjusted() <= LARGEST_EXPONENT:
        raise ValueError(f"{number!r:.40} is out of range")
    return decimal


def plain(number: Decimal) -> str:
    """Return a Decimal in plain notation: no exponent, no trailing zeros, no negative zero.

    Equal values give equal texts, so texts may be hashed and compared.
    """
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def truncate(number: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of `step` that is not beyond `number` (towards zero)."""
    return _EXACT.subtract(number, _EXACT.remainder(number, step)) if step > 0 else number


def is_whole(number: Decimal) -> bool:
    """Return whether a number has no part behind the point; the remainder by one would raise for large numbers."""
    return number == number.to_integral_value()


def round_to(number: Decimal, step: Decimal) -> Decimal:
    """Return a number with as many places as `step` has, however large it is."""
    return number.quantize(step, context=_EXACT)


def is_near(found: Decimal, expected: Decimal, tolerance: Decimal) -> bool:
    """Return whether two numbers differ by at most `tolerance` as a share of `expected`."""
    return abs(found - expected) <= abs(expected) * tolerance
