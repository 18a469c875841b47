"""The time of a journal that machines share is the database's; no clock of a machine makes anybody wait longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reconciler.clock import ManualClock
from reconciler.errors import JournalError, Locked, RateLimited
from reconciler.journal import tables
from reconciler.journal.database import Access, Database, read_url
from reconciler.journal.lock_rows import LIFETIME_S
from reconciler.journal.request_times import LONGEST_BAN_S, LONGEST_STOP_S, SqlSharedPace
from reconciler.journal.sql_journal import SqlJournal
from reconciler.live.pacing import WINDOW_S, RequestBudget
from reconciler.model.journal import RunStart, Write, WriteKind
from tests.support.world import START_AT

START = RunStart(git_commit=None, plan_digest="", operations=1)
CREATE = Write(
    kind=WriteKind.CREATE, trade="t", generation=1, note="[reconciler:1 test/t#1 5f3a9c1e 0b77d2aa]", account_id=1
)
AHEAD = timedelta(hours=2)


class SetClock(ManualClock):
    """A clock that somebody sets."""

    def __init__(self, start_at: datetime) -> None:
        super().__init__(start_at)
        self.off = timedelta()

    def now(self) -> datetime:
        return super().now() + self.off


def shift(database: Database, column: str, seconds: float) -> None:
    name, _, field = column.partition(".")
    with database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE journal_{name} SET {field} = {field} + {seconds}")


@pytest.mark.slow
def test_machines_whose_clocks_differ_agree_on_a_shared_journal(make_postgres: object) -> None:
    assert callable(make_postgres)
    url = read_url(make_postgres())
    with Database(url) as first, Database(url) as second:
        here, there = ManualClock(datetime.now(UTC)), ManualClock(datetime.now(UTC) + AHEAD)
        SqlJournal(first, "test", here).begin_run(START, 0)
        # Two hours ahead, and still the lock of this moment has not expired.
        with pytest.raises(Locked, match=r"last sign of life \d s ago"):
            SqlJournal(second, "test", there).begin_run(START, 0)
        for _ in range(9):
            SqlSharedPace(second, "key").reserve(there, 10)
        assert len(SqlSharedPace(first, "key").read_ages(here)) == 9


@pytest.mark.slow
def test_a_clock_that_was_set_while_the_journal_is_open_is_noticed(make_postgres: object) -> None:
    assert callable(make_postgres)
    clock = SetClock(datetime.now(UTC))
    with Database(read_url(make_postgres())) as database, database.begin() as connection:
        before = database.read_now(connection, clock)
        clock.off = AHEAD
        assert database.read_now(connection, clock) == pytest.approx(before, abs=60)


def test_a_request_of_the_future_counts_as_sent_now(database: Database) -> None:
    clock = ManualClock(START_AT)
    told: list[float] = []
    budget = RequestBudget(10, clock, told.append, SqlSharedPace(database, "key"))
    for _ in range(9):
        budget.acquire()
    shift(database, "requests.sent_at", 7200)
    for _ in range(9):
        budget.acquire()
    assert max(told) <= WINDOW_S
    assert clock.monotonic() <= WINDOW_S + 1


@pytest.mark.parametrize(("status", "longest_s"), [(429, LONGEST_STOP_S), (418, LONGEST_BAN_S)])
def test_a_ban_of_the_future_lasts_no_longer_than_any_can(database: Database, status: int, longest_s: float) -> None:
    clock = ManualClock(START_AT)
    pace = SqlSharedPace(database, "key")
    pace.ban(clock, "angry")
    with database.begin() as connection:
        connection.execute(tables.bans.update().values(status=status, count=10**9))
    shift(database, "bans.until", 10**9)
    with pytest.raises(RateLimited):
        pace.reserve(clock, 10)
    clock.sleep(longest_s + 1)
    assert pace.reserve(clock, 10) == 0


def test_a_lock_of_the_future_lasts_no_longer_than_its_lifetime(database: Database) -> None:
    clock = ManualClock(START_AT)
    SqlJournal(database, "test", clock).begin_run(START, 0)
    for column in ("taken_at", "seen_at", "expires_at"):
        shift(database, f"locks.{column}", 7200)
    other = SqlJournal(database, "test", clock)
    with pytest.raises(Locked):
        other.begin_run(START, LIFETIME_S / 2)
    other.begin_run(START, LIFETIME_S)


@pytest.mark.parametrize("column", ["intended_at", "resolved_at"])
def test_a_create_of_the_future_was_sent_now(database: Database, column: str) -> None:
    clock = ManualClock(START_AT)
    journal = SqlJournal(database, "test", clock)
    journal.begin_run(START, 0)
    journal.intend(CREATE, "POST", "/v2/smart_trades", None)
    with database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE journal_intents SET {column} = 9000000000")
    last = journal.find_last_create()
    assert last is not None
    assert clock.now() - last < timedelta(seconds=30)
    (intent,) = journal.find_unresolved()
    assert intent.intended_at <= clock.now()


@pytest.mark.slow
def test_reading_a_journal_needs_no_tables_and_makes_none(make_postgres: object) -> None:
    assert callable(make_postgres)
    url = read_url(make_postgres())
    with Database(url, access=Access.READ) as database:
        assert database.is_empty
    with Database(url), Database(url, access=Access.READ) as database:
        assert SqlJournal(database, "test", ManualClock(START_AT)).find_unresolved() == ()
        with pytest.raises(JournalError, match="read-only"), database.begin() as connection:
            connection.execute(tables.requests.insert().values(key="k", sent_at=1.0))


@pytest.mark.slow
def test_a_database_whose_lock_another_holds_is_not_waited_for_without_end(make_postgres: object) -> None:
    assert callable(make_postgres)
    with Database(read_url(make_postgres())) as database, database.begin() as connection:
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "10s"
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "30s"
