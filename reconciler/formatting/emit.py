"""Values as YAML: scalars follow JSON, small groups are on one line, each step has its own line.

Whether a text needs quotes depends on our own strict reading of YAML, which the writer of a library does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.numbers import plain

INDENT = 2
# A group that would go beyond this column gets one line for each key.
MAX_LINE_CHARS = 110

# Texts that never need quotes, also not inside braces or before a comment.
_BARE = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ._/()+-]*[A-Za-z0-9._/()+-])?")
_WORDS = frozenset({"true", "false", "null"})


def emit_scalar(value: object) -> str:
    """Write a scalar as YAML.

    Args:
        value: A text, a switch, or a number as int or Decimal.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return plain(Decimal(value))
    text = str(value)
    if _BARE.fullmatch(text) and text not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def emit_flow(value: object) -> str:
    """Write a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{emit_scalar(key)}: {emit_flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(emit_flow(below) for below in value) + "]"
    return emit_scalar(value)


def emit_entry(key: str, value: object, indent: int) -> list[str]:
    """Write a key with its value as lines without line ends.

    Args:
        key: The key.
        value: Its value.
        indent: Column of the key, from 0.
    """
    head = f"{' ' * indent}{emit_scalar(key)}:"
    if not _has_list(value):
        line = f"{head} {emit_flow(value)}"
        if not isinstance(value, Mapping) or len(line) <= MAX_LINE_CHARS:
            return [line]
    return [head, *_emit_block(value, indent + INDENT)]


def emit_item(value: object, indent: int) -> list[str]:
    """Write an item of a list as lines without line ends.

    Args:
        value: The item.
        indent: Column of its dash, from 0.
    """
    line = f"{' ' * indent}- {emit_flow(value)}"
    if not isinstance(value, Mapping) or (len(line) <= MAX_LINE_CHARS and not _has_list(value)):
        return [line]
    first, *rest = _emit_block(value, indent + INDENT)
    return [f"{' ' * indent}- {first[indent + INDENT :]}", *rest]


def _emit_block(value: object, indent: int) -> list[str]:
    if isinstance(value, list):
        return [line for item in value for line in emit_item(item, indent)]
    if isinstance(value, Mapping):
        return [line for key, below in value.items() for line in emit_entry(str(key), below, indent)]
    raise AssertionError("a scalar has a line already")


def _has_list(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_has_list(below) for below in value.values())
    return isinstance(value, list)


def emit_trade(name: str, fields: Mapping[str, object], indent: int) -> list[str]:
    """Write a trade as lines without line ends, each of its groups on its own line.

    Args:
        name: Its name.
        fields: Its fields.
        indent: Column of the name, from 0.
    """
    return [f"{' ' * indent}{emit_scalar(name)}:", *_emit_block(fields, indent + INDENT)]
