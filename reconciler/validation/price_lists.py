"""A list of prices where a list of steps is expected: `[66000, 70000]`, `[5%, 10%]`, `[50% at 66000]`. One problem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.loading.sloppy_numbers import join_split_number, read_sloppy_number
from reconciler.model.documents import Document, FieldPath
from reconciler.model.problems import Problem
from reconciler.validation.trade_facts import TradeFacts, read_number
from reconciler.validation.word_hints import share_equally, write_step

# Prices that are so many times away from the entry are parts of numbers.
_FAR = 10
_THREE_DIGITS = re.compile("[0-9]{3}")
_EXAMPLE = Decimal(63000)


def find_price_list(document: Document, path: FieldPath, steps: object) -> Problem | None:
    """Find a list without a single step; None for any other value.

    Args:
        document: The file.
        path: The take profit.
        steps: What is written there.
    """
    if not isinstance(steps, list) or not steps or any(isinstance(step, dict) or step is None for step in steps):
        return None
    facts = TradeFacts.find(document, path)
    joined = _join_thousands(facts, steps)
    listed = joined if joined is not None else steps
    read = [_read_step(facts, step) for step in listed]
    shares = share_equally(len(listed))
    written = [
        write_step(price or _EXAMPLE, volume if volume is not None else share)
        for (price, volume), share in zip(read, shares, strict=True)
    ]
    found = "prices"
    if joined is not None:
        found = f"{', '.join(map(plain, joined))} with commas, which split each number in two"
    message = f"found {found}, expected a list of steps; write take_profit: [{', '.join(written)}]"
    return document.problem(path, message)


def _read_step(facts: TradeFacts, step: object) -> tuple[Decimal | None, str | None]:
    """Return the price and the volume that an item names, as far as it names them."""
    sloppy = read_sloppy_number(step)
    if sloppy is not None and sloppy.unit == "%":
        return facts.level_in_percent(sloppy.value, is_profit=True), None
    if read_number(step) is not None:
        return read_number(step), None
    parts = step if isinstance(step, list) else re.split(r"[\s,:@=]+", step) if isinstance(step, str) else []
    shares = [part for part in parts if isinstance(part, str) and part.endswith("%")]
    numbers = [number for part in parts if part not in shares and (number := read_number(part)) is not None]
    share = read_sloppy_number(shares[0]) if shares else None
    if share is not None:
        return (numbers[0] if numbers else None), plain(share.value)
    if len(numbers) == 2:
        return numbers[0], plain(numbers[1])
    return (numbers[0] if numbers else None), None


def _join_thousands(facts: TradeFacts, items: Sequence[object]) -> list[Decimal] | None:
    """Return the numbers that are meant by 66, 500, 70, 500, if only they are near the entry."""
    entry = facts.entry_price
    if entry is None or len(items) % 2 or not all(isinstance(item, int | str) for item in items):
        return None
    pairs = list(zip(items[::2], items[1::2], strict=True))
    joined = [join_split_number(first, str(rest)) for first, rest in pairs if _THREE_DIGITS.fullmatch(str(rest))]
    numbers = [Decimal(number) for number in joined if number is not None]
    are_near = all(entry / _FAR < number < entry * _FAR for number in numbers)
    are_parts = all(isinstance(first, int) and first < entry / _FAR for first, _ in pairs)
    return numbers if len(numbers) == len(pairs) and are_near and are_parts else None
