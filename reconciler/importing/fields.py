"""Terms as the fields of a plan file: a tree that can be compared field by field, and its short forms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.body import DEFAULT_ENTRY_PRICE_TYPE, DEFAULT_EXIT_PRICE_TYPE
from reconciler.importing.statement import Statement
from reconciler.model.terms import Entry, Level, Leverage, Step, StopLoss

# What a file may hold: texts, switches, numbers, groups and lists.
Field = object
Fields = dict[str, Field]

# Where a group stands for a single value, its key.
_SHORT_KEYS = {"units": "value", "price": "value", "trailing": "percent", "timeout": "value"}
# The type that a price has if none is written.
_DEFAULT_TYPE = DEFAULT_EXIT_PRICE_TYPE.value
_DEFAULT_ENTRY_TYPE = {side.value: price_type.value for side, price_type in DEFAULT_ENTRY_PRICE_TYPE.items()}


def write_fields(statement: Statement) -> Fields:
    """The fields of a trade in full, but for its account: every price with its type, nothing that is off."""
    terms = statement.terms
    fields: Fields = {"pair": terms.pair}
    if terms.instant:
        fields["instant"] = True
    if terms.skip_enter_step:
        fields["skip_enter_step"] = True
    if terms.leverage is not None:
        fields["leverage"] = _write_leverage(terms.leverage)
    fields["position"] = _write_entry(terms.entry)
    if terms.steps:
        unallocated: Fields = {"unallocated": statement.unallocated_pct} if statement.unallocated_pct else {}
        fields["take_profit"] = {**unallocated, "steps": [_write_step(step) for step in terms.steps]}
    if terms.stop_loss is not None:
        fields["stop_loss"] = _write_stop(terms.stop_loss)
    if statement.averaging:
        fields["averaging"] = [
            {"price": {"value": order.price}, "units": {"value": order.units}} for order in statement.averaging
        ]
    if statement.note:
        fields["note"] = statement.note
    return fields


def shorten(fields: Mapping[str, Field], *, keeps_types: bool = False) -> Fields:
    """The same fields in the short forms that a person would write.

    Args:
        fields: A whole trade, or a part of it from its top.
        keeps_types: Whether price types are written even where they are the default, since the `defaults` of a file
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
    """One field in its short form.

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
    """The price type that need not be written at a place of a trade."""
    if path[:1] != ("position",):
        return _DEFAULT_TYPE
    position = fields.get("position")
    return _DEFAULT_ENTRY_TYPE.get(str(position.get("type")) if isinstance(position, Mapping) else "", "")


def _write_leverage(leverage: Leverage) -> Fields:
    written: Fields = {"type": leverage.type.value}
    if leverage.value is not None:
        written["value"] = leverage.value
    return written


def _write_entry(entry: Entry) -> Fields:
    written: Fields = {
        "type": entry.side.value,
        "order_type": entry.order_type.value,
        "units": {"value": entry.units},
    }
    if entry.price is not None:
        written["price"] = {"value": entry.price}
    if entry.condition is not None:
        condition: Fields = {
            "price": {"value": entry.condition.price, "type": entry.condition.price_type.value},
            "order_type": entry.condition.order_type.value,
        }
        written["conditional"] = _add_trailing(condition, entry.condition.trailing_pct)
    return written


def _write_step(step: Step) -> Fields:
    written: Fields = {
        "order_type": step.order_type.value,
        "price": _write_level(step.level),
        "volume": step.volume_pct,
    }
    return _add_trailing(written, step.trailing_pct)


def _write_stop(stop: StopLoss) -> Fields:
    written: Fields = {"order_type": stop.order_type.value}
    if stop.limit_price is not None:
        written["price"] = {"value": stop.limit_price}
    written["conditional"] = _add_trailing({"price": _write_level(stop.trigger)}, stop.trailing_pct)
    if stop.timeout_s is not None:
        written["timeout"] = {"value": Decimal(stop.timeout_s)}
    if stop.breakeven:
        written["breakeven"] = True
    return written


def _write_level(level: Level) -> Fields:
    written: Fields = {}
    if level.value is not None:
        written["value"] = level.value
    if level.percent is not None:
        written["percent"] = level.percent
    written["type"] = level.price_type.value
    return written


def _add_trailing(group: Fields, percent: Decimal | None) -> Fields:
    return group if percent is None else {**group, "trailing": {"percent": percent}}
