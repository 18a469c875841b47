"""A journal that fails: what was done is said with its ids, and an emergency goes on."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.journal.tables import SCHEMA_VERSION
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.server import serve_aside
from tests.support.damaged_journals import fill_disk, free_disk, open_raw
from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.slow

KEY, SECRET = "marked-key-0123456789", "marked-secret-0123456789"
SWITCH = "RECONCILER_JOURNAL_URL=none"


def add_trades(folder: Path, *names: str) -> None:
    for number, name in enumerate(names):
        text = BTC_DIP.replace("btc-dip", name).replace("60000", f"5000{number}").replace("58500", "48500")
        (folder / f"{name}.yaml").write_text(text)


@pytest.fixture
def sandbox(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The account behind the workspace, which is reached on the wire."""
    with Sandbox() as made:
        made.ensure_key(KEY, SECRET)
        with serve_aside(made) as url:
            target = f"{{kind: api, mode: paper, accounts: {{main: 1}}, settle: 0, base_url: '{url}/public/api'}}"
            (workspace / "reconciler.yaml").write_text(f"version: 1\nworkspace: test\ntargets:\n  api: {target}\n")
            monkeypatch.setenv("THREE_COMMAS_API_KEY", KEY)
            monkeypatch.setenv("THREE_COMMAS_API_SECRET", SECRET)
            yield made


@pytest.fixture
def journal(cli: Cli, workspace: Path, sandbox: Sandbox) -> Path:
    """A journal with one run."""
    assert cli("apply", "--auto-approve").code == 0
    return workspace / ".reconciler" / "journal.sqlite"


def count(sandbox: Sandbox) -> object:
    return sandbox.show()["trades"]


@pytest.mark.parametrize(
    ("table", "action", "code", "words"),
    [
        # The answer of the first create cannot be written down.
        ("journal_intents", "UPDATE", 14, "a: create #30000002: INDETERMINATE: it was done (#30000002)"),
        # Its outcome cannot: the others are not started.
        ("journal_operations", "INSERT", 13, "a: create #30000002: done"),
        ("journal_trades", "INSERT", 13, "a: create #30000002: done"),
        # Nothing can be written down before it is sent.
        ("journal_intents", "INSERT", 1, "a: create: FAILED"),
        # Only the end of the run cannot.
        ("journal_runs", "UPDATE", 0, "Apply complete! Trades: 3 added"),
        ("journal_locks", "DELETE", 0, "Apply complete! Trades: 3 added"),
    ],
)
def test_what_was_done_is_said_with_its_ids_when_the_journal_fails(
    cli: Cli, workspace: Path, sandbox: Sandbox, journal: Path, table: str, action: str, code: int, words: str
) -> None:
    add_trades(workspace, "a", "b", "c")
    fill_disk(journal, table, action)
    done = cli("apply", "--auto-approve")
    assert done.code == code, done
    assert words in done.out + done.err
    assert "Apply" in done.out
    assert "database or disk is full" in done.err
    free_disk(journal)
    assert cli("apply", "--auto-approve").code == 0
    assert count(sandbox) == {"waiting_position": 4}


def test_a_run_that_cannot_be_begun_sends_nothing(cli: Cli, workspace: Path, sandbox: Sandbox, journal: Path) -> None:
    add_trades(workspace, "a")
    fill_disk(journal, "journal_runs", "INSERT")
    assert cli("apply", "--auto-approve").code == 1
    assert count(sandbox) == {"waiting_position": 1}


def _no_file(journal: Path) -> None:
    journal.write_bytes(b"not a database at all" * 1000)


def _newer(journal: Path) -> None:
    with open_raw(journal) as connection:
        connection.execute("UPDATE journal_schema SET version = 99")


def _no_version(journal: Path) -> None:
    with open_raw(journal) as connection:
        connection.execute("DELETE FROM journal_schema")


def _no_tables(journal: Path) -> None:
    with open_raw(journal) as connection:
        for name in ("intents", "runs", "locks"):
            connection.execute(f"DROP TABLE journal_{name}")


def _torn(journal: Path) -> None:
    whole = journal.read_bytes()
    journal.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))


def _folder(journal: Path) -> None:
    journal.unlink()
    journal.mkdir()


def _full(journal: Path) -> None:
    fill_disk(journal, "journal_runs", "INSERT")


def _full_later(journal: Path) -> None:
    fill_disk(journal, "journal_intents", "INSERT")


BREAKS = [_no_file, _newer, _no_version, _no_tables, _torn, _folder, _full, _full_later]


@pytest.mark.parametrize("break_journal", BREAKS)
@pytest.mark.parametrize("command", [("--all",), ("btc-dip",)])
def test_an_emergency_goes_on_whatever_the_journal_is(
    cli: Cli, sandbox: Sandbox, journal: Path, break_journal: object, command: tuple[str, ...]
) -> None:
    assert callable(break_journal)
    break_journal(journal)
    done = cli("trade", "cancel", *command, "--auto-approve")
    assert done.code == 0, done
    assert "Warning: " in done.err
    assert count(sandbox) == {"cancelled": 1}


@pytest.mark.parametrize("break_journal", BREAKS)
@pytest.mark.parametrize("command", [("unlock",), ("unlock", "--force"), ("plan",), ("status",), ("drift",)])
def test_what_opens_nothing_goes_on_whatever_the_journal_is(
    cli: Cli, sandbox: Sandbox, journal: Path, break_journal: object, command: tuple[str, ...]
) -> None:
    assert callable(break_journal)
    break_journal(journal)
    done = cli(*command)
    assert done.code == 0, done
    assert count(sandbox) == {"waiting_position": 1}


@pytest.mark.parametrize("break_journal", BREAKS)
def test_what_opens_something_never_does_so_twice_whatever_the_journal_is(
    cli: Cli, sandbox: Sandbox, workspace: Path, journal: Path, break_journal: object
) -> None:
    assert callable(break_journal)
    break_journal(journal)
    add_trades(workspace, "a")
    for _ in range(2):
        assert cli("apply", "--auto-approve").code == 1
    assert cli("trade", "add-funds", "btc-dip", "--units", "1", "--market", "--auto-approve").code != 70
    assert count(sandbox) == {"waiting_position": 1}


def test_the_warning_of_an_emergency_names_the_way_to_do_without(cli: Cli, sandbox: Sandbox, journal: Path) -> None:
    _full(journal)
    assert SWITCH in cli("trade", "cancel", "--all", "--auto-approve").err


def test_a_sound_journal_of_a_later_version_is_not_to_be_moved_away(cli: Cli, workspace: Path, journal: Path) -> None:
    _newer(journal)
    add_trades(workspace, "a")
    done = cli("apply", "--auto-approve")
    assert "update reconciler" in done.err
    assert "move it away" not in done.err
    _no_file(journal)
    assert "move it away" in cli("apply", "--auto-approve").err


def test_a_later_version_that_lets_ours_write_does_not_lock_it_out(cli: Cli, workspace: Path, journal: Path) -> None:
    with open_raw(journal) as connection:
        connection.execute("ALTER TABLE journal_schema ADD COLUMN oldest_writer INTEGER")
        connection.execute("UPDATE journal_schema SET version = 3, oldest_writer = 2")
    add_trades(workspace, "a")
    assert cli("apply", "--auto-approve").code == 0


@pytest.mark.parametrize(
    "command", [("plan",), ("drift",), ("status",), ("trade", "show", "btc-dip"), ("journal", "show")]
)
@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_command_that_only_reads_changes_no_byte(
    cli: Cli, sandbox: Sandbox, journal: Path, command: tuple[str, ...], version: int
) -> None:
    with open_raw(journal) as connection:
        connection.execute("UPDATE journal_schema SET version = ?", (version,))
        if version == 1:
            connection.execute("DROP INDEX journal_intents_by_trade")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = journal.read_bytes()
    assert cli(*command).code == 0
    assert journal.read_bytes() == before
    assert not list(journal.parent.glob("*.bak"))


def test_a_command_that_only_reads_makes_no_journal(cli: Cli, workspace: Path, sandbox: Sandbox) -> None:
    assert cli("plan").code == 0
    assert cli("journal", "show").out == "No run yet.\n"
    assert cli("journal", "export").out == ""
    assert cli("journal", "show", "--run", "1").code == 64
    assert not (workspace / ".reconciler" / "journal.sqlite").exists()


def test_a_write_brings_an_earlier_journal_up_to_date_says_so_and_keeps_a_copy(
    cli: Cli, workspace: Path, journal: Path
) -> None:
    for kept in ("journal.sqlite.v1.bak", "journal.sqlite.v1-2.bak"):
        with open_raw(journal) as connection:
            connection.execute("DROP INDEX journal_intents_by_trade")
            connection.execute("DROP TABLE journal_freezes")
            connection.execute("UPDATE journal_schema SET version = 1")
        done = cli("apply", "--auto-approve")
        assert done.code == 0
        assert f"from version 1 to {SCHEMA_VERSION}; the file as it was is kept as {journal.parent / kept}" in done.err
        assert stat.S_IMODE((journal.parent / kept).stat().st_mode) == 0o600
        with open_raw(journal.parent / kept) as copy:
            assert copy.execute("SELECT version FROM journal_schema").fetchone() == (1,)
            assert copy.execute("SELECT count(*) FROM journal_runs").fetchone() == (1,)
        with open_raw(journal) as connection:
            assert connection.execute("SELECT version FROM journal_schema").fetchone() == (SCHEMA_VERSION,)


def test_files_of_ours_are_for_their_owner_alone_and_looser_ones_are_tightened(
    cli: Cli, workspace: Path, journal: Path
) -> None:
    for path in (journal.parent, journal):
        assert path.stat().st_mode & 0o077 == 0
        path.chmod(0o777)
    add_trades(workspace, "a")
    assert cli("apply", "--auto-approve").code == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (journal.parent, journal))


def test_a_pace_that_cannot_be_written_is_a_warning(
    cli: Cli, sandbox: Sandbox, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(workspace / "file"))
    done = cli("plan")
    assert done.code == 0
    assert "the lock and the pace are those of this folder alone" in done.err


def test_without_a_journal_another_run_is_kept_out_and_the_pace_is_shared(
    cli: Cli, sandbox: Sandbox, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_JOURNAL_URL", "none")
    assert cli("plan").code == 0
    (state,) = (Path(os.environ["XDG_STATE_HOME"]) / "reconciler").glob("*.sqlite")
    with open_raw(state) as connection:
        assert connection.execute("SELECT count(*) FROM journal_requests").fetchone() == (4,)
    assert cli("apply", "--auto-approve").code == 0
    assert cli("unlock").code == 0
    assert count(sandbox) == {"waiting_position": 1}
