"""Freezes are kept for each account, end by their time or by a person, and damage never ends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from reconciler.clock import SystemClock
from reconciler.journal import tables
from reconciler.journal.database import Access, Database, sqlite_url
from reconciler.journal.json_texts import Redactor
from reconciler.journal.migrations import MIGRATIONS, migrate
from reconciler.journal.scopes import Scope
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.freeze import DEFAULT_ALLOWED, Allowed, Freeze, FreezeSource
from tests.support.damaged_journals import open_raw

CLOCK = SystemClock()
STOP = Freeze(source=FreezeSource.COMMAND, reason="news", allow=frozenset({Allowed.PROTECTS}))


def make_journal(database: Database, *accounts: int, workspace: str = "w") -> SqlJournal:
    scope = Scope(
        label=f"{workspace} t", workspaces=frozenset({workspace}), world="real host", accounts=frozenset(accounts)
    )
    return SqlJournal(database, scope, CLOCK, redactor=Redactor(("the-secret",)))


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    return make_journal(database, 1, 2)


def test_a_freeze_is_found_with_who_set_it_when_and_why(journal: SqlJournal) -> None:
    assert journal.find_freezes() == ()
    journal.freeze(STOP)
    (found,) = journal.find_freezes()
    assert (found.reason, found.source, found.allow, found.until) == ("news", STOP.source, STOP.allow, None)
    assert "@" in found.who
    assert found.set_at is not None
    assert abs(found.set_at - CLOCK.now()) < timedelta(minutes=1)


def test_it_holds_for_every_workspace_that_shares_an_account_and_for_no_other(
    journal: SqlJournal, database: Database
) -> None:
    journal.freeze(STOP)
    assert len(make_journal(database, 2, 3, workspace="other").find_freezes()) == 1
    assert make_journal(database, 3, workspace="other").find_freezes() == ()


def test_lifting_it_for_one_account_leaves_it_for_the_others(journal: SqlJournal, database: Database) -> None:
    journal.freeze(STOP)
    one = make_journal(database, 1)
    assert [freeze.reason for freeze in one.unfreeze("over")] == ["news"]
    assert one.find_freezes() == ()
    assert len(journal.find_freezes()) == 1
    journal.unfreeze("over too")
    assert journal.find_freezes() == ()
    with database.begin() as connection:
        rows = connection.execute(tables.freezes.select()).mappings().all()
    assert {(row["key"], row["lifted_reason"]) for row in rows} == {
        ("lock real host 1", "over"),
        ("lock real host 2", "over too"),
    }


def test_it_ends_at_its_time(journal: SqlJournal) -> None:
    journal.freeze(replace(STOP, until=CLOCK.now() - timedelta(seconds=1)))
    assert journal.find_freezes() == ()
    journal.freeze(replace(STOP, until=CLOCK.now() + timedelta(hours=1)))
    assert len(journal.find_freezes()) == 1


def test_the_reason_is_written_without_secrets(journal: SqlJournal) -> None:
    journal.freeze(replace(STOP, reason="because of the-secret"))
    assert journal.find_freezes()[0].reason == "because of ***"


def test_what_guardrails_measured_is_known_after_the_freeze_was_lifted(journal: SqlJournal) -> None:
    assert journal.find_measured() == frozenset()
    journal.freeze(replace(STOP, source=FreezeSource.GUARDRAIL, measured="loss_realised USDT 312"))
    journal.unfreeze("checked")
    assert journal.find_measured() == {"loss_realised USDT 312"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("until_at", "soon"),
        ("lifted_at", "long ago"),
        ("allow", "{"),
        ("allow", "3"),
        ("source", "x"),
        ("reason", ""),
        ("holder", "?"),
    ],
)
def test_a_damaged_row_is_a_freeze_all_the_same(tmp_path: Path, column: str, value: str) -> None:
    path = tmp_path / "journal.sqlite"
    with Database(sqlite_url(path)) as database:
        journal = make_journal(database, 1)
        journal.freeze(replace(STOP, until=CLOCK.now() + timedelta(hours=1)))
        with database.begin() as connection:
            connection.execute(update(tables.freezes).values({tables.freezes.c.reason: "news"}))
    with open_raw(path) as raw:
        raw.execute(f"UPDATE journal_freezes SET {column} = ?", [value])
    with Database(sqlite_url(path)) as database:
        damaged = make_journal(database, 1)
        (found,) = damaged.find_freezes()
        damaged.unfreeze("checked")
        assert damaged.find_freezes() == ()
    assert found.reason == ("unknown" if column == "reason" else "news")
    assert found.allow == (DEFAULT_ALLOWED if column == "allow" else STOP.allow)


@pytest.fixture
def old_path(tmp_path: Path) -> Path:
    path = tmp_path / "old.sqlite"
    with Database(sqlite_url(path)):
        pass
    with open_raw(path) as raw:
        raw.execute("DROP TABLE journal_freezes")
        raw.execute("UPDATE journal_schema SET version = 2")
    return path


def test_a_journal_of_an_earlier_version_is_read_without_freezes_and_gets_the_table_when_written(
    old_path: Path,
) -> None:
    with Database(sqlite_url(old_path), access=Access.READ) as database:
        assert make_journal(database, 1).find_freezes() == ()
    with Database(sqlite_url(old_path)) as database:
        journal = make_journal(database, 1)
        journal.freeze(STOP)
        assert len(journal.find_freezes()) == 1


def test_the_migration_makes_the_table_in_both_databases(database: Database) -> None:
    with database.begin() as connection:
        tables.freezes.drop(connection)
        connection.execute(tables.schema.update().values(version=2))
        migrate(connection, MIGRATIONS, "journal")
    journal = make_journal(database, 1)
    journal.freeze(replace(STOP, until=CLOCK.now() + timedelta(hours=1)))
    assert [freeze.reason for freeze in journal.find_freezes()] == ["news"]
    assert len(journal.unfreeze("over")) == 1
