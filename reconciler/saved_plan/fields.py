"""Values of a saved plan, read with a check of their type: whatever is wrong is a ValueError or a TypeError."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reconciler.codec.json_fields import as_integer, as_list, as_object
from reconciler.codec.numbers import to_decimal
from reconciler.codec.reasons import read_reason
from reconciler.model.reasons import Reason
from reconciler.rendering.reasons import describe, find_code


def read_object(value: object) -> Mapping[str, object]:
    """Read an object."""
    return as_object(value, "a part of the plan")


def read_list(value: object) -> Sequence[object]:
    """Read a list."""
    return as_list(value, "a list of the plan")


def read_integer(value: object) -> int:
    """Read a whole number."""
    return as_integer(value, "a number of the plan")


def read_texts(value: object) -> tuple[str, ...]:
    """Read a list of texts."""
    return tuple(str(each) for each in read_list(value))


def read_optional_integer(value: object) -> int | None:
    """Read a whole number or null."""
    return None if value is None else read_integer(value)


def read_optional_text(value: object) -> str | None:
    """Read a text or null."""
    return None if value is None else str(value)


def read_optional_number(value: object) -> Decimal | None:
    """Read an exact number or null."""
    return None if value is None else to_decimal(value)


def read_described(value: object) -> Reason:
    """Read a reason, and make sure that its sentence can be written: its text in the file is not used."""
    found = read_reason(value, find_code)
    try:
        describe(found)
    except KeyError as error:
        raise ValueError(f"{found.code} has no value {error}") from None
    return found
