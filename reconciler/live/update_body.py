"""The body of an update: the entity just read, with only the changed fields replaced.

An update replaces whole groups, so every group goes back in full; ids, computed keys and nulls stay behind. What the
market or the server moved (held units, levels of a trailing) goes back as it is, or the update would undo it.
Source: SmartTradesV2 page, update; issue threads of the docs repository on omitted units and exclusive prices.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import cast

from reconciler.codec.body import Body, write_body
from reconciler.codec.numbers import plain
from reconciler.model.terms import Terms

Key = str | int
Keys = tuple[Key, ...]

# The inputs of an update. Source: SmartTradesV2 page, update parameters; position.type and order_type from its example.
_VALUE: Body = {"value": None}
_SWITCH: Body = {"enabled": None, "percent": None}
_EXIT_PRICE: Body = {"type": None, "value": None, "percent": None}
_STEP: Body = {"order_type": None, "price": _EXIT_PRICE, "volume": None, "trailing": _SWITCH}
_INPUTS: Body = {
    "leverage": {"enabled": None, "type": None, "value": None},
    "position": {
        "type": None,
        "order_type": None,
        "units": _VALUE,
        "price": _VALUE,
        "conditional": {"price": {"type": None, "value": None}, "order_type": None, "trailing": _SWITCH},
    },
    "take_profit": {"enabled": None, "steps": [_STEP]},
    "stop_loss": {
        "enabled": None,
        "order_type": None,
        "price": _VALUE,
        "conditional": {"price": _EXIT_PRICE, "trailing": _SWITCH},
        "timeout": {"enabled": None, "value": None},
        "breakeven": None,
    },
}
# What cannot be updated is replaced instead. Source: SmartTradesV2 page, update parameters lack them.
_FIXED = frozenset({"position", "position.type", "position.order_type"})
_OFF: Body = {"enabled": False}
_PATH_PART = re.compile(r"([a-z_]+)|\[([0-9]+)\]")


def update_body(entity: Mapping[str, object], wanted: Terms, changed: Collection[str]) -> Body:
    """Make the body of an update.

    Args:
        entity: The SmartTrade as just read.
        wanted: Terms with the new values of the changed fields.
        changed: Paths in the shape of the API body, a field or a whole group: `position.price.value`,
            `stop_loss.conditional.price.value`, `take_profit.steps`, `take_profit.steps[0].volume`, `stop_loss`. A
            path into a group takes the whole group if one side is off, or if the number of steps differs.

    Returns:
        A new dict with leverage (if the entity shows it), position, take_profit and stop_loss in full.

    Raises:
        ValueError: A path names nothing that an update can change.
    """
    echo = cast("Body", _project(entity, _INPUTS))
    source = cast("Body", _project(_in_full(wanted), _INPUTS))
    # The reach of a path depends on the original entity, not on the changes of other paths.
    reaches = [_reach(echo, source, _read_path(path)) for path in changed]
    for keys in reaches:
        _take(echo, source, keys)
    _fill_distance(echo, source)
    return echo


def _fill_distance(echo: Body, source: Body) -> None:
    """Send the distance of a trailing stop again, if the API does not return it: an echo without it may reset it."""
    ours, theirs = _find_trailing(echo), _find_trailing(source)
    if ours.get("enabled") in (True, "true") and "percent" in theirs:
        ours.setdefault("percent", theirs["percent"])


def _find_trailing(body: Body) -> Body:
    below: object = body
    for key in ("stop_loss", "conditional", "trailing"):
        below = below.get(key) if isinstance(below, dict) else None
    return below if isinstance(below, dict) else {}


def _project(value: object, inputs: object) -> object:
    """Select the inputs of a part of an entity: no nulls, no other keys, no leftovers of disabled groups."""
    if isinstance(inputs, list):
        return [_project(entry, inputs[0]) for entry in cast("list[object]", value)]
    if not isinstance(inputs, dict):
        return plain(value) if isinstance(value, Decimal) else value
    group = cast("Mapping[str, object]", value)
    if "enabled" in inputs and group.get("enabled") in (False, "false"):
        return dict(_OFF)
    kept = {key: _project(group[key], below) for key, below in inputs.items() if group.get(key) is not None}
    if "value" in kept and "percent" in kept and "enabled" not in inputs:
        # "are mutually exclusive": the value is what the percent has become.
        del kept["percent"]
    return {key: below for key, below in kept.items() if below != {}}


def _in_full(wanted: Terms) -> Body:
    """Make the full create body with disabled parts stated: an update may keep fields that it does not mention."""
    body = write_body(wanted)
    body.setdefault("leverage", dict(_OFF))
    for group in ("take_profit", "stop_loss"):
        body.setdefault(group, dict(_OFF))
    position, stop = cast("Body", body["position"]), cast("Body", body["stop_loss"])
    if "conditional" in position:
        cast("Body", position["conditional"]).setdefault("trailing", dict(_OFF))
    for step in cast("list[Body]", cast("Body", body["take_profit"]).get("steps", [])):
        step.setdefault("trailing", dict(_OFF))
    if stop["enabled"]:
        stop.setdefault("timeout", dict(_OFF))
        stop.setdefault("breakeven", False)
        cast("Body", stop["conditional"]).setdefault("trailing", dict(_OFF))
    return body


def _read_path(path: str) -> Keys:
    keys: Keys = tuple(name or int(index) for name, index in _PATH_PART.findall(path))
    below: object = _INPUTS
    try:
        for key in keys:
            below = (
                below[0]
                if isinstance(below, list) and isinstance(key, int)
                else cast("Mapping[Key, object]", below)[key]
            )
    except (KeyError, TypeError):
        keys = ()
    if not keys:
        raise ValueError(f"{path!r} is not a field that an update can change")
    if path in _FIXED:
        raise ValueError(f"{path} cannot be changed by an update")
    return keys


def _reach(echo: Body, source: Body, keys: Keys) -> Keys:
    """Shorten the path if all below it must come from the file: one side is off, or the number of steps differs."""
    ours: object = echo
    theirs: object = source
    for depth, key in enumerate(keys[:-1], start=1):
        ours, theirs = _at(ours, key), _at(theirs, key)
        if isinstance(ours, list) and isinstance(theirs, list):
            can_be_mixed = len(ours) == len(theirs)
        else:
            can_be_mixed = isinstance(ours, dict) and isinstance(theirs, dict) and _OFF not in (ours, theirs)
        if not can_be_mixed:
            return keys[:depth]
    return keys


def _take(echo: object, source: object, keys: Keys) -> None:
    *parents, last = keys
    for key in parents:
        echo, source = _at(echo, key), _at(source, key)
    # Only one of the two may be sent, so they change together.
    for key in ("value", "percent") if last in ("value", "percent") else (last,):
        value = _at(source, key)
        if value is None:
            cast("dict[Key, object]", echo).pop(key, None)
        else:
            cast("dict[Key, object]", echo)[key] = value


def _at(container: object, key: Key) -> object:
    if isinstance(container, dict):
        return container.get(key)
    steps, place = cast("list[object]", container), cast("int", key)
    if place >= len(steps):
        raise ValueError(f"there is no take_profit.steps[{place}]")
    return steps[place]
