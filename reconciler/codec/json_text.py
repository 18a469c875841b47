"""JSON text to and from values: numbers with a point are Decimals, never floats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from reconciler.codec.numbers import plain

# The range of a float, which is what the API computes in; a larger exponent is a number in no API.
_LARGEST_EXPONENT = 308


def parse_json(text: str | bytes) -> object:
    """Return the value of a JSON text.

    Raises:
        ValueError: It is not JSON, or holds NaN, an infinity or a number that no float can be.
        RecursionError: It is nested too deep.
    """
    found: object = json.loads(text, parse_float=read_json_number, parse_constant=refuse_constant)
    return found


def write_compact(value: Mapping[str, object]) -> str:
    """Return the shortest JSON text of an object, in ASCII, Decimals as plain texts.

    Raises:
        TypeError: A value of it is of a type that JSON does not have.
    """
    return json.dumps(value, separators=(",", ":"), allow_nan=False, default=_write_value)


def read_json_number(text: str) -> Decimal:
    """Return a number with a point or an exponent.

    Raises:
        ValueError: It is out of the range of a float.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("a number with an exponent out of all bounds") from None
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("a number out of the range of a float")
    return number


def refuse_constant(name: str) -> object:
    """Refuse NaN and the infinities, which Python would read.

    Raises:
        ValueError: Always.
    """
    raise ValueError(f"{name} is not a JSON number")


def _write_value(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a JSON text")
