"""Journals in files of SQLite: private, readable without a trace, and copied before they are changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reconciler.journal.sqlite_files import SqliteFile, copy_file, is_damage


def make(path: Path) -> SqliteFile:
    file = SqliteFile(str(path))
    file.prepare_writing()
    with closing(file.connect_writing()) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (1)")
    return file


def test_a_file_is_made_for_its_owner_alone_and_a_looser_one_is_tightened(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    file = make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    file.prepare_writing()
    assert path.stat().st_mode & 0o777 == 0o600


def test_reading_changes_nothing_and_makes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    file = make(path)
    before = path.read_bytes()
    with closing(file.connect_reading()) as connection:
        assert connection.execute("SELECT x FROM t").fetchall() == [(1,)]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("INSERT INTO t VALUES (2)")
    assert path.read_bytes() == before
    with pytest.raises(sqlite3.OperationalError):
        SqliteFile(str(tmp_path / "absent")).connect_reading()
    assert not (tmp_path / "absent").exists()


def test_a_commit_is_on_disk_when_it_returns(tmp_path: Path) -> None:
    def read_setting(*, is_durable: bool) -> object:
        with closing(SqliteFile(str(tmp_path / "a"), is_durable=is_durable).connect_writing()) as connection:
            return connection.execute("PRAGMA synchronous").fetchone()[0]

    full, normal = 2, 1
    assert (read_setting(is_durable=True), read_setting(is_durable=False)) == (full, normal)


@pytest.mark.parametrize("name", ["", ":memory:"])
def test_a_journal_in_memory_leaves_no_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = SqliteFile(name)
    assert file.is_memory
    file.prepare_writing()
    with closing(file.connect_writing()) as connection:
        connection.execute("CREATE TABLE t (x)")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_private_complete_and_never_replaces_a_file(tmp_path: Path) -> None:
    make(tmp_path / "a")
    copy_file(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(tmp_path / "b")) as connection:
        assert connection.execute("SELECT x FROM t").fetchall() == [(1,)]
    with pytest.raises(FileExistsError):
        copy_file(tmp_path / "a", tmp_path / "b")


def test_damage_is_told_from_other_errors(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"no database" * 100)
    with pytest.raises(sqlite3.DatabaseError) as caught:
        SqliteFile(str(path)).connect_reading()
    assert is_damage(caught.value)
    assert not is_damage(sqlite3.OperationalError("locked"))
    assert not is_damage(OSError())
