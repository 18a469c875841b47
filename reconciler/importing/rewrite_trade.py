"""Rewrite one trade of a plan file: only the parts that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import cast

from reconciler.formatting.splice import (
    CannotSplice,
    add_entry,
    insert_item,
    remove_entry,
    remove_item,
    replace_entry,
    replace_item,
    wrap_list,
)
from reconciler.importing.fields import Field, Fields, default_type_at, shorten_field
from reconciler.loading.spans import KeySpan, Shape, Span, find_spans

Path = tuple[str | int, ...]

# The order in which a person writes the keys of a trade, and of its groups.
_TRADE_ORDER = (
    *("account", "account_id", "state", "generation", "lifecycle", "pair", "instant", "skip_enter_step"),
    *("leverage", "position", "take_profit", "stop_loss", "averaging", "note"),
)
_ORDER = (
    *_TRADE_ORDER,
    *("enabled", "unallocated", "steps"),
    *("type", "order_type", "units", "value", "percent", "price", "conditional", "volume", "trailing"),
    *("timeout", "breakeven"),
)
_ABSENT = object()
_STEPS: Path = ("take_profit", "steps")


@dataclass(frozen=True, slots=True)
class _Change:
    """A field that gets another value.

    Attributes:
        path: The field in full form, below the trade.
        before: Its value now, `_ABSENT` if there is none.
        value: Its value to be, `_ABSENT` if it is removed.
    """

    path: Path
    before: Field
    value: Field


def rewrite_trade(text: str, name: str, before: Fields, after: Fields, *, is_explicit: bool = False) -> str:
    """Write the text of a plan file with the fields of one trade changed.

    Args:
        text: The file.
        name: The trade; it is in the file.
        before: Its fields as the file states them now, in full form.
        after: Its fields as they are to be.
        is_explicit: Whether removed fields are written as off, and price types are always written, since the `defaults`
            of the file say otherwise.

    Raises:
        CannotSplice: A field is written in a way in which it cannot be changed alone.
    """
    changes = list(_find_changes((), before, after))
    # Removed fields come last, so that no group is empty in between.
    for change in sorted(changes, key=lambda change: change.value is _ABSENT):
        try:
            text = _apply(text, name, change, after, is_explicit=is_explicit)
        except CannotSplice as error:
            place = ".".join(str(key) for key in change.path)
            raise CannotSplice(f"{name}: {place} cannot be changed in place: {error}") from error
    return text


def _find_changes(path: Path, before: Field, after: Field) -> Iterator[_Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict([*before.items(), *after.items()]):
            yield from _find_changes((*path, key), before.get(key, _ABSENT), after.get(key, _ABSENT))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _find_changes((*path, place), one, other)
    else:
        yield _Change(path, before, after)


def _apply(text: str, name: str, change: _Change, after: Fields, *, is_explicit: bool) -> str:
    node = _find_trade(text, name)
    entry: KeySpan | None = None
    parent: Span | None = None
    path = change.path
    for depth, key in enumerate(path):
        if isinstance(key, int):
            if node.shape is not Shape.LIST:
                raise CannotSplice("it is written as an alias")
            parent, entry, node = None, None, node.items[key]
            continue
        if node.shape is Shape.LIST and key == "steps":
            continue
        found = node.find(key) if node.shape is Shape.MAPPING else None
        if found is None:
            here = _Location(text, node, entry, parent, path[:depth])
            return _write_missing(here, change, after, is_explicit=is_explicit)
        parent, entry, node = node, found, found.value
    if path == _STEPS and node.shape is Shape.LIST and isinstance(change.value, list) and change.before is not _ABSENT:
        return _rewrite_steps(text, name, change, after, is_explicit=is_explicit)
    here = _Location(text, node, entry, parent, path)
    return _write_present(here, change, after, is_explicit=is_explicit)


@dataclass(frozen=True, slots=True)
class _Location:
    """The part of a file down to which a path is written.

    Attributes:
        text: The file.
        node: The last part that is written.
        entry: Its entry in the mapping above it; None for a step.
        parent: The mapping above it; None for a step.
        path: Its path.
    """

    text: str
    node: Span
    entry: KeySpan | None
    parent: Span | None
    path: Path


def _write_missing(here: _Location, change: _Change, after: Fields, *, is_explicit: bool) -> str:
    """Write a field that is not written as such: absent, from the defaults, or part of a short form."""
    text, node, key = here.text, here.node, str(change.path[len(here.path)])
    if node.shape is Shape.MAPPING:
        below = (*here.path, key)
        if change.value is _ABSENT:
            if not is_explicit or len(below) < len(change.path):
                return text
            return add_entry(text, node, key, False, _ORDER)  # noqa: FBT003 - the value that is written
        value = change.value if below == change.path else _get(after, below)
        return add_entry(text, node, key, _shorten(below, value, after, is_explicit=is_explicit), _ORDER)
    if node.shape is Shape.LIST and key == "unallocated" and here.entry is not None:
        if change.value is _ABSENT:
            return text
        return wrap_list(text, here.entry, "steps", "unallocated", change.value)
    if node.shape is Shape.ALIAS:
        raise CannotSplice("it is written as an alias")
    # A scalar in the place of a group: written again as a whole, perhaps as a scalar again.
    whole = _get(after, here.path)
    if whole is _ABSENT:
        return text
    short = _shorten(here.path, whole, after, is_explicit=is_explicit)
    if here.entry is not None:
        return replace_entry(text, here.entry, short)
    return replace_item(text, node, short)


def _write_present(here: _Location, change: _Change, after: Fields, *, is_explicit: bool) -> str:
    """Change a field that is written as such."""
    text, node, entry, parent = here.text, here.node, here.entry, here.parent
    if entry is None or parent is None:
        return replace_item(text, node, _shorten(change.path, change.value, after, is_explicit=is_explicit))
    if change.value is _ABSENT:
        if is_explicit and len(change.path) > 1:
            return replace_entry(text, entry, False)  # noqa: FBT003 - the value that is written
        return remove_entry(text, parent, entry)
    return replace_entry(text, entry, _shorten(change.path, change.value, after, is_explicit=is_explicit))


def _rewrite_steps(text: str, name: str, change: _Change, after: Fields, *, is_explicit: bool) -> str:
    """Rewrite steps if their number changes: those that stay are not touched, nor are their comments."""
    before, wanted = cast("list[Field]", change.before), cast("list[Field]", change.value)
    short = [_shorten((*change.path, 0), step, after, is_explicit=is_explicit) for step in wanted]
    matcher = SequenceMatcher(None, list(map(repr, before)), list(map(repr, wanted)), autojunk=False)
    # From the end, so that the places before stay what they are.
    for tag, first, last, start, end in reversed(matcher.get_opcodes()):
        if tag == "equal":
            continue
        common = min(last - first, end - start)
        for place in reversed(range(start + common, end)):
            text = insert_item(text, _find_steps(text, name), first + common, short[place])
        for place in reversed(range(first + common, last)):
            text = remove_item(text, _find_steps(text, name), place)
        for offset in range(common):
            text = replace_item(text, _find_steps(text, name).items[first + offset], short[start + offset])
    return text


def _find_steps(text: str, name: str) -> Span:
    entry = _find_trade(text, name).find("take_profit")
    if entry is not None and entry.value.shape is Shape.MAPPING:
        entry = entry.value.find("steps")
    if entry is None or entry.value.shape is not Shape.LIST:
        raise CannotSplice("the steps are not written as a list")
    return entry.value


def _find_trade(text: str, name: str) -> Span:
    trades = find_spans(text).find("trades")
    entry = trades.value.find(name) if trades else None
    if entry is None:
        raise CannotSplice("the trade is not in the file")
    if entry.value.shape is Shape.ALIAS or entry.value.is_anchored:
        raise CannotSplice("the trade is written with an anchor or an alias")
    return entry.value


def _shorten(path: Path, value: Field, after: Fields, *, is_explicit: bool) -> Field:
    default = "" if is_explicit else default_type_at(path, after)
    key = path[-1] if path and isinstance(path[-1], str) else ""
    return shorten_field(str(key), value, default)


def _get(fields: Fields, path: Path) -> Field:
    node: Field = fields
    for key in path:
        if isinstance(node, Mapping) and key in node:
            node = node[str(key)]
        elif isinstance(node, list) and isinstance(key, int) and key < len(node):
            node = node[key]
        else:
            return _ABSENT
    return node
