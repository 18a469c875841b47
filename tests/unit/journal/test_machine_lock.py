"""Clones, targets and users of one machine keep each other out, each with a journal of its own or without one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import pytest

from reconciler.clock import ManualClock
from reconciler.errors import Locked
from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.file_locks import FileLocks
from reconciler.journal.lock_holder import Holder
from reconciler.journal.lock_rows import LIFETIME_S
from reconciler.journal.machine_lock import MachineLock, find_state_folder, open_machine_database
from reconciler.journal.run_lock import RunLock
from reconciler.journal.sql_journal import SqlJournal
from reconciler.journal.unwritten_journal import UnwrittenJournal
from reconciler.model.journal import RunStart, Write, WriteKind
from tests.support.world import START_AT

START = RunStart(git_commit=None, plan_digest="", operations=1)
KEYS = ("lock real here 1", "lock real here 2")
CANCEL = Write(kind=WriteKind.CANCEL, trade="t", generation=1, live_id=1)
# Takes a lock on a file as another program would, says so, and waits.
HOLD = """
import sys
from pathlib import Path
from reconciler.journal.file_locks import FileLocks
print(FileLocks([sys.argv[1]], [Path(sys.argv[2])]).take() or "held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder where every user of the machine may make files."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


class Machine:
    """Runs on one machine.

    Args:
        folder: Their folders.
        shared: Where every user may make files.
    """

    def __init__(self, folder: Path, shared: Path) -> None:
        self.clock = ManualClock(START_AT)
        self.dead: set[int] = set()
        self._folder = folder
        self._shared = shared
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _lock(self, user: str, keys: tuple[str, ...]) -> MachineLock:
        database = open_machine_database(self._folder / user, pytest.fail)
        assert database is not None
        self._stack.enter_context(database)
        return MachineLock(keys, database, FileLocks(keys, [self._shared]))

    def clone(self, name: str, *, user: str = "me", keys: tuple[str, ...] = KEYS, pid: int = 1) -> SqlJournal:
        """The journal of a clone."""
        database = self._stack.enter_context(Database(sqlite_url(self._folder / f"{name}.sqlite")))
        holder = Holder(user=user, host="here", machine="boot", pid=pid, started="")
        lock = RunLock(self.clock, holder, lambda other: other.pid not in self.dead, self._lock(user, keys))
        return SqlJournal(database, "test", self.clock, lock=lock)

    def without_journal(self, *, user: str = "me") -> UnwrittenJournal:
        """What a command has that keeps nothing."""
        holder = Holder(user=user, host="here", machine="boot", pid=1, started="")
        return UnwrittenJournal(RunLock(self.clock, holder, lambda other: True, self._lock(user, KEYS)))


@pytest.fixture
def machine(tmp_path: Path, shared: Path) -> Iterator[Machine]:
    with Machine(tmp_path, shared) as made:
        yield made


@contextmanager
def another_process(key: str, shared: Path) -> Iterator[int]:
    command = [sys.executable, "-c", HOLD, key, str(shared)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process.pid
        process.stdin.close()


@pytest.mark.parametrize("user", ["me", "somebody-else"])
def test_two_clones_keep_each_other_out(machine: Machine, user: str) -> None:
    first = machine.clone("one")
    second = machine.clone("two", user=user)
    first.begin_run(START, 0)
    with pytest.raises(Locked, match="another run is in progress"):
        second.begin_run(START, 3)
    assert machine.clock.monotonic() == pytest.approx(3)
    first.end_run()
    second.begin_run(START, 0)


def test_a_clone_without_a_journal_keeps_out_and_is_kept_out(machine: Machine) -> None:
    alone, other = machine.without_journal(), machine.clone("one")
    alone.begin_run(START, 0)
    with pytest.raises(Locked):
        other.begin_run(START, 0)
    alone.end_run()
    other.begin_run(START, 0)
    with pytest.raises(Locked):
        alone.begin_run(START, 0)


def test_one_account_in_common_is_enough_and_nothing_is_held_by_who_was_kept_out(machine: Machine) -> None:
    first = machine.clone("one", keys=KEYS[1:])
    both = machine.clone("two")
    other = machine.clone("three", keys=KEYS[:1])
    first.begin_run(START, 0)
    with pytest.raises(Locked):
        both.begin_run(START, 0)
    other.begin_run(START, 0)


def test_a_lock_that_is_taken_here_and_refused_by_the_journal_is_given_back(machine: Machine) -> None:
    holding = machine.clone("one", keys=KEYS[:1])
    holding.begin_run(START, 0)
    same_journal = machine.clone("one", keys=KEYS[1:])
    with pytest.raises(Locked):
        same_journal.begin_run(START, 0)
    machine.clone("two", keys=KEYS[1:]).begin_run(START, 0)


def test_a_run_that_was_killed_holds_nothing(machine: Machine) -> None:
    first = machine.clone("one", pid=7)
    first.begin_run(START, 0)
    first.lock._machine._files.drop()  # type: ignore[union-attr] # as the end of its process does
    machine.dead.add(7)
    machine.clone("two").begin_run(START, 0)


def test_a_lock_that_expired_is_taken_and_its_former_holder_sends_nothing(machine: Machine) -> None:
    # What holds the file is this very process, whose time is over.
    first = machine.clone("one", pid=os.getpid())
    first.begin_run(START, 0)
    machine.clock.sleep(LIFETIME_S)
    machine.clone("two").begin_run(START, 0)
    with pytest.raises(Locked, match="was taken"):
        first.intend(CANCEL, "POST", "/x", None)


def test_a_forced_unlock_lets_the_next_run_begin_though_the_process_lives(machine: Machine) -> None:
    first = machine.clone("one", pid=os.getpid())
    first.begin_run(START, 0)
    lock = machine._lock("me", KEYS)
    with pytest.raises(Locked, match="unlock --force"):
        lock.take_away(machine.clock, is_forced=False, is_alive=lambda holder: True)
    assert lock.take_away(machine.clock, is_forced=True, is_alive=lambda holder: True) is not None
    assert lock.find() is None
    machine.clone("two").begin_run(START, 0)
    with pytest.raises(Locked, match="was taken"):
        first.intend(CANCEL, "POST", "/x", None)


def test_a_heartbeat_keeps_the_lock_of_the_machine(machine: Machine) -> None:
    first = machine.clone("one")
    first.begin_run(START, 0)
    for _ in range(20):
        machine.clock.sleep(30)
        first.heartbeat()
    first.lock._machine._files.drop()  # type: ignore[union-attr] # so that only the row is in the way
    with pytest.raises(Locked, match="last sign of life 0 s ago"):
        machine.clone("two").begin_run(START, 0)


def test_the_process_that_holds_a_file_is_named_and_its_end_frees_it(shared: Path) -> None:
    with another_process("key", shared) as pid:
        assert FileLocks(["key"], [shared]).take() == f"process {pid} of this machine"
        assert FileLocks(["key"], [shared]).take({pid}) == ""
    assert FileLocks(["key"], [shared]).take() == ""


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_not_locked_and_not_followed(shared: Path, tmp_path: Path, kind: str) -> None:
    FileLocks(["key"], [shared]).take()
    (path,) = shared.iterdir()
    path.unlink()
    if kind == "link":
        path.symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    locks = FileLocks(["key"], [shared])
    assert locks.take() == ""
    assert not locks.is_held
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_one_user_has_alone_is_not_taken_for_a_shared_one(tmp_path: Path) -> None:
    locks = FileLocks(["key"], [tmp_path, tmp_path / "missing"])
    assert locks.take() == ""
    assert not locks.is_held


@pytest.mark.parametrize(
    ("environment", "ending"),
    [({"XDG_STATE_HOME": "/state"}, "/state/reconciler"), ({"XDG_STATE_HOME": "relative"}, ".local/state/reconciler")],
)
def test_the_folder_of_the_machine_is_where_programs_keep_their_state(environment: dict[str, str], ending: str) -> None:
    assert str(find_state_folder(environment)).endswith(ending)


def test_the_file_of_the_machine_is_for_its_user_alone_and_a_damaged_one_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    for _ in range(2):
        database = open_machine_database(folder, pytest.fail)
        assert database is not None
        database.close()
        (path,) = folder.glob("*.sqlite")
        assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
        path.write_bytes(b"not a database at all" * 1000)
    assert [path.name for path in folder.glob("*.damaged")] == [f"{path.name}.damaged"]


def test_a_folder_that_cannot_be_used_is_said_and_is_not_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told: list[str] = []
    for folder in (tmp_path / "file" / "state", None):
        assert open_machine_database(folder, told.append) is None
    assert "cannot be used" in told[0]
    assert "XDG_STATE_HOME" in told[1]
