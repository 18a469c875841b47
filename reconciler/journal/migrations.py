"""Bringing the tables of a journal up to date, after a copy of the file was made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import sqlalchemy
from sqlalchemy import Connection

from reconciler.errors import JournalError
from reconciler.journal import tables
from reconciler.journal.rows import Row, select_rows
from reconciler.journal.sqlite_files import copy_file

# Statements that lead from a version to the next.
MIGRATIONS: Mapping[int, Sequence[str]] = {
    # Without these, every search for one trade reads all writes.
    1: (
        "CREATE INDEX IF NOT EXISTS journal_intents_by_trade ON journal_intents (scope, trade)",
        "CREATE INDEX IF NOT EXISTS journal_intents_by_live_id ON journal_intents (scope, live_id)",
        "CREATE INDEX IF NOT EXISTS journal_operations_by_trade ON journal_operations (trade)",
    ),
    # A version that knows no freeze must not write here: it would open trades in spite of one.
    2: (
        (
            "CREATE TABLE IF NOT EXISTS journal_freezes (key TEXT NOT NULL, token VARCHAR(32) NOT NULL,"
            " source VARCHAR(16) NOT NULL, reason TEXT NOT NULL, allow TEXT NOT NULL,"
            " measured TEXT DEFAULT '' NOT NULL, holder TEXT NOT NULL, set_at FLOAT NOT NULL, until_at FLOAT,"
            " lifted_at FLOAT, lifted_by TEXT, lifted_reason TEXT, PRIMARY KEY (key, token))"
        ),
    ),
    # Without it each check notifies of the same again.
    3: (
        (
            "CREATE TABLE IF NOT EXISTS journal_alerts (scope TEXT NOT NULL, key VARCHAR(64) NOT NULL,"
            " event VARCHAR(16) NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, weight TEXT NOT NULL,"
            " detail VARCHAR(64) NOT NULL, is_present BOOLEAN NOT NULL, sent_at FLOAT NOT NULL,"
            " PRIMARY KEY (scope, key))"
        ),
    ),
}
# Any number, as long as all processes take the same one: PostgreSQL's name for "somebody makes the tables".
_MIGRATION_LOCK = 7_221_204_001
_MOST_COPIES = 100


def migrate(
    connection: Connection,
    migrations: Mapping[int, Sequence[str]],
    place: str,
    report: Callable[[str], None] = lambda _: None,
) -> None:
    """Make the tables if they are missing, or bring them up to date, in the open transaction.

    Args:
        connection: In a transaction that writes.
        migrations: Version to the statements that lead to the next one.
        place: Where the journal is, for messages.
        report: Called with one line after the tables were brought up to date.

    Raises:
        JournalError: A newer version made it and says nothing of this one, its version cannot be read, or no copy can
            be made.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
    if not sqlalchemy.inspect(connection).has_table(tables.schema.name):
        tables.metadata.create_all(connection)
        connection.execute(tables.schema.insert().values(version=tables.SCHEMA_VERSION))
        return
    version = _read_version(connection, place)
    if version >= tables.SCHEMA_VERSION:
        return
    copy = _copy(connection, version)
    for step in range(version, tables.SCHEMA_VERSION):
        for statement in migrations[step]:
            connection.exec_driver_sql(statement)
    connection.execute(tables.schema.update().values(version=tables.SCHEMA_VERSION))
    kept = f"; the file as it was is kept as {copy}" if copy else ""
    report(f"The journal {place} was brought from version {version} to {tables.SCHEMA_VERSION}{kept}.")


def _read_version(connection: Connection, place: str) -> int:
    """Read the version of the tables; a newer one is accepted if it says that this version may write to it."""
    found = connection.execute(select_rows(tables.schema)).mappings().first()
    row = Row({} if found is None else found)
    version = row.integer("version")
    if version is None or version < 1:
        raise JournalError(
            f"the journal {place} does not say which version it has, expected a number from 1 to"
            f" {tables.SCHEMA_VERSION}"
        )
    oldest = row.integer("oldest_writer")
    if version > tables.SCHEMA_VERSION and (oldest is None or oldest > tables.SCHEMA_VERSION):
        raise JournalError(
            f"the journal {place} has version {version} and this reconciler writes version {tables.SCHEMA_VERSION}:"
            " update reconciler; the journal is in order and stays where it is"
        )
    return version


def _copy(connection: Connection, version: int) -> Path | None:
    """Copy the file before it is changed; None for PostgreSQL, whose transaction is enough, and for memory."""
    if connection.dialect.name != "sqlite":
        return None
    main = connection.exec_driver_sql("PRAGMA database_list").first()
    if main is None or not main[2]:
        return None
    path = Path(main[2])
    try:
        copy = _find_free(path, version)
        copy_file(path, copy)
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"the journal {path} must be brought up to date and no copy can be made: {error}") from error
    return copy


def _find_free(path: Path, version: int) -> Path:
    names = [f"{path.name}.v{version}{number}.bak" for number in ("", *(f"-{each}" for each in range(2, _MOST_COPIES)))]
    free = next((path.with_name(name) for name in names if not path.with_name(name).exists()), None)
    if free is None:
        raise FileExistsError(f"{path.name}.v{version}.bak and {_MOST_COPIES} more are there already")
    return free
