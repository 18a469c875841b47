"""Faults, callers, held requests and hidden trades in the store; transactions belong to the caller."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reconciler.sandbox.store.faults import Fault, describe_fault, read_fault
from reconciler.sandbox.store.limits import Caller
from reconciler.sandbox.store.settings_store import SettingsStore

# Value for a trade that no longer waits for list requests.
_SHOWN = -1
_IS_BUSY = (
    "SELECT EXISTS (SELECT 1 FROM faults) OR EXISTS (SELECT 1 FROM unlisted WHERE reads_left >= 0)"
    " OR EXISTS (SELECT 1 FROM held)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFault:
    """A fault in the store.

    Args:
        id: Its number.
        fault: The fault.
        seen: Number of matching requests so far.
        fired: Number of requests that it has affected.
        act_status: Status of the last answer to its own request, or None.
    """

    id: int
    fault: Fault
    seen: int
    fired: int
    act_status: int | None


def describe_stored(stored: StoredFault) -> dict[str, object]:
    """Describe a fault in the store as JSON."""
    counts = {"seen": stored.seen, "fired": stored.fired}
    shown = {"id": stored.id, **describe_fault(stored.fault), **counts}
    return shown if stored.act_status is None else {**shown, "act_status": stored.act_status}


class WireStore:
    """The rows of the wire behind one connection.

    Args:
        connection: An open store.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def now_ms(self) -> int:
        """Sandbox time in milliseconds since 1970."""
        return SettingsStore(self._connection).read_clock()

    def is_quiet(self) -> bool:
        """Return whether there is no fault, no trade that lists still hide, and no request that is held back."""
        return not self._connection.execute(_IS_BUSY).fetchone()[0]

    def add_fault(self, fault: Fault) -> int:
        """Add a fault and return its number."""
        statement = "INSERT INTO faults (document) VALUES (?) RETURNING id"
        return int(self._connection.execute(statement, (json.dumps(describe_fault(fault)),)).fetchone()[0])

    def list_faults(self) -> list[StoredFault]:
        """List all faults, oldest first."""
        rows = self._connection.execute("SELECT id, document, seen, fired, act_status FROM faults ORDER BY id")
        return [
            StoredFault(id=row[0], fault=read_fault(json.loads(row[1])), seen=row[2], fired=row[3], act_status=row[4])
            for row in rows
        ]

    def remove_faults(self, fault_id: int | None = None) -> int:
        """Remove one fault, or all, and return how many."""
        found = self._connection.execute("DELETE FROM faults WHERE id = coalesce(?, id)", (fault_id,))
        return found.rowcount

    def take_faults(self, method: str, path: str) -> list[tuple[int, Fault]]:
        """Count a request, and return the faults that affect it, with their numbers."""
        affecting = []
        for stored in self.list_faults():
            if not stored.fault.matches(method, path):
                continue
            fires = stored.fault.fires(stored.seen + 1, stored.fired)
            statement = "UPDATE faults SET seen = seen + 1, fired = fired + ? WHERE id = ?"
            self._connection.execute(statement, (fires, stored.id))
            if fires:
                affecting.append((stored.id, stored.fault.at(stored.seen + 1)))
        return affecting

    def note_act(self, fault_id: int, status: int) -> None:
        """Store the status of the answer to a fault's own request."""
        self._connection.execute("UPDATE faults SET act_status = ? WHERE id = ?", (status, fault_id))

    def hold_request(self, document: str, due_at_ms: int) -> None:
        """Store a request that takes effect later."""
        self._connection.execute("INSERT INTO held (due_at_ms, document) VALUES (?, ?)", (due_at_ms, document))

    def take_due(self) -> list[str]:
        """Remove and return the requests that were held back long enough, earliest first."""
        rows = self._connection.execute(
            "SELECT id, document FROM held WHERE due_at_ms <= ? ORDER BY due_at_ms, id", (self.now_ms,)
        ).fetchall()
        self._connection.executemany("DELETE FROM held WHERE id = ?", [(row[0],) for row in rows])
        return [row[1] for row in rows]

    def hide_trade(self, trade_id: int, faults: Iterable[Fault], now_ms: int) -> None:
        """Hide a new trade from lists as the faults say."""
        for fault in faults:
            until_ms = now_ms + int((fault.seconds or Decimal(0)) * 1000)
            row = (trade_id, _SHOWN if fault.reads is None else fault.reads, until_ms)
            self._connection.execute("INSERT OR REPLACE INTO unlisted VALUES (?, ?, ?)", row)

    def count_list(self) -> None:
        """Count a list request."""
        self._connection.execute("UPDATE unlisted SET reads_left = reads_left - 1 WHERE reads_left >= 0")

    def read_caller(self, name: str) -> Caller:
        """Read a caller; a new one if the name is unknown."""
        row = self._connection.execute("SELECT document FROM callers WHERE name = ?", (name,)).fetchone()
        return Caller() if row is None else Caller(**json.loads(row[0]))

    def write_caller(self, name: str, caller: Caller) -> None:
        """Store a caller."""
        row = (name, json.dumps(caller.to_document()))
        self._connection.execute("INSERT OR REPLACE INTO callers VALUES (?, ?)", row)

    def clear(self) -> None:
        """Remove faults, callers, hidden trades and held requests."""
        for table in ("faults", "callers", "unlisted", "held"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- constant names
