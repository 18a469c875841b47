"""Reading and writing of what concerns the wire alone: faults, callers, and what arrives or is listed later."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reconciler.sandbox.store.faults import Fault, describe_fault, read_fault
from reconciler.sandbox.store.limits import Caller
from reconciler.sandbox.store.settings_store import SettingsStore

# No list request is needed any more.
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
        seen: How many matching requests there were.
        fired: How many it has struck.
        act_status: Status of the last request that it sent ahead, or None.
    """

    id: int
    fault: Fault
    seen: int
    fired: int
    act_status: int | None


def describe_stored(held: StoredFault) -> dict[str, object]:
    """A fault in the store as JSON."""
    counts = {"seen": held.seen, "fired": held.fired}
    shown = {"id": held.id, **describe_fault(held.fault), **counts}
    return shown if held.act_status is None else {**shown, "act_status": held.act_status}


class WireStore:
    """The rows behind one connection; transactions belong to the caller.

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
        """Whether there is no fault, no lagging trade and no request that is held back."""
        return not self._connection.execute(_IS_BUSY).fetchone()[0]

    def add_fault(self, fault: Fault) -> int:
        """Adds a fault and gives its number."""
        statement = "INSERT INTO faults (document) VALUES (?) RETURNING id"
        return int(self._connection.execute(statement, (json.dumps(describe_fault(fault)),)).fetchone()[0])

    def list_faults(self) -> list[StoredFault]:
        """All faults, oldest first."""
        rows = self._connection.execute("SELECT id, document, seen, fired, act_status FROM faults ORDER BY id")
        return [
            StoredFault(id=row[0], fault=read_fault(json.loads(row[1])), seen=row[2], fired=row[3], act_status=row[4])
            for row in rows
        ]

    def remove_faults(self, fault_id: int | None = None) -> int:
        """Removes one fault, or all; says how many."""
        found = self._connection.execute("DELETE FROM faults WHERE id = coalesce(?, id)", (fault_id,))
        return found.rowcount

    def take_faults(self, method: str, path: str) -> list[tuple[int, Fault]]:
        """The faults that strike a request, with their numbers; it is counted."""
        struck = []
        for held in self.list_faults():
            if not held.fault.matches(method, path):
                continue
            strikes = held.fault.fires(held.seen + 1, held.fired)
            statement = "UPDATE faults SET seen = seen + 1, fired = fired + ? WHERE id = ?"
            self._connection.execute(statement, (strikes, held.id))
            if strikes:
                struck.append((held.id, held.fault.at(held.seen + 1)))
        return struck

    def note_act(self, fault_id: int, status: int) -> None:
        """Keeps how the request that a fault sent ahead was answered."""
        self._connection.execute("UPDATE faults SET act_status = ? WHERE id = ?", (status, fault_id))

    def hold_request(self, document: str, due_at_ms: int) -> None:
        """Keeps a request that takes effect later."""
        self._connection.execute("INSERT INTO held (due_at_ms, document) VALUES (?, ?)", (due_at_ms, document))

    def take_due(self) -> list[str]:
        """Removes the requests that were held back long enough, and gives them, the first due first."""
        rows = self._connection.execute(
            "SELECT id, document FROM held WHERE due_at_ms <= ? ORDER BY due_at_ms, id", (self.now_ms,)
        ).fetchall()
        self._connection.executemany("DELETE FROM held WHERE id = ?", [(row[0],) for row in rows])
        return [row[1] for row in rows]

    def hide_trade(self, trade_id: int, faults: Iterable[Fault], now_ms: int) -> None:
        """Keeps a new trade out of lists as the faults say."""
        for fault in faults:
            until_ms = now_ms + int((fault.seconds or Decimal(0)) * 1000)
            row = (trade_id, _SHOWN if fault.reads is None else fault.reads, until_ms)
            self._connection.execute("INSERT OR REPLACE INTO unlisted VALUES (?, ?, ?)", row)

    def count_list(self) -> None:
        """Notes that a list is about to be read."""
        self._connection.execute("UPDATE unlisted SET reads_left = reads_left - 1 WHERE reads_left >= 0")

    def read_caller(self, name: str) -> Caller:
        """What is known of a caller."""
        row = self._connection.execute("SELECT document FROM callers WHERE name = ?", (name,)).fetchone()
        return Caller() if row is None else Caller(**json.loads(row[0]))

    def write_caller(self, name: str, caller: Caller) -> None:
        """Keeps what is known of a caller."""
        row = (name, json.dumps(caller.to_document()))
        self._connection.execute("INSERT OR REPLACE INTO callers VALUES (?, ?)", row)

    def clear(self) -> None:
        """Forgets faults, callers, lags and what is held back."""
        for table in ("faults", "callers", "unlisted", "held"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- constant names
