"""Freezes in the journal: one row for each account, so that every workspace on the account obeys them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy
from sqlalchemy import Connection, insert, update

from reconciler.journal import tables
from reconciler.journal.lock_holder import Holder, read_holder
from reconciler.journal.rows import UNKNOWN, Row, select_rows
from reconciler.model.freeze import DEFAULT_ALLOWED, Allowed, Freeze, FreezeSource

ToInstant = Callable[[float], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """The end of freezes by a person.

    Attributes:
        reason: Why, in the words of that person.
        holder: Who.
        at: When, in seconds since 1970.
    """

    reason: str
    holder: Holder
    at: float


def list_freeze_rows(connection: Connection, keys: Sequence[str]) -> list[Row]:
    """List all freezes of some accounts, the oldest first; none in tables of an earlier version."""
    if not sqlalchemy.inspect(connection).has_table(tables.freezes.name):
        return []
    query = select_rows(tables.freezes).where(tables.freezes.c.key.in_(keys))
    rows = [Row(row) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: (row.seconds("set_at") or 0.0, row.text("key")))


def read_freezes(connection: Connection, keys: Sequence[str], now: float, to_instant: ToInstant) -> tuple[Freeze, ...]:
    """Read the freezes of some accounts that are in force, the oldest first.

    What is damaged in a row never ends its freeze: an end that cannot be read is none.

    Args:
        connection: Where to read; tables of an earlier version have no freezes.
        keys: Names of the accounts' locks.
        now: The present by the clock of the journal, in seconds since 1970.
        to_instant: Converts a time in the past to the clock of this machine.
    """
    found = {row.text("token"): row for row in list_freeze_rows(connection, keys) if not _is_over(row, now)}
    rows = sorted(found.values(), key=lambda row: row.seconds("set_at") or 0.0)
    return tuple(_read_freeze(row, to_instant) for row in rows)


def write_freeze(connection: Connection, keys: Iterable[str], freeze: Freeze, holder: Holder, now: float) -> None:
    """Write a freeze down for some accounts.

    Args:
        connection: In a transaction that writes.
        keys: Names of the accounts' locks.
        freeze: Its source, reason, end and what it allows count.
        holder: Who sets it.
        now: The present by the clock of the journal, in seconds since 1970.
    """
    values = {
        "token": secrets.token_hex(8),
        "source": freeze.source.value,
        "reason": freeze.reason,
        "allow": json.dumps(sorted(freeze.allow)),
        "measured": freeze.measured,
        "holder": holder.write(),
        "set_at": now,
        "until_at": None if freeze.until is None else freeze.until.timestamp(),
    }
    connection.execute(insert(tables.freezes), [{"key": key, **values} for key in sorted(keys)])


def lift_freezes(connection: Connection, keys: Sequence[str], lifting: Lifting) -> None:
    """Write down that the freezes of some accounts have ended."""
    columns = tables.freezes.c
    values = {"lifted_at": lifting.at, "lifted_by": lifting.holder.write(), "lifted_reason": lifting.reason}
    for row in list_freeze_rows(connection, keys):
        if not _is_over(row, lifting.at):
            is_row = (columns.key == row.text("key")) & (columns.token == row.text("token"))
            connection.execute(update(tables.freezes).where(is_row).values(values))


def read_measured(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Read what guardrails had measured when they tripped, of all freezes, lifted ones too."""
    return frozenset(row.text("measured") for row in list_freeze_rows(connection, keys) if row.text("measured"))


def _is_over(row: Row, now: float) -> bool:
    until = row.seconds("until_at")
    return row.seconds("lifted_at") is not None or (until is not None and now >= until)


def _read_freeze(row: Row, to_instant: ToInstant) -> Freeze:
    set_at, until = row.seconds("set_at"), row.seconds("until_at")
    holder = read_holder(row.text("holder"))
    source = row.text("source")
    return Freeze(
        source=FreezeSource(source) if source in tuple(FreezeSource) else FreezeSource.COMMAND,
        reason=row.text("reason") or UNKNOWN,
        until=None if until is None else datetime.fromtimestamp(until, UTC),
        allow=_read_allowed(row.text("allow")),
        who=f"{holder.user}@{holder.host}",
        set_at=None if set_at is None else to_instant(set_at),
        measured=row.text("measured"),
    )


def _read_allowed(text: str) -> frozenset[Allowed]:
    try:
        words: object = json.loads(text)
    except ValueError:
        return DEFAULT_ALLOWED
    if not isinstance(words, list):
        return DEFAULT_ALLOWED
    return frozenset(Allowed(word) for word in words if word in tuple(Allowed))
