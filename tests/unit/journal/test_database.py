"""Opening the journal: what it is, what it is not, and what an error may show."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

from reconciler.errors import JournalError, UsageError
from reconciler.journal import tables
from reconciler.journal.database import Database, read_url, sqlite_url


def test_a_second_opening_finds_what_the_first_made(journal_url: str) -> None:
    for _ in range(2):
        with Database(read_url(journal_url)) as database, database.begin() as connection:
            found = connection.execute(tables.schema.select()).all()
            assert [tuple(row) for row in found] == [(tables.SCHEMA_VERSION,)]


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.begin() as connection:
            connection.execute(tables.requests.insert().values({"key": "k", "sent_at": 1.0}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.begin() as connection:
        assert connection.execute(tables.requests.select()).all() == []


def test_a_commit_in_sqlite_is_synced_to_disk(tmp_path: Path) -> None:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database, database.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_journal_of_a_newer_version_is_not_written(database: Database, journal_url: str) -> None:
    with database.begin() as connection:
        connection.execute(tables.schema.update().values(version=tables.SCHEMA_VERSION + 1))
    with pytest.raises(JournalError, match="update reconciler"):
        Database(read_url(journal_url))


def test_an_older_journal_is_brought_up_to_date(database: Database, journal_url: str) -> None:
    with database.begin() as connection:
        connection.execute(tables.schema.update().values(version=tables.SCHEMA_VERSION - 1))
    migrations = {tables.SCHEMA_VERSION - 1: ["CREATE TABLE added_by_migration (number INTEGER)"]}
    with Database(read_url(journal_url), migrations=migrations) as migrated, migrated.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM added_by_migration").scalar() == 0
        assert connection.execute(tables.schema.select()).scalar() == tables.SCHEMA_VERSION


def test_a_journal_of_the_first_version_gets_the_indexes_of_a_new_one(database: Database, journal_url: str) -> None:
    def list_indexes(connection: Connection) -> set[str]:
        seen = inspect(connection)
        return {str(index["name"]) for table in seen.get_table_names() for index in seen.get_indexes(table)}

    with database.begin() as connection:
        new = list_indexes(connection)
        for name in ("journal_intents_by_trade", "journal_intents_by_live_id", "journal_operations_by_trade"):
            connection.exec_driver_sql(f"DROP INDEX {name}")
        connection.execute(tables.schema.update().values(version=1))
    with Database(read_url(journal_url)) as migrated, migrated.begin() as connection:
        assert list_indexes(connection) == new


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(JournalError, match=r"journal\.sqlite cannot be used"):
        Database(sqlite_url(path))


def test_an_address_that_cannot_be_reached_is_an_error_without_its_password() -> None:
    with pytest.raises(JournalError) as caught:
        Database(read_url("postgresql://me:marked-secret@127.0.0.1:1/journal"))
    assert "marked-secret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["marked-secret", "mysql://me:marked-secret@here/db", "postgresql://", "://marked-secret"]
)
def test_what_is_no_address_is_a_usage_error_that_does_not_show_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_url(text)
    assert "marked-secret" not in str(caught.value)
