"""Journals in files, as a hand, another version or a broken disk leaves them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reconciler.journal import tables

# Damaged values: nothing, an empty text, a text without meaning, and a number that no column allows.
DAMAGES: dict[str, object] = {"null": None, "empty": "", "garbage": '{"half": ', "huge": 1e300}
COLUMNS = [(table.name, column.name) for table in tables.metadata.sorted_tables for column in table.columns]
# Every column that holds an instant.
INSTANTS = [
    (table, column)
    for table, column in COLUMNS
    if column.endswith("_at") or (table, column) == ("journal_bans", "until")
]


@contextmanager
def open_raw(path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection without the settings of the journal."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def damage(path: Path, table: str, column: str, value: object) -> bool:
    """Put a value into a column of all rows, whatever the table says about it.

    Returns:
        Whether the database let it happen: the number of a row is always a number.
    """
    with open_raw(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE name = ?", (table,))
    with open_raw(path) as connection:
        try:
            connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
        except sqlite3.IntegrityError:
            return False
    return True


def move_instants(path: Path, table: str, column: str, seconds: float) -> None:
    """Let a column have been written by a clock that differs."""
    with open_raw(path) as connection:
        connection.execute(f"UPDATE {table} SET {column} = {column} + ?", (seconds,))


def fill_disk(path: Path, table: str, action: str) -> None:
    """From now on the disk is full for one kind of write."""
    with open_raw(path) as connection:
        connection.execute(
            f"CREATE TRIGGER full BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )


def free_disk(path: Path) -> None:
    """There is room again."""
    with open_raw(path) as connection:
        connection.execute("DROP TRIGGER full")
