"""The scheduled events in the store; transactions belong to the caller."""

from __future__ import annotations

import sqlite3

from reconciler.sandbox.engine.events import EventKind


class EventStore:
    """The scheduled events behind one connection.

    Args:
        connection: An open store, inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, kind: EventKind, value: str, trade_id: int | None) -> None:
        """Schedule an event, for one trade or for the first to which it can apply."""
        self._connection.execute("INSERT INTO events (kind, value, trade_id) VALUES (?, ?, ?)", (kind, value, trade_id))

    def take(self, kind: EventKind, trade_id: int) -> str | None:
        """Remove the oldest event of a kind that is meant for a trade, and return its value; None if there is none."""
        row = self._connection.execute(
            "SELECT id, value FROM events WHERE kind = ? AND (trade_id = ? OR trade_id IS NULL) ORDER BY id LIMIT 1",
            (kind, trade_id),
        ).fetchone()
        if row is None:
            return None
        self._connection.execute("DELETE FROM events WHERE id = ?", (row[0],))
        return str(row[1])

    def list_events(self) -> list[tuple[str, str, int | None]]:
        """List kind, value and trade of all scheduled events, oldest first."""
        rows = self._connection.execute("SELECT kind, value, trade_id FROM events ORDER BY id")
        return [(row[0], row[1], row[2]) for row in rows]

    def remove_events(self) -> None:
        """Remove all scheduled events."""
        self._connection.execute("DELETE FROM events")
