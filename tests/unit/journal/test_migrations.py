"""Tables are made where they are missing and brought up to date, after a copy of the file was made."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from reconciler.errors import JournalError
from reconciler.journal import tables
from reconciler.journal.migrations import MIGRATIONS, migrate
from tests.support.damaged_journals import open_raw

INDEX = "journal_intents_by_trade"


def run(path: Path) -> list[str]:
    said: list[str] = []
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrate(connection, MIGRATIONS, "journal.sqlite", said.append)
    engine.dispose()
    return said


def make_version(path: Path, version: object, column: str = "version") -> None:
    run(path)
    with open_raw(path) as connection:
        if column != "version":
            connection.execute(f"ALTER TABLE journal_schema ADD COLUMN {column} INTEGER")
        connection.execute(f"UPDATE journal_schema SET {column} = ?", [version])


def list_indexes(path: Path) -> set[str]:
    engine = create_engine(f"sqlite:///{path}")
    found = {str(index["name"]) for index in inspect(engine).get_indexes("journal_intents")}
    engine.dispose()
    return found


def test_there_is_a_migration_from_every_version_to_the_next() -> None:
    assert list(MIGRATIONS) == list(range(1, tables.SCHEMA_VERSION))


def test_an_empty_file_gets_all_tables_and_nothing_is_said(tmp_path: Path) -> None:
    assert run(tmp_path / "a") == []
    assert INDEX in list_indexes(tmp_path / "a")
    assert run(tmp_path / "a") == []


def test_an_earlier_version_is_brought_up_to_date_and_its_copy_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for number in ("", "-2"):
        make_version(path, 1)
        with open_raw(path) as connection:
            connection.execute(f"DROP INDEX {INDEX}")
        (said,) = run(path)
        copy = tmp_path / f"a.v1{number}.bak"
        assert said.startswith("The journal journal.sqlite was brought from version 1 to 4")
        assert str(copy) in said
        assert (INDEX in list_indexes(path), INDEX in list_indexes(copy)) == (True, False)


@pytest.mark.parametrize("version", [0, -1, "x", None])
def test_a_version_that_cannot_be_read_is_an_error(tmp_path: Path, version: object) -> None:
    run(tmp_path / "a")
    with open_raw(tmp_path / "a") as connection:
        connection.execute("DROP TABLE journal_schema")
        connection.execute("CREATE TABLE journal_schema (version)")
        connection.execute("INSERT INTO journal_schema VALUES (?)", [version])
    with pytest.raises(JournalError, match="does not say which version"):
        run(tmp_path / "a")


def test_a_later_version_is_only_written_to_if_it_allows_it(tmp_path: Path) -> None:
    make_version(tmp_path / "a", 99)
    with pytest.raises(JournalError, match="update reconciler"):
        run(tmp_path / "a")
    make_version(tmp_path / "b", 2, "oldest_writer")
    with open_raw(tmp_path / "b") as connection:
        connection.execute("UPDATE journal_schema SET version = 99")
    assert run(tmp_path / "b") == []
