from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from reconciler.sandbox.store.tables import STORE_VERSION, open_database
from reconciler.sandbox.values.errors import UnusableStore


def test_a_new_file_gets_its_tables_and_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    with open_database(path) as connection:
        connection.execute("INSERT INTO settings VALUES ('a', 'b')")
    connection.close()
    again = open_database(path)

    assert again.execute("SELECT * FROM settings").fetchall() == [("a", "b")]
    assert again.execute("PRAGMA user_version").fetchone() == (STORE_VERSION,)
    again.close()


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()

    with pytest.raises(UnusableStore, match="is a sandbox store of version 1, expected version"):
        open_database(path)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
    connection.close()

    with pytest.raises(UnusableStore, match="is not a sandbox store"):
        open_database(path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_text("not a database " * 100)

    with pytest.raises(UnusableStore, match="cannot be used as a sandbox store"):
        open_database(path)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableStore, match="cannot be opened as a sandbox store"):
        open_database(tmp_path / "missing" / "sandbox.sqlite")
