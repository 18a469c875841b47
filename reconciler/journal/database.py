"""The home of SQLAlchemy: opens SQLite or PostgreSQL, brings the tables up to date, translates errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from reconciler.errors import JournalError, UsageError
from reconciler.journal import tables

# How long one process waits for another's transaction, in seconds; transactions take milliseconds.
BUSY_TIMEOUT_S = 30.0
# How long opening a connection to PostgreSQL may take, in seconds.
CONNECT_TIMEOUT_S = 10
# Statements that lead from a version to the next.
MIGRATIONS: Mapping[int, Sequence[str]] = {
    # Without these every look-up of one trade reads all that was ever sent.
    1: (
        "CREATE INDEX journal_intents_by_trade ON journal_intents (scope, trade)",
        "CREATE INDEX journal_intents_by_live_id ON journal_intents (scope, live_id)",
        "CREATE INDEX journal_operations_by_trade ON journal_operations (trade)",
    )
}

_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite"}
# Any number, as long as all processes take the same one: PostgreSQL's name for "somebody makes the tables".
_MIGRATION_LOCK = 7_221_204_001


class Database:
    """Transactions on the journal.

    Args:
        url: Where it is; made when SQLite's file is missing.
        migrations: Version to the statements that lead to the next one.

    Raises:
        JournalError: It cannot be opened, or was written by a newer version.
    """

    def __init__(self, url: URL, *, migrations: Mapping[int, Sequence[str]] = MIGRATIONS) -> None:
        self.place = url.render_as_string(hide_password=True)
        self.is_shared = url.get_backend_name() == "postgresql"
        self._secret = str(url.password or "")
        self._engine = _make_engine(url, is_shared=self.is_shared)
        try:
            with self.begin() as connection:
                _migrate(connection, migrations, self.place)
        except JournalError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: on disk when the block ends, and none of it where the block raises.

        Raises:
            JournalError: The database refuses or cannot be reached.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise JournalError(f"the journal {self.place} cannot be used: {self._describe(error)}") from error

    def _describe(self, error: SQLAlchemyError) -> str:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        return reason.replace(self._secret, "***") if self._secret else reason


def sqlite_url(path: Path) -> URL:
    """The address of a journal in a file."""
    return URL.create("sqlite", database=str(path))


def read_url(text: str) -> URL:
    """An address of the user's.

    Raises:
        UsageError: It is none, or of another database; the message does not show it, it may hold a password.
    """
    wrong = UsageError("RECONCILER_JOURNAL_URL is no postgresql:// or sqlite:/// address, nor the word none")
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise wrong from None
    backend = url.drivername.partition("+")[0]
    if backend not in _DRIVERS or not url.database:
        raise wrong
    return url.set(drivername=_DRIVERS[backend])


def _make_engine(url: URL, *, is_shared: bool) -> Engine:
    try:
        if is_shared:
            return sqlalchemy.create_engine(
                url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_TIMEOUT_S}
            )
        engine = sqlalchemy.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S})
    except ModuleNotFoundError as error:
        raise UsageError(
            "a journal in PostgreSQL needs the extra `postgres`: pip install 'trade-plan-reconciler[postgres]'"
        ) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: object, _: ConnectionPoolEntry) -> None:
    """A commit is on disk when it returns, whatever happens to the machine then."""
    import sqlite3

    if not isinstance(connection, sqlite3.Connection):
        raise AssertionError("only SQLite is prepared like this")
    # The transactions are ours: see `_begin_sqlite`.
    connection.isolation_level = None
    # The first time needs the file alone for a moment and does not wait for it; then the next to open it asks again.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    """What is read in a transaction stays true until its end, since nobody else may write meanwhile."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(connection: Connection, migrations: Mapping[int, Sequence[str]], place: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
    if not sqlalchemy.inspect(connection).has_table(tables.schema.name):
        tables.metadata.create_all(connection)
        connection.execute(tables.schema.insert().values(version=tables.SCHEMA_VERSION))
        return
    version = connection.execute(sqlalchemy.select(tables.schema.c.version)).scalar_one()
    if version > tables.SCHEMA_VERSION:
        raise JournalError(
            f"the journal {place} has version {version} and this reconciler writes {tables.SCHEMA_VERSION}: update it"
        )
    for step in range(version, tables.SCHEMA_VERSION):
        for statement in migrations[step]:
            connection.exec_driver_sql(statement)
    if version < tables.SCHEMA_VERSION:
        connection.execute(tables.schema.update().values(version=tables.SCHEMA_VERSION))
