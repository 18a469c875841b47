"""Fields of JSON objects, read with the checks that all documents need.

A field is named by its path; the last part of the path is its key in the object that is read, the whole path is for the
message. Null counts as absent. Whatever does not hold is a ValueError that names the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.numbers import plain, to_decimal

Fields = Mapping[str, object]
NOTHING: Fields = {}


def as_object(value: object, name: str) -> Fields:
    """Return a value that is an object.

    Args:
        value: What was read.
        name: What it is, for the message.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, dict):  # as all objects of JSON and YAML are; ten times as fast as asking for a Mapping
        raise ValueError(f"{name} is {'missing' if value is None else 'not an object'}")
    return value


def as_list(value: object, name: str) -> list[object]:
    """Return a value that is a list; see `as_object`."""
    if not isinstance(value, list):
        raise ValueError(f"{name} is {'missing' if value is None else 'not a list'}")
    return value


def as_text(value: object, name: str) -> str:
    """Return a value that is a text; see `as_object`."""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {'missing' if value is None else 'not a text'}")
    return value


def as_integer(value: object, name: str) -> int:
    """Return a value that is a whole number and written as one; see `as_object`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is {'missing' if value is None else 'not a whole number'}")
    return value


def find_field(fields: Fields, path: str) -> object:
    """Return the value of a field, None if it is absent."""
    return fields.get(path.rpartition(".")[2])


def read_required(fields: Fields, path: str) -> object:
    """Return the value of a field of any type that must be there."""
    value = find_field(fields, path)
    if value is None:
        raise ValueError(f"{path} is missing")
    return value


def read_group(fields: Fields, path: str) -> Fields:
    """Return an object that must be there."""
    return as_object(find_field(fields, path), path)


def read_optional_group(fields: Fields, path: str) -> Fields:
    """Return an object; an empty one if it is absent."""
    value = find_field(fields, path)
    return NOTHING if value is None else as_object(value, path)


def read_optional_list(fields: Fields, path: str) -> list[object]:
    """Return a list; an empty one if it is absent."""
    value = find_field(fields, path)
    return [] if value is None else as_list(value, path)


def read_text(fields: Fields, path: str) -> str:
    """Return a text that must be there."""
    return as_text(find_field(fields, path), path)


def read_optional_text(fields: Fields, path: str) -> str | None:
    """Return a text, or None."""
    value = find_field(fields, path)
    return None if value is None else as_text(value, path)


def read_flag(fields: Fields, path: str) -> bool:
    """Return a switch, which may be written as a text; off if it is absent."""
    value = find_field(fields, path)
    if value is None or value is False or value == "false":
        return False
    if value is True or value == "true":
        return True
    raise ValueError(f"{path} is {value!r}, expected true or false")


def read_number(fields: Fields, path: str) -> Decimal:
    """Return a number that must be there, exact; it may be written as a text."""
    return _to_decimal(read_required(fields, path), path)


def read_optional_number(fields: Fields, path: str) -> Decimal | None:
    """Return a number, or None."""
    value = find_field(fields, path)
    return None if value is None else _to_decimal(value, path)


def read_whole_number(fields: Fields, path: str) -> int:
    """Return a whole number that must be there, however it is written."""
    number = read_number(fields, path)
    if number != int(number):
        raise ValueError(f"{path} is {plain(number)}, expected a whole number")
    return int(number)


def read_optional_integer(fields: Fields, path: str) -> int | None:
    """Return a whole number that is written as one, or None."""
    value = find_field(fields, path)
    return None if value is None else as_integer(value, path)


def read_id(fields: Fields, path: str) -> int:
    """Return the number of a thing: digits and nothing else, as a number or as a text."""
    value = find_field(fields, path)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return as_integer(value, path)


def _to_decimal(value: object, path: str) -> Decimal:
    try:
        return to_decimal(value)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
