"""The sandbox, its application and the journals of all histories, built once and cleared for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from reconciler.clock import ManualClock
from reconciler.journal import tables
from reconciler.journal.database import Database
from reconciler.journal.sql_journal import SqlJournal
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.http import ApiSession, SessionOptions
from reconciler.live.pacing import RequestBudget
from reconciler.live.signing import Credentials
from reconciler.live.wsgi import WsgiAdapter
from reconciler.model.targets import Mode
from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, DEFAULT_API_SECRET, Sandbox
from reconciler.sandbox.wire.app import create_app
from reconciler.settings import EMBEDDED_URL
from tests.support.world import TiedClock

# So fast that the pace never makes anybody wait: pacing has tests of its own.
_ENDLESS = 1_000_000
_CLONES = 2


class StruckDatabase(Database):
    """A journal in memory, in any transaction of which the process can die or the disk can refuse."""

    strike: Callable[[str], None] = staticmethod(lambda place: None)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction."""
        self.strike("before")
        with super().begin() as connection:
            yield connection
            self.strike("in")
        self.strike("after")


class SharedJournal(SqlJournal):
    """A journal that says of itself what one in PostgreSQL does: that all machines write to it."""

    @property
    def knows_last_run(self) -> bool:
        """Whether the last run is in it."""
        return self._had_runs


class SharedSandbox:
    """A sandbox, its application, a journal for each of two clones of a repository, and what their machine shares.

    All of it is in memory.
    """

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self.app = create_app(self.sandbox)
        self.databases = tuple(StruckDatabase(make_url("sqlite://")) for _ in range(_CLONES))
        self.machine = Database(make_url("sqlite://"))
        self.clock: ManualClock = TiedClock(self.sandbox)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sandbox.close()
        for database in (*self.databases, self.machine):
            database.close()

    def clear(self) -> None:
        """A new world: the same ids and the same time as in every other history."""
        self.sandbox.close()
        Sandbox.__init__(self.sandbox)
        self.clock = TiedClock(self.sandbox)
        for database in (*self.databases, self.machine):
            self.clear_journal(database)

    def clear_journal(self, lost: Database) -> None:
        """A journal is lost."""
        with Database.begin(lost) as connection:
            for table in reversed(tables.metadata.sorted_tables):
                if table is not tables.schema:
                    connection.execute(table.delete())
            # Numbers of runs begin again, too.
            connection.exec_driver_sql("DELETE FROM sqlite_sequence")

    def open_api(self, adapter: WsgiAdapter) -> SmartTradeApi:
        """A way to the sandbox."""
        session = ApiSession(
            EMBEDDED_URL,
            Credentials(api_key=DEFAULT_API_KEY, api_secret=DEFAULT_API_SECRET),
            mode=Mode.PAPER,
            budget=RequestBudget(_ENDLESS, self.clock),
            clock=self.clock,
            options=SessionOptions(adapter=adapter),
        )
        return SmartTradeApi(session)
