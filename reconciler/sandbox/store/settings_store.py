"""Clock, options, counters and prices in the store; transactions belong to the caller."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from reconciler.sandbox.values.market import Quote

# 2026-01-01T00:00:00.000Z
START_AT_MS = 1767225600000

# Name of the setting with the sandbox time.
CLOCK = "clock_ms"


class SettingsStore:
    """The rows of clock, options, counters and prices behind one connection.

    Args:
        connection: An open store, inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def read_setting(self, name: str) -> str | None:
        """Read the text of a setting, or None."""
        row = self._connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def write_setting(self, name: str, value: str) -> None:
        """Add or replace a setting."""
        self._connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def read_settings(self, prefix: str) -> dict[str, str]:
        """Read the settings with this prefix; the names come without it, in alphabetical order."""
        rows = self._connection.execute("SELECT name, value FROM settings ORDER BY name")
        return {name.removeprefix(prefix): value for name, value in rows if name.startswith(prefix)}

    def read_clock(self) -> int:
        """Read the sandbox time in milliseconds since 1970."""
        return int(self.read_setting(CLOCK) or START_AT_MS)

    def take_numbers(self, name: str, count: int, *, first: int) -> int:
        """Take consecutive numbers that were never used before, and return the first.

        Args:
            name: Name of the counter.
            count: How many numbers to take.
            first: First number of a new counter.
        """
        self._connection.execute("INSERT OR IGNORE INTO counters VALUES (?, ?)", (name, first))
        statement = "UPDATE counters SET value = value + ? WHERE name = ? RETURNING value"
        return int(self._connection.execute(statement, (count, name)).fetchone()[0]) - count

    def read_quotes(self) -> dict[str, Quote]:
        """Read the current prices of all pairs."""
        rows = self._connection.execute("SELECT pair, bid, ask, last FROM quotes")
        return {pair: Quote(Decimal(bid), Decimal(ask), Decimal(last)) for pair, bid, ask, last in rows}

    def write_quote(self, pair: str, quote: Quote) -> None:
        """Set the prices of a pair."""
        row = (pair, str(quote.bid), str(quote.ask), str(quote.last))
        self._connection.execute("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?, ?)", row)
