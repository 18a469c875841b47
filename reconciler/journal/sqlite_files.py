"""Journals in files of SQLite: how they are opened for reading and for writing, and who may read them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection

# How long one process waits for another's transaction, in seconds; transactions take milliseconds.
BUSY_TIMEOUT_S = 10.0
# For the owner alone: the journal says what was traded.
_PRIVATE = 0o600
_BESIDE = ("", "-wal", "-shm")
# Source: SQLite, result codes SQLITE_CORRUPT and SQLITE_NOTADB.
_DAMAGE_CODES = (11, 26)


class SqliteFile:
    """A file of SQLite.

    Args:
        path: Where; empty or `:memory:` for one in memory.
        is_durable: Whether a commit must survive the end of the machine, not only that of the process.
    """

    def __init__(self, path: str, *, is_durable: bool = True) -> None:
        self.is_memory = path in ("", ":memory:")
        self._path = Path(path)
        self._synchronous = "FULL" if is_durable else "NORMAL"

    def prepare_writing(self) -> None:
        """Make the file for its owner alone if it is missing; restrict the rights of an existing file."""
        if self.is_memory:
            return
        # What is there is not opened and closed: that would end the locks of this process on it.
        with suppress(OSError):
            if not self._path.exists():
                os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE))
        for ending in _BESIDE:
            _make_private(Path(f"{self._path}{ending}"))

    def connect_reading(self) -> sqlite3.Connection:
        """Open a connection that changes nothing: with the file's neighbours or, if none can be made, without them."""
        try:
            return self._open_reading("mode=ro")
        except sqlite3.OperationalError:
            if self._has_log():
                raise
            # Nobody is writing at this moment: whoever does has these neighbours.
            return self._open_reading("mode=ro&immutable=1")

    def connect_writing(self) -> sqlite3.Connection:
        """Open a connection whose commit is on disk when it returns."""
        connection = _prepare(self._connect(":memory:" if self.is_memory else str(self._path), is_address=False))
        # The first time needs the file alone for a moment and does not wait for it; the next to open it asks again.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        return connection

    def _connect(self, place: str, *, is_address: bool) -> sqlite3.Connection:
        # One connection is used by one thread at a time, though not always by the one that made it.
        return sqlite3.connect(place, timeout=BUSY_TIMEOUT_S, check_same_thread=False, uri=is_address)

    def _open_reading(self, how: str) -> sqlite3.Connection:
        connection = _prepare(self._connect(f"file:{quote(str(self._path))}?{how}", is_address=True))
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _has_log(self) -> bool:
        try:
            return Path(f"{self._path}-wal").stat().st_size > 0
        except OSError:
            return False


def begin_writing(connection: Connection) -> None:
    """Begin a transaction in which nobody else may write, so that what it reads stays true until its end."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def begin_reading(connection: Connection) -> None:
    """Begin a transaction that reads the state of one moment; others may write."""
    connection.exec_driver_sql("BEGIN")


def is_damage(error: object) -> bool:
    """Return whether an error says that a file is damaged, or is not a database."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE_CODES


def copy_file(path: Path, copy: Path) -> None:
    """Copy a database that may be in use, for its owner alone.

    Args:
        path: The database.
        copy: Must not exist.

    Raises:
        OSError: The copy cannot be made.
        sqlite3.Error: The database cannot be read, or the copy cannot be written.
    """
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE))
    source = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", timeout=BUSY_TIMEOUT_S, uri=True)
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()


def _prepare(connection: sqlite3.Connection) -> sqlite3.Connection:
    # This module begins the transactions itself: see `begin_writing`.
    connection.isolation_level = None
    connection.text_factory = _read_text
    return connection


def _read_text(text: bytes) -> str:
    """Read a damaged text as far as possible."""
    return text.decode("utf-8", errors="replace")


def _make_private(path: Path) -> None:
    with suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(_PRIVATE)
