"""A plan file, ready to be pasted, for coins that a cancelled trade has left."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from reconciler.codec.body import write_body
from reconciler.codec.note import NAME_PATTERN
from reconciler.model.terms import Terms

_SUFFIX = "-held"
_LONGEST_NAME = 48
_PLAIN_TEXT = re.compile(r"[A-Za-z0-9.]+(?:[_-][A-Za-z0-9.]+)*")
_WORDS = {"true", "false", "null"}


def render_takeover(trade: str, terms: Terms) -> str:
    """Write the text of a plan file with one trade.

    Args:
        trade: Name of the cancelled trade.
        terms: The trade that takes over its coins.
    """
    body = write_body(terms)
    steps = body["take_profit"]
    lines = ["version: 1", "trades:", f"  {name_takeover(trade)}:"]
    for key, value in body.items():
        if key == "take_profit" and terms.steps and isinstance(steps, Mapping):
            lines += ["    take_profit:", *(f"      - {_flow(step)}" for step in steps["steps"])]
        else:
            lines.append(f"    {key}: {_flow(value)}")
    if terms.stop_loss is None:
        lines.append("    # The price has passed the old stop, or there was none: state one before you apply this.")
    return "\n".join(lines)


def name_takeover(trade: str) -> str:
    """Make the name of the trade that takes over: that of the cancelled one with a word behind it."""
    name = f"{trade[: _LONGEST_NAME - len(_SUFFIX)]}{_SUFFIX}"
    if re.fullmatch(NAME_PATTERN, name) is None:
        raise ValueError(f"{trade!r} is not a name of a trade")
    return name


def _flow(value: object) -> str:
    """Write a value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, str) and _PLAIN_TEXT.fullmatch(value) and value not in _WORDS:
        return value
    return json.dumps(value)
