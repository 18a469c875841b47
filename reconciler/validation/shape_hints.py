"""Whole trades in another shape: an answer of the API, keys of a form, a step without its dash. One problem each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reconciler.model.documents import Document, FieldPath
from reconciler.model.problems import Problem
from reconciler.validation.word_hints import find_meaning, write_steps, write_stop

# Keys of an answer of the API that no plan file has. Source: SmartTradesV2 page, entity.
_ENTITY_KEYS = frozenset(
    {
        *("id", "status", "data", "profit", "margin", "note_raw", "reduce_funds", "market_close"),
        *("is_position_not_filled", "created_at", "updated_at"),
    }
)
# So many of them are no accident.
_LEAST_ENTITY_KEYS = 3
# Keys of the groups of an answer; two of them are no accident.
_ANSWER_KEYS = frozenset(
    {"editable", "status", "value_without_commission", "price_type", "cancelable", "total", "data", "quote_currency"}
)
_LEAST_ANSWER_KEYS = 2
_STEP_KEYS = frozenset({"order_type", "price", "volume", "trailing"})
_GROUPS = "position|take_profit|stop_loss|leverage|averaging|lifecycle"
_FLAT_KEY = re.compile(rf"({_GROUPS})((?:\[[\"']?\w*[\"']?\]|(?:\.|->|/)\w+)+)")
_PART = re.compile(r"\w+")


def find_pasted_entity(document: Document, path: FieldPath, group: object) -> Problem | None:
    """Find an answer of the API in the place of a trade or of a whole file.

    Args:
        document: The file.
        path: The trade; empty for the whole file.
        group: What is written there.
    """
    keys = _ENTITY_KEYS & group.keys() if isinstance(group, Mapping) else frozenset()
    if len(keys) < _LEAST_ENTITY_KEYS or not isinstance(group, Mapping):
        return None
    live_id = group.get("id")
    shown = f" {live_id}" if isinstance(live_id, int) and not isinstance(live_id, bool) else " ID"
    message = (
        f"found an answer of the API (with {', '.join(sorted(keys)[:3])}), expected a trade of a plan file;"
        f" remove it and run `reconciler import{shown}`, which writes the trade"
    )
    return document.problem(path, message, at=document.find_key(path))


def find_pasted_group(document: Document, path: FieldPath, group: object) -> Problem | None:
    """Find a part of an answer of the API in the place of a group of a trade.

    Args:
        document: The file.
        path: The group.
        group: What is written there.
    """
    keys = sorted(_ANSWER_KEYS & set(_list_keys(group)))
    if path[-1] not in _GROUPS.split("|") or len(keys) < _LEAST_ANSWER_KEYS:
        return None
    message = (
        f"found a part of an answer of the API (with {', '.join(keys[:3])}), expected {path[-1]} of a plan file;"
        " remove it and run `reconciler import ID`, which writes the whole trade"
    )
    return document.problem(path, message, at=document.find_key(path))


def _list_keys(group: object) -> Iterator[str]:
    if isinstance(group, Mapping):
        yield from group
    for part in group.values() if isinstance(group, Mapping) else group if isinstance(group, list) else ():
        yield from _list_keys(part)


def find_flat_keys(document: Document, path: FieldPath, trade: Mapping[str, object]) -> Iterator[Problem]:
    """Find keys such as `position[type]` or `position.type`, as requests in the shape of forms have them.

    Args:
        document: The file.
        path: The trade.
        trade: Its fields.
    """
    groups: dict[str, list[str]] = {}
    for key in trade:
        match = _FLAT_KEY.fullmatch(key)
        if match is not None:
            groups.setdefault(match[1], []).append(key)
    for group, keys in groups.items():
        nested: dict[str, object] = {}
        for key in keys:
            _put(nested, _PART.findall(key)[1:], trade[key])
        line = _complete(group, _make_lists(nested))
        message = f"found {keys[0]}, a key of a form; expected a group: write {line}"
        yield document.problem((*path, group), message, at=document.find_key((*path, keys[0])))


def _make_lists(value: object) -> object:
    """Return groups with the keys 0, 1, 2 as lists."""
    if not isinstance(value, Mapping):
        return value
    parts = {key: _make_lists(part) for key, part in value.items()}
    return list(parts.values()) if parts and all(key.isdigit() or not key for key in parts) else parts


def _complete(group: str, value: object) -> str:
    """Write the line of a group; one that would be the next mistake gets what it lacks."""
    if group == "take_profit" and isinstance(value, Mapping) and value.keys() & _STEP_KEYS:
        value = [value]
    steps = value.get("steps") if isinstance(value, Mapping) else value
    if isinstance(steps, Mapping) and steps.keys() & _STEP_KEYS:
        steps = [steps]
    if group == "take_profit" and isinstance(steps, list):
        missing = {"order_type": "limit", "price": 63000, "volume": 100}
        value = [{**missing, **step} for step in steps if isinstance(step, dict)]
    if group == "stop_loss" and isinstance(value, Mapping) and "conditional" not in value and "price" in value:
        return write_stop(value["price"])
    return f"{group}: {write_flow(value)}"


def is_flat_key(key: str) -> bool:
    """Return whether a key of a trade is a path into one of its groups."""
    return _FLAT_KEY.fullmatch(key) is not None


def find_lost_dash(document: Document, path: FieldPath, group: Mapping[str, object]) -> Problem | None:
    """Find the fields of one step directly below `take_profit`, where a list of steps is expected.

    Args:
        document: The file.
        path: The take profit.
        group: Its fields.
    """
    if not path or path[-1] != "take_profit" or "steps" in group:
        return None
    prices = [value for key, value in group.items() if find_meaning("trade", key) == ("take_profit",)]
    if prices:
        message = f"found prices, expected a list of steps; write {write_steps(prices)}"
        return document.problem(path, message, at=document.find_key(path))
    fields = {key.lstrip("-"): value for key, value in group.items()}
    if not fields.keys() & _STEP_KEYS:
        return None
    step = {"order_type": "limit", "price": 63000, "volume": 100, **fields}
    found = (
        "one step without a dash"
        if fields.keys() == group.keys()
        else "dashes without a blank, before keys of one step"
    )
    message = (
        f"found {found}, expected a list of steps;"
        f" write take_profit: [{write_flow({key: step[key] for key in step if key in _STEP_KEYS})}]"
    )
    return document.problem(path, message, at=document.find_key(path))


def write_flow(value: object) -> str:
    """Write a value in one line: `{type: buy, units: 0.01}`."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {write_flow(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(write_flow, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "..." if value is None else str(value)


def _put(nested: dict[str, object], parts: list[str], value: object) -> None:
    *above, last = parts
    for part in above:
        below = nested.setdefault(part, {})
        if not isinstance(below, dict):
            return
        nested = below
    nested[last] = value
