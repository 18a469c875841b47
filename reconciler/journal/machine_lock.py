"""State shared by all runs on one machine, in any folder or clone: the lock of each account, and the pace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reconciler.clock import Clock
from reconciler.errors import JournalDamaged, JournalError, Locked
from reconciler.journal import tables
from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.file_locks import FileLocks
from reconciler.journal.lock_holder import Holder, IsAlive, read_holder
from reconciler.journal.lock_rows import (
    LockState,
    drop_locks,
    find_locks,
    find_obstacle,
    make_lock,
    renew_locks,
    write_locks,
)
from reconciler.journal.rows import Row, select_rows

# The number is that of the tables: a version with others takes another file, so that neither is in the other's way.
_FILE = "locks-3.sqlite"
_PRIVATE = 0o700


class MachineLock:
    """The locks of some accounts on this machine.

    Args:
        keys: Names of the locks.
        database: Database in which the user's runs find each other; None if no folder can be used for it.
        files: Keep out the runs of other users.
    """

    def __init__(self, keys: Sequence[str], database: Database | None, files: FileLocks | None = None) -> None:
        self._keys = sorted(keys)
        self._database = database
        self._files = files or FileLocks(self._keys)

    def take(self, token: str, holder: Holder, clock: Clock, is_alive: IsAlive) -> str:
        """Take all locks, or none.

        Returns:
            Holder of the other lock; empty if they were taken.

        Raises:
            JournalError: The database of this machine cannot be used.
        """
        tolerated: set[int] = set()
        if self._database is not None:
            with self._database.begin() as connection:
                now = self._database.read_now(connection, clock)
                obstacle = find_obstacle(connection, self._keys, now, is_alive)
                if obstacle is not None:
                    return obstacle.describe(now)
                # Its lock has expired or was removed, so its file locks do not count.
                former = connection.execute(select_rows(tables.locks).where(tables.locks.c.scope.in_(self._keys)))
                tolerated = {read_holder(Row(row).text("holder")).pid for row in former.mappings()}
                in_way = self._files.take(tolerated)
                if not in_way:
                    write_locks(connection, self._keys, make_lock(0, token, holder, now))
            return in_way
        return self._files.take()

    def renew(self, token: str, clock: Clock) -> None:
        """Check that this run still holds the locks, and show that it is alive.

        Raises:
            Locked: They are not.
            JournalError: The database cannot be used, and no file keeps others out.
        """
        if self._database is None:
            return
        try:
            with self._database.begin() as connection:
                renew_locks(connection, self._keys, token, self._database.read_now(connection, clock))
        except JournalError:
            if not self._files.is_held:
                raise

    def drop(self, token: str) -> None:
        """Give the locks back.

        Raises:
            JournalError: The database cannot be used; then the end of the process gives them back.
        """
        self._files.drop()
        if self._database is not None:
            with self._database.begin() as connection:
                drop_locks(connection, self._keys, token)

    def find(self) -> LockState | None:
        """Find the holder of a lock, or None."""
        if self._database is None:
            return None
        with self._database.begin() as connection:
            return next(iter(find_locks(connection, self._keys)), None)

    def take_away(self, clock: Clock, *, is_forced: bool, is_alive: IsAlive) -> LockState | None:
        """Take the locks from a run that is dead, or by force from any; that one then sends nothing more.

        Returns:
            The lock that was removed, or None if nobody held it.

        Raises:
            Locked: The run may be alive.
        """
        if self._database is None:
            return None
        with self._database.begin() as connection:
            now = self._database.read_now(connection, clock)
            held = next(iter(find_locks(connection, self._keys, is_held=True)), None)
            if held is not None and not is_forced and not held.is_over(now, is_alive):
                raise refuse_unlock(held, now)
            # The holder stays, so that the next run knows whose lock on a file no longer counts.
            mine = tables.locks.c.scope.in_(self._keys)
            connection.execute(tables.locks.update().where(mine).values(token="", seen_at=0.0, expires_at=0.0))
        return held


def refuse_unlock(held: LockState, now: float) -> Locked:
    """Return the error of an unlock while the run may still be in progress."""
    return Locked(
        f"the lock is held by {held.describe(now)}, and that run may be in progress. If you are sure that it is"
        " dead: reconciler unlock --force"
    )


def find_state_folder(environment: Mapping[str, str]) -> Path | None:
    """Find the folder in which programs of this user keep what outlives them; None if there is none.

    Source: XDG Base Directory Specification: a path that is not absolute is ignored.
    """
    given = environment.get("XDG_STATE_HOME", "")
    if given and Path(given).is_absolute():
        return Path(given) / "reconciler"
    try:
        return Path.home() / ".local" / "state" / "reconciler"
    except RuntimeError:
        return None


def open_machine_database(folder: Path | None, report: Callable[[str], None]) -> Database | None:
    """Open the database that the user's runs on this machine share; create it again if its file is damaged.

    Args:
        folder: Where it is.
        report: Called with the reason if there is none.

    Returns:
        None if no folder can be used.
    """
    if folder is None:
        report("no folder of this user is known (neither XDG_STATE_HOME nor HOME)")
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(_PRIVATE)
        return _open_or_renew(folder / _FILE)
    except OSError as error:
        report(f"{folder} cannot be used: {error.strerror}")
    except JournalError as error:
        report(error.message)
    return None


def _open_or_renew(path: Path) -> Database:
    try:
        return Database(sqlite_url(path), is_durable=False)
    except JournalDamaged:
        # Nothing in it outlives the runs of the moment but a ban, of which the API reminds us.
        for ending in ("", "-wal", "-shm"):
            with_ending = Path(f"{path}{ending}")
            if with_ending.exists():
                with_ending.replace(f"{path}{ending}.damaged")
    return Database(sqlite_url(path), is_durable=False)
