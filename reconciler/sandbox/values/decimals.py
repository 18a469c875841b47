"""Decimals as text of the API."""

from __future__ import annotations

import re
from decimal import Decimal

# Powers of ten beyond which no price, size or total makes sense; within them all arithmetic here stays exact.
LARGEST_EXPONENT = 15
SMALLEST_EXPONENT = -30

_NUMERAL = re.compile(r"-?\d{1,60}(\.\d{1,60})?([eE][+-]?\d{1,3})?", re.ASCII)


def format_decimal(value: Decimal) -> str:
    """Format a number as the API does: no exponent, at least one digit after the point, no trailing zeros.

    Args:
        value: Any finite number.

    Source: published entities (20 is "20.0", 0.00000280 is "0.0000028").
    """
    text = format(value, "f")
    if "." not in text:
        return text + ".0"
    text = text.rstrip("0")
    return text + "0" if text.endswith(".") else text


def format_optional(value: Decimal | None) -> str | None:
    """Format a number as the API does, or return None for None."""
    return None if value is None else format_decimal(value)


def read_decimal(value: object) -> Decimal | None:
    """Read a JSON number or a numeric string; return None for anything else.

    Args:
        value: Value from JSON or a form; JSON numbers arrive as `int` or `Decimal`.

    Source: official examples (numbers as JSON numbers or strings).
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return _bound(Decimal(value))
    if isinstance(value, Decimal):
        return _bound(value)
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return _bound(Decimal(value))
    return None


def truncate_to(value: Decimal, step: Decimal) -> Decimal:
    """Truncate a value to a multiple of a step.

    Args:
        value: A number of zero or above.
        step: A price or lot step, above zero.

    Source: published entities (prices are truncated to priceStep, amounts to lotStep).
    """
    return value // step * step


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """Return whether the value lies on the grid of a price or lot step."""
    return value % step == 0


def _bound(value: Decimal) -> Decimal | None:
    is_sensible = value.is_finite() and SMALLEST_EXPONENT <= value.adjusted() <= LARGEST_EXPONENT
    return value if is_sensible else None
