"""Events on demand: what the exchange may do to an order, scheduled beforehand and gone once it has happened."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from reconciler.sandbox.values.decimals import read_decimal
from reconciler.sandbox.values.errors import InvalidEvent
from reconciler.sandbox.values.statuses import DEAD_STATUSES

WHOLE_PCT = Decimal(100)


class EventKind(StrEnum):
    """What can be scheduled.

    `refuse`: the exchange refuses the entry, and the trade ends `failed` with the text given.
    `fill_on_cancel`: a limit order that is being cancelled first fills, by so many percent of what is left of it.
    `kill_stop`: the stop dies instead of being armed, in the status given.
    """

    REFUSE = "refuse"
    FILL_ON_CANCEL = "fill_on_cancel"
    KILL_STOP = "kill_stop"


# Texts of refusals that have a short name. Source: the second is published; the others are assumed.
REFUSALS: Mapping[str, str] = {
    "no_balance": "Insufficient funds: the balance of the account is too low",
    "kyc": "You need to pass KYC on the exchange to trade on this pair",
    "pair_closed": "Trading on this pair is closed",
}


class EventStore:
    """The scheduled events behind one connection.

    Args:
        connection: An open store, inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, kind: EventKind, value: str, trade_id: int | None) -> None:
        """Schedules an event, for one trade or for the first to which it can apply."""
        self._connection.execute("INSERT INTO events (kind, value, trade_id) VALUES (?, ?, ?)", (kind, value, trade_id))

    def take(self, kind: EventKind, trade_id: int) -> str | None:
        """The value of the oldest event of a kind that is meant for a trade, or None; it is gone afterwards."""
        row = self._connection.execute(
            "SELECT id, value FROM events WHERE kind = ? AND (trade_id = ? OR trade_id IS NULL) ORDER BY id LIMIT 1",
            (kind, trade_id),
        ).fetchone()
        if row is None:
            return None
        self._connection.execute("DELETE FROM events WHERE id = ?", (row[0],))
        return str(row[1])

    def list_events(self) -> list[tuple[str, str, int | None]]:
        """Kind, value and trade of all scheduled events, oldest first."""
        rows = self._connection.execute("SELECT kind, value, trade_id FROM events ORDER BY id")
        return [(row[0], row[1], row[2]) for row in rows]

    def remove_events(self) -> None:
        """Forgets all scheduled events."""
        self._connection.execute("DELETE FROM events")


def check_event(kind: str, value: str | None) -> tuple[EventKind, str]:
    """Kind and value of an event as they are stored.

    Args:
        kind: Name of the kind.
        value: A short name or the text of a refusal, a percentage, or the status of a dead stop; None for the usual.

    Raises:
        InvalidEvent: No such kind, or a value that it cannot have.
    """
    try:
        found = EventKind(kind)
    except ValueError:
        raise InvalidEvent(f"unknown event {kind!r}: expected {', '.join(EventKind)}") from None
    if found is EventKind.REFUSE:
        return found, REFUSALS.get(value or "no_balance", value or "")
    if found is EventKind.FILL_ON_CANCEL:
        percent = WHOLE_PCT if value is None else read_decimal(value)
        if percent is None or not 0 < percent <= WHOLE_PCT:
            raise InvalidEvent(f"fill_on_cancel cannot be {value!r}: expected percent above 0 and up to 100")
        return found, str(percent)
    status = value or "failed"
    if status not in DEAD_STATUSES:
        raise InvalidEvent(f"kill_stop cannot be {value!r}: expected {', '.join(sorted(DEAD_STATUSES))}")
    return found, status
