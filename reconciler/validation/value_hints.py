"""Values that a trader would write and that a plan file does not take: what is meant, and the line to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.loading.sloppy_numbers import SloppyNumber, read_sloppy_number
from reconciler.model.documents import FieldPath
from reconciler.validation.sloppy_pairs import turn_pair
from reconciler.validation.trade_facts import TradeFacts, read_number, read_side
from reconciler.validation.word_hints import share_equally, write_leverage, write_step, write_steps, write_stop

_HUNDRED = Decimal(100)
_STATES: Mapping[str, str] = {
    **dict.fromkeys(
        ("close", "cancel", "cancelled", "canceled", "done", "exit", "finished", "stopped", "sold"), "closed"
    ),
    **dict.fromkeys(("active", "on", "running", "live", "opened", "enabled", "present"), "open"),
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
        turned = turn_pair(value)
        return f"did you mean {turned}?" if turned else None
    if isinstance(value, str) and last in ("state", "order_type", "type"):
        return _find_word_hint(names, value)
    if names == ("leverage",):
        return f"write {write_leverage(value)}" if _is_leverage(value) else None
    if names == ("position",) and isinstance(value, str):
        side = read_side(value.partition(" ")[0]) or "buy"
        return f"write position: {{type: {side}, order_type: limit, units: 0.01, price: 60000}}"
    if last == "conditional" and read_number(value) is not None:
        return f"write conditional: {{{_write_price(read_number(value) or Decimal(0))}}}"
    if names == ("stop_loss",):
        sloppy = read_sloppy_number(value)
        if sloppy is not None and sloppy.unit == "%":
            return write_percent(facts, names, sloppy.value, write_stop)
        return f"write {write_stop(value)}" if read_number(value) is not None else None
    if names == ("averaging",) and isinstance(value, Mapping):
        return "write a list, with a dash before each order: averaging: [{price: 58000, units: 0.01}]"
    if names in (("take_profit",), ("take_profit", "steps")):
        return _find_steps_hint(facts, path, value, parent)
    return _find_number_hint(facts, names, value)


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
    price, side = facts.entry_price, facts.side
    distance = plain(abs(percent))
    if price is None or side is None:
        return f"a level is a price; {{percent: {distance}}} is taken only while the entry trails"
    is_above = (side == "buy") is ("take_profit" in names)
    level = price * (1 + abs(percent) / _HUNDRED) if is_above else price * (1 - abs(percent) / _HUNDRED)
    where = "above" if is_above else "below"
    return (
        f"a level is a price: {distance} % {where} the entry at {plain(price)} is {plain(level)}: write {write(level)}"
    )


def _find_word_hint(names: Sequence[str], value: str) -> str | None:
    word = value.strip().lower()
    if names == ("state",):
        return f"did you mean {_STATES[word]}?" if word in _STATES else None
    if names[-1] == "type":
        if names[0] == "position":
            side = read_side(word)
            return f"write type: {side}" if side else None
        return f"write type: {word}" if word in ("cross", "isolated", "bid", "ask", "last") else None
    allowed = ("market", "limit", "conditional") if names == ("position", "order_type") else ("market", "limit")
    if word in allowed and word != value and names[0] != "averaging":
        return f"write order_type: {word}"
    if word in _TRIGGER_WORDS and names[0] == "position":
        return "write order_type: conditional, conditional: {price: 60000, order_type: market}"
    return None


def _find_steps_hint(facts: TradeFacts, path: FieldPath, value: object, parent: object) -> str | None:
    sloppy = read_sloppy_number(value)
    if sloppy is not None and sloppy.unit == "%":
        return write_percent(facts, ("take_profit",), sloppy.value, write_steps)
    if isinstance(value, str) and not isinstance(path[-1], int):
        prices = [part for part in re.split(r"[,;/]\s+|\s+", value) if read_number(part) is not None]
        return f"write {write_steps(prices)}" if prices else None
    number = read_number(value)
    if isinstance(path[-1], int) and number is not None and isinstance(parent, Sequence):
        return f"write {write_step(number, share_equally(len(parent))[path[-1]])}"
    return f"write {write_steps(value)}" if number is not None else None


def _find_number_hint(facts: TradeFacts, names: Sequence[str], value: object) -> str | None:
    sloppy = read_sloppy_number(value)
    field = next((name for name in reversed(names) if name not in ("value", "enabled")), "")
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


def _find_units_hint(facts: TradeFacts, sloppy: SloppyNumber) -> str:
    if sloppy.unit == "%":
        return f"the size is a number of {facts.base}, not a share of the balance: write units: 0.01"
    if sloppy.unit in (facts.quote, "$", "USD") and sloppy.unit:
        return facts.size_in_units(sloppy.value)
    if sloppy.unit in ("", facts.base):
        return f"write units: {plain(sloppy.value)}"
    return f"the size is a number of {facts.base}: write units: 0.01"


def _is_leverage(value: object) -> bool:
    is_word = isinstance(value, str) and re.search(r"[0-9]|cross|isolated", value.lower()) is not None
    return is_word or read_number(value) is not None
