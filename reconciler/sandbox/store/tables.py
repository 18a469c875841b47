"""The tables of the store, and the connection to a file.

Trades are split in two: a narrow row with the columns for filters and order, and a document with everything, so
that lists and ticks never read all documents.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from reconciler.sandbox.values.errors import UnusableStore

# Changes with every change of the tables or of the documents.
STORE_VERSION = 5

# How long one process waits for another's transaction, in seconds. Transactions take milliseconds.
BUSY_TIMEOUT_S = 30.0

_TABLES = """
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE users (name TEXT PRIMARY KEY, mode TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE api_keys (
    api_key TEXT PRIMARY KEY, user TEXT NOT NULL, algorithm TEXT NOT NULL, secret TEXT NOT NULL,
    permissions TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY, user TEXT NOT NULL, mode TEXT NOT NULL, name TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL, market TEXT NOT NULL
);
CREATE TABLE faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, seen INTEGER NOT NULL DEFAULT 0,
    fired INTEGER NOT NULL DEFAULT 0, act_status INTEGER
);
CREATE TABLE callers (name TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE unlisted (trade_id INTEGER PRIMARY KEY, reads_left INTEGER NOT NULL, until_ms INTEGER NOT NULL);
CREATE TABLE held (id INTEGER PRIMARY KEY AUTOINCREMENT, due_at_ms INTEGER NOT NULL, document TEXT NOT NULL);
CREATE TABLE balances (
    account_id INTEGER NOT NULL, currency TEXT NOT NULL, free TEXT NOT NULL, reserved TEXT NOT NULL,
    PRIMARY KEY (account_id, currency)
) WITHOUT ROWID;
CREATE TABLE quotes (pair TEXT PRIMARY KEY, bid TEXT NOT NULL, ask TEXT NOT NULL, last TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE trades (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    mode TEXT NOT NULL,
    pair TEXT NOT NULL,
    quote TEXT NOT NULL,
    base TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    reads_left INTEGER,
    due_at_ms INTEGER,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    closed_at_ms INTEGER,
    is_long INTEGER NOT NULL,
    entered_amount REAL NOT NULL,
    entered_total REAL NOT NULL,
    closed_amount REAL NOT NULL,
    closed_total REAL NOT NULL,
    contract_size REAL NOT NULL,
    is_inverse INTEGER NOT NULL
);
CREATE INDEX trades_by_status ON trades (mode, status, id);
CREATE INDEX trades_by_creation ON trades (mode, created_at_ms, id);
CREATE INDEX active_trades_by_creation ON trades (mode, is_active, created_at_ms, id);
CREATE INDEX unsettled_trades ON trades (id, reads_left) WHERE reads_left IS NOT NULL;
CREATE INDEX timed_trades ON trades (due_at_ms, id) WHERE due_at_ms IS NOT NULL;
CREATE TABLE documents (trade_id INTEGER PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE watches (
    pair TEXT NOT NULL, price_type TEXT NOT NULL, crossing TEXT NOT NULL, level INTEGER NOT NULL,
    trade_id INTEGER NOT NULL,
    PRIMARY KEY (pair, price_type, crossing, level, trade_id)
) WITHOUT ROWID;
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, value TEXT NOT NULL, trade_id INTEGER
);
CREATE INDEX watches_by_trade ON watches (trade_id);
"""


def open_database(path: Path | None) -> sqlite3.Connection:
    """Open a connection to a store, in autocommit mode; the tables are created if the file is new.

    A commit survives a crash of the process; a power cut may lose the last ones, but never a part of one.

    Args:
        path: The file, or None for a store in memory.

    Raises:
        UnusableStore: The file is not a sandbox store, or is of another version.
    """
    try:
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.OperationalError as error:
        raise UnusableStore(f"{path} cannot be opened as a sandbox store: {error}") from error
    try:
        _prepare(connection)
        _check_version(connection, path)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise UnusableStore(f"{path} cannot be used as a sandbox store: {error}") from error
    except UnusableStore:
        connection.close()
        raise
    _begin_write_ahead(connection)
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
    if _read_version(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _is_empty(connection):
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {STORE_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _check_version(connection: sqlite3.Connection, path: Path | None) -> None:
    version = _read_version(connection)
    if version != STORE_VERSION:
        found = f"is a sandbox store of version {version}" if version else "is not a sandbox store"
        raise UnusableStore(f"{path} {found}, expected version {STORE_VERSION}: delete it to start again")


def _begin_write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work at the same time; the file remembers it.

    This needs the file for itself for a moment and does not wait; if it fails, the next process tries again.
    """
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _read_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
