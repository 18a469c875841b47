"""Candles of a CSV file, checked as a whole, and the ticks of each candle.

Source: assumed; a falling candle goes open, high, low, close, any other open, low, high,
close.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from reconciler.sandbox.values.decimals import read_decimal
from reconciler.sandbox.values.errors import InvalidCandles
from reconciler.sandbox.values.instants import read_instant
from reconciler.sandbox.values.market import Pair, is_price

COLUMNS = ("time", "open", "high", "low", "close")

# Numbers above are milliseconds since 1970, those below seconds: the year 2286 in seconds, 1970 in milliseconds.
LARGEST_SECONDS = 9_999_999_999

# Maximum number of bad rows that an error names.
MAX_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """The prices of one span of time.

    Args:
        line: Its line in the file, from 1.
        at_ms: Its beginning, in milliseconds since 1970.
        open: First price.
        high: Highest price.
        low: Lowest price.
        close: Last price.
    """

    line: int
    at_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal

    def list_ticks(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """List the four prices in the order of the ticks."""
        if self.close >= self.open:
            return self.open, self.low, self.high, self.close
        return self.open, self.high, self.low, self.close


def read_candles(lines: Iterable[str]) -> list[Candle]:
    """Read the candles of a CSV file whose first line names the columns.

    Args:
        lines: The lines of the file.

    Raises:
        InvalidCandles: Columns are missing or rows are invalid; every bad row is named, up to ten.
    """
    reader = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise InvalidCandles(f"line 1: missing column {', '.join(missing)}; expected {','.join(COLUMNS)}")
    candles, problems = [], []
    for row in reader:
        found = _read_row(row, reader.line_num)
        if isinstance(found, Candle):
            candles.append(found)
        else:
            problems.append(found)
    if not candles and not problems:
        problems.append("line 2: no candle; expected at least one")
    _raise_problems(problems)
    return candles


def check_candles(pair: Pair, candles: Sequence[Candle]) -> None:
    """Check candles against the grid of a pair and each other.

    Raises:
        InvalidCandles: A price is off the grid, a high is not the highest or a low not the lowest price, times do not
            rise, or there is no candle; every bad row is named, up to ten.
    """
    if not candles:
        raise InvalidCandles("no candle; expected at least one")
    problems = [problem for candle in candles for problem in _check_prices(pair, candle)]
    problems += [
        f"line {candle.line}: its time is not after that of line {before.line}"
        for before, candle in pairwise(candles)
        if candle.at_ms <= before.at_ms
    ]
    _raise_problems(problems)


def _read_row(row: dict[str, str | None], line: int) -> Candle | str:
    at_ms = _read_time(row["time"] or "")
    if at_ms is None:
        return f"line {line}: {row['time']!r} is not a time; expected ISO 8601 or unix seconds or milliseconds"
    prices = {name: read_decimal((row[name] or "").strip()) for name in COLUMNS[1:]}
    for name, price in prices.items():
        if price is None:
            return f"line {line}: {row[name]!r} is not a price, in column {name}"
    given = {name: price for name, price in prices.items() if price is not None}
    return Candle(line=line, at_ms=at_ms, **given)


def _read_time(text: str) -> int | None:
    number = read_decimal(text.strip())
    if number is None:
        return read_instant(text.strip())
    if number < 0:
        return None
    return int(number * 1000) if number <= LARGEST_SECONDS else int(number)


def _check_prices(pair: Pair, candle: Candle) -> Iterator[str]:
    for name in COLUMNS[1:]:
        price = getattr(candle, name)
        if not is_price(pair, price):
            expected = f"expected a multiple of {pair.price_step} above 0 and up to {pair.max_price}"
            yield f"line {candle.line}: {name} {price} is not a price of {pair.name}; {expected}"
    if candle.high < max(candle.open, candle.close, candle.low):
        yield f"line {candle.line}: high {candle.high} is not the highest price"
    if candle.low > min(candle.open, candle.close):
        yield f"line {candle.line}: low {candle.low} is not the lowest price"


def _raise_problems(problems: Sequence[str]) -> None:
    if problems:
        more = [f"and {len(problems) - MAX_SHOWN} more"] if len(problems) > MAX_SHOWN else []
        raise InvalidCandles("\n".join([*problems[:MAX_SHOWN], *more]))
