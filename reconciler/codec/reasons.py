"""Write reasons as JSON values: a code, and values of which amounts keep their unit."""

from __future__ import annotations

from datetime import UTC, datetime

from reconciler.codec.numbers import plain
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
            return {"at": value.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        case tuple():
            return [_write_value(each) for each in value]
    return value
