"""Reasons to and from JSON values: a code, and values of which amounts keep their unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from reconciler.codec.instants import read_instant, write_instant
from reconciler.codec.numbers import plain, to_decimal
from reconciler.model.reasons import Amount, Reason, ReasonValue

# A reason holds at most a few others; a file that nests more was not written by us.
_DEEPEST = 8


def write_reason(found: Reason) -> dict[str, object]:
    """Make an object with `code` and `values`."""
    return {"code": found.code.value, "values": {name: _write_value(value) for name, value in found.values}}


def write_amount(amount: Amount) -> dict[str, str]:
    """Make an object with `value`, the exact number as text, and `unit`."""
    return {"value": plain(amount.value), "unit": amount.unit}


def _write_value(value: ReasonValue) -> object:
    match value:
        case Reason():
            return write_reason(value)
        case Amount():
            return write_amount(value)
        case datetime():
            return {"at": write_instant(value, precision="auto")}
        case tuple():
            return [_write_value(each) for each in value]
    return value


def read_reason(value: object, find_code: Callable[[str], StrEnum]) -> Reason:
    """Read the reason in a JSON value; keys other than `code` and `values` are ignored.

    Args:
        value: What `write_reason` wrote.
        find_code: Gives the code that a text names, or raises a ValueError.

    Raises:
        ValueError: A key is missing, a code is unknown, a number is absurd, or reasons are nested too deeply.
        TypeError: Something has another type than a reason can hold.
    """
    return _read_reason(value, find_code, 0)


def _read_reason(value: object, find_code: Callable[[str], StrEnum], depth: int) -> Reason:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r:.60} is not a reason")
    code, values = value.get("code"), value.get("values")
    if not isinstance(code, str) or not isinstance(values, Mapping):
        raise ValueError(f"expected a reason with `code` and `values`, found {value!r:.60}")
    read = {str(name): _read_value(each, find_code, depth + 1) for name, each in values.items()}
    return Reason(find_code(code), tuple(sorted(read.items())))


def _read_value(value: object, find_code: Callable[[str], StrEnum], depth: int) -> ReasonValue:
    if depth > _DEEPEST:
        raise ValueError("a reason is nested too deeply")
    match value:
        case str() | int():
            return value
        case list():
            return tuple(_read_value(each, find_code, depth + 1) for each in value)
        case {"code": _}:
            return _read_reason(value, find_code, depth)
        case {"value": str(number), "unit": str(unit)}:
            return Amount(to_decimal(number), unit)
        case {"at": str(instant)}:
            return read_instant(instant)
    raise TypeError(f"{value!r:.60} cannot be a value of a reason")
