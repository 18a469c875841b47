"""SmartTrades as the JSON documents of the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from reconciler.sandbox.engine.trade import SmartTrade

_FIELD_NAMES: dict[type[object], tuple[str, ...]] = {}


def write_document(trade: SmartTrade) -> str:
    """Write the trade as compact JSON: numbers as text, without fields that are None."""
    return json.dumps(_encode(trade), separators=(",", ":"))


def read_document(text: str) -> SmartTrade:
    """Read the trade of a document.

    Args:
        text: Text from `write_document`.
    """
    return cast("SmartTrade", _decoder(SmartTrade)(json.loads(text)))


def _encode(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return [_encode(element) for element in value]
    names = _field_names(type(value))
    if not names:
        return value
    named = ((name, getattr(value, name)) for name in names)
    return {name: _encode(part) for name, part in named if part is not None}


def _field_names(kind: type[object]) -> tuple[str, ...]:
    """Return the field names of a dataclass; none for a type that JSON can hold unchanged."""
    names = _FIELD_NAMES.get(kind)
    if names is None:
        names = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
        _FIELD_NAMES[kind] = names
    return names


@cache
def _decoder(kind: Any) -> Callable[[Any], object]:  # noqa: ANN401 -- any type of a field
    if isinstance(kind, UnionType):
        (kind,) = (member for member in get_args(kind) if member is not NoneType)
        return _decoder(kind)
    if get_origin(kind) is list:
        decode = _decoder(get_args(kind)[0])
        return lambda values: [decode(value) for value in values]
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_decoder(kind)
    if kind is Decimal or issubclass(kind, StrEnum):
        return _as_callable(kind)
    return _keep


def _dataclass_decoder(kind: type[Any]) -> Callable[[Mapping[str, Any]], object]:
    decoders = {name: _decoder(hint) for name, hint in get_type_hints(kind).items()}
    return lambda values: kind(**{name: decoders[name](value) for name, value in values.items()})


def _as_callable(kind: Callable[[Any], object]) -> Callable[[Any], object]:
    return kind


def _keep(value: object) -> object:
    return value
