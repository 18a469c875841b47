"""The canonical form of a trade: short forms and defaults in the shape of the API body, and the way back to the file.

It never raises: it is also used for trades that the schema has refused. Unknown fields stay unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from reconciler.model.documents import Document, FieldPath
from reconciler.model.specs import Origin

Fields = dict[str, object]

# Defaults apply to these groups only if the trade has the group itself, so defaults never switch anything on.
GROUPS = frozenset({"leverage", "position", "take_profit", "stop_loss"})
# A scalar in place of a group holds one of these.
_SHORT_FORM_KEYS = frozenset({"value", "percent"})


def expand_trade(written: Mapping[str, object]) -> Fields:
    """Write out the short forms of a trade or of the defaults of a file.

    Returns:
        A new dict. Values that did not change are shared with `written`.
    """
    return {key: _EXPANDERS[key](value) if key in _EXPANDERS else value for key, value in written.items()}


def merge_defaults(trade: Fields, defaults: Fields) -> Fields:
    """Add the defaults of the file to a trade, both expanded.

    A group of the trade always says whether it is enabled, so the defaults cannot switch it off.
    """
    merged = dict(trade)
    for key, default in defaults.items():
        if key in GROUPS:
            own = trade.get(key)
            if isinstance(own, dict) and isinstance(default, dict):
                merged[key] = _merge_deeply(own, default)
        else:
            merged.setdefault(key, default)
    return merged


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenField:
    """The position in the file of a field of the canonical form.

    Attributes:
        path: Its path in the file.
        origin: The position of its value, in the trade or in the defaults. If the field was not written, the key of
            the nearest group that was.
        is_written: Whether the field was written.
    """

    path: FieldPath
    origin: Origin
    is_written: bool


def find_field(document: Document, name: str, path: FieldPath) -> WrittenField:
    """Find the position in the file of a field of the canonical form.

    Args:
        document: The plan file.
        name: The trade.
        path: The field in canonical form, below the trade.
    """
    base: FieldPath = ("trades", name)
    trade = cast("Mapping[str, object]", document.root["trades"])[name]
    shown, missing = _trace(trade, path)
    if not missing:
        return WrittenField(path=(*base, *shown), origin=document.find_value((*base, *shown)), is_written=True)
    in_defaults, missing_there = _trace(document.root.get("defaults", {}), path)
    if not missing_there:
        return WrittenField(
            path=(*base, *path), origin=document.find_value(("defaults", *in_defaults)), is_written=True
        )
    if len(missing) > 1 and missing[-1] in _SHORT_FORM_KEYS:
        missing = missing[:-1]
    return WrittenField(path=(*base, *shown, *missing), origin=document.find_key((*base, *shown)), is_written=False)


def _merge_deeply(own: Fields, default: Fields) -> Fields:
    merged = {**default, **own}
    for key in own.keys() & default.keys():
        ours, theirs = own[key], default[key]
        if isinstance(ours, dict) and isinstance(theirs, dict):
            merged[key] = _merge_deeply(ours, theirs)
    return merged


def _trace(written: object, path: FieldPath) -> tuple[FieldPath, FieldPath]:
    """Split a canonical path into the part that was written, as it was written, and the rest."""
    node = written
    shown: list[str | int] = []
    for depth, part in enumerate(path):
        if _has_part(node, part):
            node = cast("Mapping[str | int, object]", node)[part]
            shown.append(part)
        elif not _is_short_form(node, part):
            return tuple(shown), path[depth:]
    return tuple(shown), ()


def _has_part(node: object, part: str | int) -> bool:
    if isinstance(node, Mapping):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _is_short_form(node: object, part: str | int) -> bool:
    """Return whether a value is the short form of a group, so that this key of it was not written."""
    if isinstance(node, list):
        return part == "steps"
    if isinstance(node, bool):
        return part == "enabled"
    return not isinstance(node, Mapping) and part in _SHORT_FORM_KEYS


def _expand_position(position: object) -> object:
    if not isinstance(position, Mapping):
        return position
    expanded = dict(position)
    _replace(expanded, "units", _expand_value)
    _replace(expanded, "price", _expand_value)
    _replace(expanded, "conditional", _expand_trigger)
    return expanded


def _expand_take_profit(take_profit: object) -> object:
    if isinstance(take_profit, list):
        take_profit = {"steps": take_profit}
    expanded = _expand_group(take_profit)
    if isinstance(expanded, dict) and isinstance(expanded.get("steps"), list):
        expanded["steps"] = [_expand_trigger(step) for step in cast("list[object]", expanded["steps"])]
    return expanded


def _expand_stop_loss(stop_loss: object) -> object:
    expanded = _expand_group(stop_loss)
    if isinstance(expanded, dict):
        _replace(expanded, "price", _expand_value)
        _replace(expanded, "conditional", _expand_trigger)
        _replace(expanded, "timeout", _expand_timeout)
    return expanded


def _expand_averaging(orders: object) -> object:
    if not isinstance(orders, list):
        return orders
    return [_expand_order(order) if isinstance(order, Mapping) else order for order in orders]


def _expand_order(order: Mapping[str, object]) -> Fields:
    expanded: Fields = {"order_type": "limit", **order}
    _replace(expanded, "units", _expand_value)
    _replace(expanded, "price", _expand_value)
    return expanded


def _expand_group(group: object) -> object:
    if group is False:
        return {"enabled": False}
    if not isinstance(group, Mapping):
        return group
    return dict(group) if "enabled" in group else {"enabled": True, **group}


def _expand_trigger(trigger: object) -> object:
    """Expand a step, or the `conditional` of an entry or a stop: each has a price and may trail."""
    if not isinstance(trigger, Mapping):
        return trigger
    expanded = dict(trigger)
    _replace(expanded, "price", _expand_value)
    _replace(expanded, "trailing", _expand_trailing)
    return expanded


def _expand_value(written: object) -> object:
    return written if isinstance(written, Mapping) else {"value": written}


def _expand_trailing(written: object) -> object:
    return _expand_switched(written, "percent")


def _expand_timeout(written: object) -> object:
    return _expand_switched(written, "value")


def _expand_switched(written: object, key: str) -> object:
    if isinstance(written, Mapping):
        return written if "enabled" in written else {"enabled": True, **written}
    return {"enabled": written} if isinstance(written, bool) else {"enabled": True, key: written}


def _replace(fields: Fields, key: str, expand: Callable[[object], object]) -> None:
    if key in fields:
        fields[key] = expand(fields[key])


_EXPANDERS: Mapping[str, Callable[[object], object]] = {
    "leverage": _expand_group,
    "position": _expand_position,
    "take_profit": _expand_take_profit,
    "stop_loss": _expand_stop_loss,
    "averaging": _expand_averaging,
}
