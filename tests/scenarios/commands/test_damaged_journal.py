"""A journal whose values are of another version, damaged, or of another clock: no internal error, nothing twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.clock import SystemClock
from reconciler.journal.machine_lock import find_state_folder, open_machine_database
from reconciler.journal.request_times import SqlSharedPace
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.journal import RunStart, Write, WriteKind
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.server import serve_aside
from reconciler.settings import load_settings
from reconciler.workflows.journal import open_database, scope_of
from tests.support.damaged_journals import COLUMNS, DAMAGES, INSTANTS, damage, move_instants
from tests.support.partial_matrix import IS_WHOLE, SEED, take_part
from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.slow

START = RunStart(git_commit=None, plan_digest="", operations=1)
KEY, SECRET = "marked-key-0123456789", "marked-secret-0123456789"
COMMANDS = (
    ("plan",),
    ("apply", "--auto-approve", "--lock-timeout", "0"),
    ("status",),
    ("drift",),
    ("journal", "show"),
    ("journal", "show", "--run", "1"),
    ("journal", "export"),
    ("unlock",),
    ("unlock", "--force"),
    ("trade", "cancel", "--all", "--auto-approve", "--lock-timeout", "0"),
)


@dataclass(frozen=True)
class Place:
    """A workspace with a journal that has a row of every kind."""

    folder: Path
    sandbox: Sandbox

    @property
    def journal(self) -> Path:
        return self.folder / ".reconciler" / "journal.sqlite"

    def count(self) -> int:
        """How many trades the account has, ended ones too."""
        counted = self.sandbox.show()["trades"]
        assert isinstance(counted, dict)
        return sum(int(str(number)) for number in counted.values())


@pytest.fixture
def place(workspace: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with Sandbox() as sandbox:
        sandbox.ensure_key(KEY, SECRET)
        with serve_aside(sandbox) as url:
            target = f"{{kind: api, mode: paper, accounts: {{main: 1}}, settle: 0, base_url: '{url}/public/api'}}"
            (workspace / "reconciler.yaml").write_text(f"version: 1\nworkspace: test\ntargets:\n  api: {target}\n")
            monkeypatch.setenv("THREE_COMMAS_API_KEY", KEY)
            monkeypatch.setenv("THREE_COMMAS_API_SECRET", SECRET)
            assert cli("apply", "--auto-approve").code == 0
            _leave_rows(workspace)
            yield Place(workspace, sandbox)


def _leave_rows(workspace: Path) -> None:
    """A request without an answer, a lock whose time is over, a pace and a ban that is over."""
    settings = load_settings(workspace, None, {})
    write = Write(kind=WriteKind.SET_NOTE, trade="btc-dip", generation=1, live_id=30000001, note="lost", account_id=1)
    with open_database(settings) as database:
        journal = SqlJournal(database, scope_of(settings), SystemClock())
        journal.begin_run(START, 0)
        journal.intend(write, "POST", "/v2/smart_trades/30000001/set_note", {"note": "lost"})
        pace = SqlSharedPace(database, KEY)
        pace.reserve(SystemClock(), 10)
        pace.stop(SystemClock(), 0.001, "too soon")
        with database.begin() as connection:
            connection.exec_driver_sql("UPDATE journal_locks SET expires_at = 1.0, seen_at = 1.0")


def _commands(number: int) -> tuple[tuple[str, ...], ...]:
    """All of them, or one after the other."""
    if IS_WHOLE:
        return COMMANDS
    # The apply always, since it alone may open something.
    return COMMANDS[1], COMMANDS[number % len(COMMANDS)]


@pytest.mark.parametrize("number", range(len(COLUMNS)), ids=[".".join(each) for each in COLUMNS])
def test_a_column_that_is_damaged_ends_nothing_and_opens_nothing_twice(cli: Cli, place: Place, number: int) -> None:
    table, column = COLUMNS[number]
    whole = place.folder.parent / f"{place.folder.name}-whole"
    shutil.copytree(place.journal.parent, whole)
    values = take_part(DAMAGES.values(), number, one_of=4)
    for turn, value in enumerate(values, number * len(DAMAGES) // 4):
        for command in _commands(turn):
            shutil.rmtree(place.journal.parent)
            shutil.copytree(whole, place.journal.parent)
            if damage(place.journal, table, column, value):
                done = cli(*command)
                # A lock of which the end cannot be read is held for its lifetime at most.
                codes = (0, 1, 2, 12, 14, 64, *([11] if table == "journal_locks" else []))
                assert done.code in codes, (command, value, SEED, done)
                assert place.count() == 1, (command, value, SEED, done)


@pytest.mark.parametrize("hours", [-2, 2])
@pytest.mark.parametrize(("table", "column"), INSTANTS)
def test_an_instant_of_another_clock_makes_nobody_wait_and_opens_nothing_twice(
    cli: Cli, place: Place, table: str, column: str, hours: int
) -> None:
    database = open_machine_database(find_state_folder(os.environ), pytest.fail)
    assert database is not None
    database.close()
    machine = Path(str(find_state_folder(os.environ))) / "locks-3.sqlite"
    for path in (place.journal, machine):
        move_instants(path, table, column, hours * 3600)
    other = BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    (place.folder / "other.yaml").write_text(other)
    began_s = time.monotonic()
    done = cli("apply", "--auto-approve", "--lock-timeout", "0")
    # A lock that seems to be held for two hours is held for its lifetime at most, and no longer.
    assert done.code in ((0, 11) if table == "journal_locks" else (0,)), done
    assert time.monotonic() - began_s < 10
    assert place.count() == (1 if done.code == 11 else 2)
    assert cli("status").code == 0
    assert cli("journal", "show").code == 0


def test_what_a_damaged_request_did_blocks_its_trade_until_the_user_says(cli: Cli, place: Place) -> None:
    with sqlite3.connect(place.journal) as connection:
        connection.execute("UPDATE journal_intents SET write = 'torn' WHERE state = 'pending'")
    done = cli("apply", "--auto-approve")
    assert done.code == 14
    assert "request 2 of the journal is damaged" in done.err
    assert "journal resolve 2 --as applied" in done.err
    assert '"damaged": ["write"]' in cli("journal", "export").out
    assert cli("journal", "resolve", "2", "--as", "failed").code == 0
    assert cli("apply", "--auto-approve").code == 0


def test_a_create_that_lost_the_name_of_its_trade_still_blocks_that_trade(cli: Cli, place: Place) -> None:
    with sqlite3.connect(place.journal) as connection:
        connection.execute("UPDATE journal_intents SET state = 'half', trade = '' WHERE kind = 'create'")
    done = cli("apply", "--auto-approve")
    assert done.code == 14
    assert "btc-dip" in done.err
    assert "request 1 of the journal is damaged" in done.err


def test_words_of_a_later_version_are_shown_and_end_nothing(cli: Cli, place: Place) -> None:
    with sqlite3.connect(place.journal) as connection:
        connection.execute("ALTER TABLE journal_intents ADD COLUMN shade TEXT DEFAULT 'blue'")
        connection.execute("UPDATE journal_intents SET kind = 'hedge', state = 'half_done' WHERE state = 'pending'")
        connection.execute("UPDATE journal_operations SET outcome = 'postponed'")
        connection.execute("UPDATE journal_runs SET holder = json_set(holder, '$.job', 'https://ci/1')")
    shown = cli("journal", "show").out
    assert "hedge of btc-dip#1 #30000001): half_done" in shown
    assert cli("journal", "show", "--run", "1").code == 0
    done = cli("apply", "--auto-approve")
    assert done.code == 14
    assert "its kind cannot be read" in done.err


def test_a_lock_of_a_later_version_is_taken_over_and_taken_away(cli: Cli, place: Place) -> None:
    holder = '{"user":"ci","host":"b","pid":1,"job":"https://ci/1"}'
    with sqlite3.connect(place.journal) as connection:
        connection.execute("UPDATE journal_locks SET holder = ?, expires_at = ?", (holder, time.time() + 100))
    assert "ci@b (process 1)" in cli("unlock").err
    assert "Unlocked" in cli("unlock", "--force").err
    assert cli("unlock").err == "Nobody holds the lock.\n"
