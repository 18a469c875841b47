"""Values that a trader would write and that a plan file does not take: what is meant, and the line to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.loading.sloppy_numbers import SloppyNumber, find_first_number, read_sloppy_number
from reconciler.model.documents import FieldPath
from reconciler.validation.sloppy_pairs import turn_pair
from reconciler.validation.trade_facts import TradeFacts, read_number, read_side
from reconciler.validation.word_hints import (
    explain_percent,
    share_equally,
    write_leverage,
    write_step,
    write_steps,
    write_stop,
)

_EXAMPLES: Mapping[FieldPath, str] = {
    ("lifecycle", "prevent"): "write prevent: [close]",
    ("lifecycle", "ignore_changes"): "write ignore_changes: [note]",
    ("note",): "put the text in quotes, or leave the key out",
}
# Signs around a word that belong to another notation.
_SIGNS = " \u201c\u201d\u2018\u2019\"'`;,."
_STATES: Mapping[str, str] = {
    **dict.fromkeys(
        ("close", "cancel", "cancelled", "canceled", "done", "exit", "finished", "stopped", "sold"), "closed"
    ),
    **dict.fromkeys(
        ("active", "on", "running", "live", "opened", "enabled", "present", "pending", "filled", "waiting", "new"),
        "open",
    ),
    **dict.fromkeys(("abandon", "keep", "forget"), "abandoned"),
    **dict.fromkeys(("release", "unmanaged", "free"), "released"),
}
_TRIGGER_WORDS = frozenset({"stop", "stop_limit", "stop_market", "stop-limit", "stop-market", "trigger", "breakout"})
_SHARES = frozenset({"volume", "percent", "trailing", "unallocated"})
_SECONDS: Mapping[str, int] = {"": 1, "S": 1, "SEC": 1, "SECONDS": 1, "MIN": 60, "MINUTES": 60, "H": 3600}


def find_hint(facts: TradeFacts, path: FieldPath, value: object, parent: object) -> str | None:
    """Return advice for a value of the wrong kind; None if nothing is known about it.

    Args:
        facts: The trade.
        path: The field below its trade or below the defaults.
        value: What was written.
        parent: The group or the list that the field is in.
    """
    names = tuple(part for part in path if isinstance(part, str))
    last = names[-1] if names else ""
    if last == "pair":
        turned = turn_pair(value) or _join_pair(value)
        return f"did you mean {turned}?" if turned else None
    if isinstance(value, str) and last in ("state", "order_type", "type"):
        return _find_word_hint(names, value)
    if names in (("take_profit",), ("take_profit", "steps")):
        return _find_steps_hint(facts, path, value, parent)
    hint = _find_group_hint(facts, path, value)
    return hint if hint is not None else _find_number_hint(facts, names, value)


def _find_group_hint(facts: TradeFacts, names: FieldPath, value: object) -> str | None:
    """Return advice for a value in the place of a group."""
    if isinstance(value, str) and names == ("note",):
        return None
    if names == ("leverage",):
        return _find_leverage_hint(value)
    if names == ("position",):
        line = f"position: {{type: {_find_side(value)}, order_type: limit, units: 0.01, price: 60000}}"
        return f"write its keys without dashes: {line}" if isinstance(value, list) else f"write {line}"
    if names == ("stop_loss",):
        return _find_stop_hint(facts, value)
    if names == ("averaging",) and not isinstance(value, list | bool):
        return "write a list, with a dash before each order: averaging: [{price: 58000, units: 0.01}]"
    if names[:1] == ("averaging",) and isinstance(names[-1], int):
        price = find_first_number(str(value))
        return f"write {{price: {plain(price) if price is not None else 58000}, units: 0.01}}"
    number = read_number(value)
    if names[-1:] == ("conditional",) and number is not None:
        return f"write conditional: {{{_write_price(number)}}}"
    return _EXAMPLES.get(names)


def _find_side(value: object) -> str:
    return (read_side(value.partition(" ")[0]) if isinstance(value, str) else None) or "buy"


def _find_stop_hint(facts: TradeFacts, value: object) -> str:
    sloppy = read_sloppy_number(value)
    if sloppy is not None and sloppy.unit == "%":
        return explain_percent(facts, sloppy.value, write_stop, is_profit=False)
    if isinstance(value, list):
        return f"write it without a dash: {write_stop(58000)}"
    return f"write {write_stop(value if find_first_number(str(value)) is not None else 58000)}"


def _join_pair(value: object) -> str | None:
    parts = [value.get("quote"), value.get("base")] if isinstance(value, Mapping) else value
    if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(part, str) for part in parts):
        return None
    return turn_pair("_".join(parts))


def _find_leverage_hint(value: object) -> str:
    is_none = read_number(value) == 0 or (isinstance(value, str) and value.lower() in ("none", "off", "no", "spot"))
    return "leave the key out" if is_none else f"write {write_leverage(value)}"


def _write_price(price: Decimal) -> str:
    return f"price: {plain(price)}"


def write_percent(
    facts: TradeFacts, names: Sequence[str], percent: Decimal, write: Callable[[Decimal], str] = _write_price
) -> str:
    """Return the line for a level that is given as a distance from the entry price.

    Args:
        facts: The trade.
        names: The names of the field and its groups.
        percent: The distance.
        write: Writes the line of a price.
    """
    return explain_percent(facts, percent, write, is_profit="take_profit" in names)


def _find_word_hint(names: Sequence[str], value: str) -> str | None:
    word = value.strip(_SIGNS).lower()
    if names == ("state",):
        return f"did you mean {_STATES[word]}?" if word in _STATES else None
    if names[-1] == "type":
        if names[0] == "position":
            side = read_side(word)
            if word in ("market", "limit", "conditional"):
                return f"write type: buy, and order_type: {word}"
            return f"write type: {side}" if side else None
        return f"write type: {word}" if word in ("cross", "isolated", "bid", "ask", "last") else None
    allowed = ("market", "limit", "conditional") if names == ("position", "order_type") else ("market", "limit")
    if word in allowed and word != value and names[0] != "averaging":
        return f"write order_type: {word}"
    if word in _TRIGGER_WORDS and names[0] == "position":
        return "write order_type: conditional, conditional: {price: 60000, order_type: market}"
    if names[0] == "stop_loss" and ("market" in word or "limit" in word):
        return f"write order_type: {'limit' if 'limit' in word else 'market'}"
    return None


def _find_steps_hint(facts: TradeFacts, path: FieldPath, value: object, parent: object) -> str | None:
    sloppy = read_sloppy_number(value)
    if sloppy is not None and sloppy.unit == "%":
        return write_percent(facts, ("take_profit",), sloppy.value, write_steps)
    if isinstance(value, str) and not isinstance(path[-1], int):
        is_dash_lost = value.startswith("-")
        prices = re.split(r"[,;/]\s*|\s+-?", value.lstrip("-"))
        if find_first_number(value) is None:
            return f"write {write_steps(63000)}"
        blank = "a blank is missing after each dash; " if is_dash_lost else ""
        return f"{blank}write {write_steps([value] if read_number(value) is not None else prices)}"
    number = read_number(value)
    if isinstance(path[-1], int):
        share = share_equally(len(parent))[path[-1]] if isinstance(parent, Sequence) else "100"
        return f"write {write_step(number if number is not None else Decimal(63000), share)}"
    if isinstance(value, list | Mapping) and value:
        return None
    return f"write {write_steps(value if number is not None else 63000)}"


def _find_number_hint(facts: TradeFacts, names: Sequence[str], value: object) -> str | None:
    sloppy = read_sloppy_number(value)
    field = next((name for name in reversed(names) if name not in ("value", "enabled")), "")
    if isinstance(value, str) and sloppy is None:
        return _find_text_hint(facts, field, value)
    if sloppy is None or (sloppy.value <= 0 and sloppy.unit != "%"):
        return None
    if field == "units":
        return _find_units_hint(facts, sloppy)
    if field == "timeout":
        seconds = sloppy.value * _SECONDS[sloppy.unit] if sloppy.unit in _SECONDS else None
        return f"write {field}: {plain(seconds)}, in seconds" if seconds is not None and "m" not in str(value) else None
    if sloppy.unit == "%" and field == "price" and names[0] in ("take_profit", "stop_loss"):
        return write_percent(facts, names, sloppy.value)
    if sloppy.unit == "%" and field not in _SHARES:
        return "a percentage is not taken here: write the number itself"
    return f"write {'value' if names[-1] == 'value' else field}: {plain(sloppy.value)}"


def _find_text_hint(facts: TradeFacts, field: str, value: str) -> str | None:
    """Return advice for a text that is no number in any form, such as `all`, `market`, `1/2` or `59000-60000`."""
    number = find_first_number(value)
    if field == "units":
        return f"the size is a number of {facts.base}: write units: 0.01"
    if field == "volume":
        return "the share of the position in percent: write volume: 50"
    if field != "price":
        return None
    if value.strip().lower() == "market":
        return "for an order at the market price write order_type: market and no price"
    if number is not None and "%" not in value:
        return f"one price, without words or a range: write price: {plain(number)}"
    return None


def _find_units_hint(facts: TradeFacts, sloppy: SloppyNumber) -> str:
    if sloppy.unit == "%":
        return f"the size is a number of {facts.base}, not a share of the balance: write units: 0.01"
    if sloppy.unit in (facts.quote, "$", "USD") and sloppy.unit:
        return facts.size_in_units(sloppy.value)
    if sloppy.unit in ("", facts.base):
        return f"write units: {plain(sloppy.value)}"
    return f"the size is a number of {facts.base}: write units: 0.01"
