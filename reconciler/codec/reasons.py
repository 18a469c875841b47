"""Reasons as JSON values: a code, and values of which amounts keep their unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from reconciler.codec.instants import read_instant, write_instant
from reconciler.codec.numbers import plain, to_decimal
from reconciler.model.reasons import Amount, Reason, ReasonValue


def write_reason(reason: Reason) -> dict[str, object]:
    """An object with `code` and `values`."""
    return {"code": reason.code.value, "values": {name: _write_value(value) for name, value in reason.values}}


def write_amount(amount: Amount) -> dict[str, str]:
    """An object with `value`, the exact number as text, and `unit`."""
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


def read_reason(document: Mapping[str, object], find_code: Callable[[str], StrEnum]) -> Reason:
    """Read a reason that `write_reason` wrote.

    Args:
        document: What it wrote.
        find_code: Finds the code of a text; raises ValueError if there is none.

    Raises:
        ValueError: It is not such an object, or of a version with other codes.
    """
    code, values = document.get("code"), document.get("values")
    if not isinstance(code, str) or not isinstance(values, Mapping):
        raise ValueError("found no reason, expected an object with code and values")
    read = {str(name): _read_value(value, find_code) for name, value in values.items()}
    return Reason(find_code(code), tuple(sorted(read.items())))


def _read_value(value: object, find_code: Callable[[str], StrEnum]) -> ReasonValue:
    match value:
        case {"value": str(number), "unit": str(unit)}:
            return Amount(to_decimal(number), unit)
        case {"at": str(text)}:
            return read_instant(text)
        case dict() if "code" in value:
            return read_reason(value, find_code)
        case list():
            return tuple(_read_value(each, find_code) for each in value)
        case str() | bool() | int():
            return value
    raise ValueError(f"found {value!r:.60}, expected a value of a reason")
