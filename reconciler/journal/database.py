"""The home of SQLAlchemy: opens SQLite or PostgreSQL for reading or for writing, and translates errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Self

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from reconciler.clock import Clock
from reconciler.errors import JournalDamaged, JournalError, UsageError
from reconciler.journal import tables
from reconciler.journal.migrations import MIGRATIONS, migrate
from reconciler.journal.sqlite_files import BUSY_TIMEOUT_S, SqliteFile, begin_reading, begin_writing, is_damage

# How long opening a connection to PostgreSQL may take, in seconds.
CONNECT_TIMEOUT_S = 10
# How long PostgreSQL may work on one statement, in seconds.
STATEMENT_LIMIT_S = 30
# Wall clock and monotonic clock that differ by more than this, in seconds, since the time of the database was asked
# for: the machine slept, or its clock was set.
_LARGEST_DRIFT_S = 0.5

_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite"}


class Access(Enum):
    """The ways in which a journal may be used.

    Attributes:
        READ: It is only read, in any version.
        WRITE: Rows are written; its tables stay as they are, in any version.
        MIGRATE: The journal is made if it is missing, and brought up to date.
    """

    READ = "read"
    WRITE = "write"
    MIGRATE = "migrate"


class Database:
    """Transactions on the journal.

    Args:
        url: Address of the journal.
        access: Permitted access.
        migrations: Version to the statements that lead to the next one.
        report: Called after the tables were brought up to date.
        is_durable: Whether a commit must survive the end of the machine, not only that of the process.

    Raises:
        JournalError: It cannot be opened, or must be written and was made by a newer version.
    """

    def __init__(
        self,
        url: URL,
        *,
        access: Access = Access.MIGRATE,
        migrations: Mapping[int, Sequence[str]] = MIGRATIONS,
        report: Callable[[str], None] = lambda _: None,
        is_durable: bool = True,
    ) -> None:
        self.place = url.render_as_string(hide_password=True)
        self.is_shared = url.get_backend_name() == "postgresql"
        self.is_read_only = access is Access.READ
        self._url = url
        self._secret = str(url.password or "")
        self._times: _Times | None = None
        file = None if self.is_shared else SqliteFile(url.database or "", is_durable=is_durable)
        self._engine = _make_engine(url, file, access)
        try:
            with self.begin() as connection:
                if access is Access.MIGRATE:
                    migrate(connection, migrations, self.place, report)
                self.is_empty = not sqlalchemy.inspect(connection).has_table(tables.schema.name)
        except JournalError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def reopen(self) -> Self:
        """Open the same database again, to write rows; its tables are not changed.

        Raises:
            JournalError: It cannot be opened.
        """
        return type(self)(self._url, access=Access.WRITE)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction: written to disk when the block ends, rolled back if the block raises.

        Raises:
            JournalError: The database refuses or cannot be reached.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OverflowError) as error:
            message = f"the journal {self.place} cannot be used: {self._describe(error)}"
            is_damaged = is_damage(getattr(error, "orig", None))
            raise (JournalDamaged if is_damaged else JournalError)(message) from error

    def read_now(self, connection: Connection, clock: Clock) -> float:
        """Read the present in seconds since 1970, by the clock that all users of the journal share.

        Args:
            connection: To the database.
            clock: That of this machine, which alone counts for a file.
        """
        if connection.dialect.name != "postgresql":
            return clock.now().timestamp()
        if self._times is None or self._times.has_drifted(clock):
            asked = connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one()
            self._times = _Times(float(asked), clock)
        return self._times.read(clock)

    def _describe(self, error: Exception) -> str:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        return reason.replace(self._secret, "***") if self._secret else reason


class _Times:
    """The time of a database, from one question on counted by the clock that never goes back."""

    def __init__(self, asked: float, clock: Clock) -> None:
        self._asked = asked
        self._wall = clock.now().timestamp()
        self._monotonic = clock.monotonic()

    def read(self, clock: Clock) -> float:
        return self._asked + clock.monotonic() - self._monotonic

    def has_drifted(self, clock: Clock) -> bool:
        elapsed_s = clock.monotonic() - self._monotonic
        return abs(clock.now().timestamp() - self._wall - elapsed_s) > _LARGEST_DRIFT_S


def sqlite_url(path: Path) -> URL:
    """Make the address of a journal in a file."""
    return URL.create("sqlite", database=str(path))


def read_url(text: str) -> URL:
    """Read an address that the user gave.

    Raises:
        UsageError: It is none, or of another database; the message does not show it, it may hold a password.
    """
    wrong = UsageError(
        "invalid RECONCILER_JOURNAL_URL: expected a postgresql:// or sqlite:/// address, or the word none"
    )
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise wrong from None
    backend = url.drivername.partition("+")[0]
    if backend not in _DRIVERS or not url.database:
        raise wrong
    return url.set(drivername=_DRIVERS[backend])


def _make_engine(url: URL, file: SqliteFile | None, access: Access) -> Engine:
    if file is None:
        return _make_postgres_engine(url, is_read_only=access is Access.READ)
    is_read_only = access is Access.READ and not file.is_memory
    if access is Access.MIGRATE:
        file.prepare_writing()
    if is_read_only:
        # A connection is good for one moment: see `connect_reading`.
        engine = sqlalchemy.create_engine(url, hide_parameters=True, creator=file.connect_reading, poolclass=NullPool)
    else:
        engine = sqlalchemy.create_engine(url, hide_parameters=True, creator=file.connect_writing)
    event.listen(engine, "begin", begin_reading if is_read_only else begin_writing)
    return engine


def _make_postgres_engine(url: URL, *, is_read_only: bool) -> Engine:
    try:
        engine = sqlalchemy.create_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_TIMEOUT_S}
        )
    except ModuleNotFoundError as error:
        raise UsageError(
            "a journal in PostgreSQL needs the extra `postgres`: pip install 'trade-plan-reconciler[postgres]'"
        ) from error
    # For each transaction, since a pool between us and the server may give the next one another connection.
    limits = f"SET LOCAL lock_timeout = '{BUSY_TIMEOUT_S:.0f}s'; SET LOCAL statement_timeout = '{STATEMENT_LIMIT_S}s'"
    begin = f"SET TRANSACTION READ ONLY; {limits}" if is_read_only else limits
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine
