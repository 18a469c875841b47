"""Fields of a trade that have no effect: groups that are switched off, and blank values that forms send all the same.

Form-like clients send every field, with zeros, empty texts or negative numbers in those that are not used. They are
removed before anything is checked, so that nothing about them is reported. Numbers and texts are treated alike.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from reconciler.codec.numbers import to_decimal
from reconciler.model.documents import FieldPath

Fields = Mapping[str, object]

# The keys of each group that can be switched off, without `enabled`. Keys of other names are misspelt, so they stay.
_SWITCHED: Mapping[str, frozenset[str]] = {
    "leverage": frozenset({"type", "value"}),
    "take_profit": frozenset({"steps", "unallocated"}),
    "stop_loss": frozenset({"order_type", "price", "conditional", "timeout", "breakeven"}),
    "trailing": frozenset({"percent"}),
    "timeout": frozenset({"value"}),
}
_LEVEL_KEYS = ("value", "percent")


def drop_unused(trade: Fields, defaults: Fields) -> Fields:
    """Return a trade without the fields that have no effect.

    Args:
        trade: A trade as it is written.
        defaults: The defaults of its file as they are written; they may say of which type an order is.

    Returns:
        The same object if nothing was removed.
    """
    is_own_funds = trade.get("skip_enter_step", defaults.get("skip_enter_step")) in (True, "true")
    return cast("Fields", _drop((), trade, defaults, is_own_funds=is_own_funds))


def is_blank(value: object) -> bool:
    """Return whether a value is what a form sends for a field that is not used: no text, zero or a negative number.

    Null is not blank: a line whose value was lost is a mistake.
    """
    if value == "":
        return True
    if isinstance(value, Mapping):
        return all(is_blank(part) for key, part in value.items() if key != "type")
    try:
        return to_decimal(value) <= 0
    except ValueError:
        return False


def _drop(path: FieldPath, value: object, defaults: object, *, is_own_funds: bool) -> object:
    if isinstance(value, list):
        parts = [_drop((*path, place), part, None, is_own_funds=is_own_funds) for place, part in enumerate(value)]
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
    if not isinstance(value, Mapping):
        return value
    unused = _find_unused(path, value, defaults if isinstance(defaults, Mapping) else {}, is_own_funds=is_own_funds)
    kept: dict[str, object] = {}
    is_same = not unused
    for key, part in value.items():
        if key in unused:
            continue
        below = defaults.get(key) if isinstance(defaults, Mapping) else None
        kept[key] = _drop((*path, key), part, below, is_own_funds=is_own_funds)
        is_same = is_same and kept[key] is part
    return value if is_same else kept


def _find_unused(path: FieldPath, group: Fields, defaults: Fields, *, is_own_funds: bool) -> Collection[str]:
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if name in _SWITCHED and group.get("enabled") in (False, "false"):
        return _SWITCHED[name] & group.keys()
    if name == "trailing" and "stop_loss" in path:
        # The service answers a trailing stop with its distance left out in this way.
        return {"percent"} & group.keys() if group.get("percent") in (None, "") else ()
    if name == "position":
        return _find_unused_of_position(group, defaults, is_own_funds=is_own_funds)
    if name == "stop_loss" and _find_type(group, defaults) == "market":
        return {key for key in ("price",) if key in group and is_blank(group[key])}
    if name == "price":
        return _find_unused_of_level(group)
    return ()


def _find_unused_of_position(position: Fields, defaults: Fields, *, is_own_funds: bool) -> set[str]:
    order_type = _find_type(position, defaults)
    unused: set[str] = set()
    conditional = position.get("conditional")
    if order_type in ("market", "limit") and _is_blank_condition(conditional):
        unused.add("conditional")
    final_type = conditional.get("order_type") if isinstance(conditional, Mapping) else None
    is_market = order_type == "market" or (order_type == "conditional" and final_type == "market")
    if is_market and not is_own_funds and "price" in position and is_blank(position["price"]):
        unused.add("price")
    return unused


def _find_type(group: Fields, defaults: Fields) -> object:
    return group.get("order_type", defaults.get("order_type"))


def _is_blank_condition(conditional: object) -> bool:
    """Return whether a trigger is one that a form sends for an order without one."""
    if not isinstance(conditional, Mapping):
        return False
    trailing = conditional.get("trailing")
    is_off = not trailing or (isinstance(trailing, Mapping) and trailing.get("enabled") in (None, False, "false"))
    return is_blank(conditional.get("price")) and is_off and conditional.keys() <= {"price", "order_type", "trailing"}


def _find_unused_of_level(price: Fields) -> set[str]:
    """Find the blank one of a price and a percentage; the other one is the level."""
    if any(key not in price for key in _LEVEL_KEYS):
        return set()
    blank = {key for key in _LEVEL_KEYS if price[key] is None or is_blank(price[key])}
    return blank if len(blank) == 1 else set()
