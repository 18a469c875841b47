"""Terms as the fields of a plan file: a tree that can be compared field by field, and its short forms."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.codec.body import DEFAULT_ENTRY_PRICE_TYPE, DEFAULT_EXIT_PRICE_TYPE, shared_body
from reconciler.codec.numbers import to_decimal
from reconciler.importing.statement import Statement

# What a file may hold: texts, switches, numbers, groups and lists.
Field = object
Fields = dict[str, Field]

# If a group can be written as a single value: the key of that value.
_SHORT_KEYS = {"units": "value", "price": "value", "trailing": "percent", "timeout": "value"}
# Keys of a body whose texts are numbers.
_NUMBERS = frozenset({"value", "percent", "volume"})
# Keys that a file has behind the others of their group, unlike a body.
_LAST_KEYS = {"price": ("type",), "stop_loss": ("conditional", "timeout", "breakeven")}
# The type that a price has if none is written.
_DEFAULT_TYPE = DEFAULT_EXIT_PRICE_TYPE.value
_DEFAULT_ENTRY_TYPE = {side.value: price_type.value for side, price_type in DEFAULT_ENTRY_PRICE_TYPE.items()}


def write_fields(statement: Statement) -> Fields:
    """Return the fields of a trade in full, but for its account: every price with its type, nothing that is off."""
    body = shared_body(statement.terms)
    fields = {key: _to_field(key, each) for key, each in body.items() if key != "account_id" and not _is_off(each)}
    take_profit = fields.get("take_profit")
    if isinstance(take_profit, dict) and statement.unallocated_pct:
        fields["take_profit"] = {"unallocated": statement.unallocated_pct, **take_profit}
    if statement.averaging:
        fields["averaging"] = [
            {"price": {"value": order.price}, "units": {"value": order.units}} for order in statement.averaging
        ]
    if statement.note:
        fields["note"] = statement.note
    return fields


def shorten(fields: Mapping[str, Field], *, keeps_types: bool = False) -> Fields:
    """Return the same fields in the short forms that a person would write.

    Args:
        fields: A whole trade, or a part of it from its top.
        keeps_types: Whether price types are written even if they are the default, since the `defaults` of a file
            may say otherwise.
    """
    position = fields.get("position")
    side = position.get("type") if isinstance(position, Mapping) else None
    entry_type = _DEFAULT_ENTRY_TYPE.get(str(side), "")
    short = {}
    for key, value in fields.items():
        default = "" if keeps_types else entry_type if key == "position" else _DEFAULT_TYPE
        short[key] = shorten_field(key, value, default)
    return short


def shorten_field(key: str, value: Field, default_type: str) -> Field:
    """Return one field in its short form.

    Args:
        key: Its key.
        value: Its full form.
        default_type: The price type that need not be written.
    """
    if isinstance(value, list):
        return [shorten_field("", entry, default_type) for entry in value]
    if not isinstance(value, Mapping):
        return value
    short = {name: shorten_field(name, below, default_type) for name, below in value.items()}
    if key == "take_profit" and set(short) == {"steps"}:
        return short["steps"]
    if key == "price" and default_type and short.get("type") == default_type:
        del short["type"]
    short_key = _SHORT_KEYS.get(key)
    return short[short_key] if short_key is not None and set(short) == {short_key} else short


def default_type_at(path: tuple[str | int, ...], fields: Mapping[str, Field]) -> str:
    """Return the price type that need not be written below a path of a trade."""
    if path[:1] != ("position",):
        return _DEFAULT_TYPE
    position = fields.get("position")
    return _DEFAULT_ENTRY_TYPE.get(str(position.get("type")) if isinstance(position, Mapping) else "", "")


def _to_field(key: str, written: object) -> Field:
    """Return a part of a body as a file has it: exact numbers, and nothing that says that a group is on."""
    if isinstance(written, list):
        return [_to_field("", each) for each in written]
    if written == {"enabled": True}:
        return True
    if isinstance(written, dict):
        kept = {name: _to_field(name, below) for name, below in written.items() if name != "enabled"}
        order = _LAST_KEYS.get(key, ())
        return {**{name: kept[name] for name in kept if name not in order}, **{n: kept[n] for n in order if n in kept}}
    if isinstance(written, bool) or key not in _NUMBERS:
        return written
    return to_decimal(written)


def _is_off(written: object) -> bool:
    return isinstance(written, dict) and written.get("enabled") is False
