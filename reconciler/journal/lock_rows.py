"""The rows of locks: one run at a time for each target, and for each account whatever its target is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, or_, text, update
from sqlalchemy.dialects import postgresql, sqlite

from reconciler.errors import Locked
from reconciler.journal import tables
from reconciler.journal.lock_holder import Holder, IsAlive, read_holder
from reconciler.journal.rows import Row, select_rows

# A run shows that it is alive at least this often, in seconds; its longest silence is one request (40 s).
HEARTBEAT_S = 20.0
# A lock that was not renewed for this long, in seconds, may be taken by another run.
LIFETIME_S = 180.0
# Nothing is sent in the last seconds of a lock: such a request may arrive when another run holds the lock.
SEND_MARGIN_S = 60.0
# What an instant may be ahead of the present before it counts as wrong, in seconds.
_TOLERANCE_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LockState:
    """A lock that is held.

    Attributes:
        run_id: The run that holds it; 0 if that is not known.
        token: Identifier of this acquisition of the lock.
        holder: The process.
        taken_at: Start of the lock; None if that is not known.
        seen_at: Its last sign of life; None if that is not known.
        expires_at: Time from which another run may take it; None if that is not known.
    """

    run_id: int
    token: str
    holder: Holder
    taken_at: float | None
    seen_at: float | None
    expires_at: float | None

    def describe(self, now: float) -> str:
        """Describe the holder, the start of the lock and the last sign of life."""
        words = f"run {self.run_id or 'unknown'} of {self.holder}"
        if self.taken_at is not None:
            words += f", since {datetime.fromtimestamp(self.taken_at, UTC).strftime('%Y-%m-%d %H:%M:%S UTC')}"
        if self.seen_at is not None:
            words += f", last sign of life {max(now - self.seen_at, 0):.0f} s ago"
        return words

    def is_over(self, now: float, is_alive: IsAlive) -> bool:
        """Return whether another run may take it: it has expired, or its process is known to have died."""
        return self.expires_at is None or now >= self.expires_at or is_alive(self.holder) is False


def make_lock(run_id: int, token: str, holder: Holder, now: float) -> LockState:
    """Make a lock that begins now."""
    return LockState(run_id=run_id, token=token, holder=holder, taken_at=now, seen_at=now, expires_at=now + LIFETIME_S)


def serialise(connection: Connection, keys: Sequence[str]) -> None:
    """Make two processes wait for each other if there is no row of a lock that they could hold."""
    if connection.dialect.name == "postgresql":
        for key in sorted(keys):
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})


def clamp_locks(connection: Connection, keys: Sequence[str], now: float) -> None:
    """Limit each lock to its lifetime from now on, in case it was written by a wrong clock."""
    rows = tables.locks.c
    late = rows.scope.in_(keys) & (rows.expires_at > now + LIFETIME_S + _TOLERANCE_S)
    times = {"seen_at": now, "expires_at": now + LIFETIME_S}
    connection.execute(update(tables.locks).where(late).values(times))


def find_locks(connection: Connection, keys: Sequence[str], *, is_held: bool = False) -> list[LockState]:
    """Read the locks of some keys.

    Args:
        connection: Where to read.
        keys: Names of the locks.
        is_held: Whether nobody else may change them until the transaction ends.
    """
    query = select_rows(tables.locks).where(tables.locks.c.scope.in_(keys)).order_by(tables.locks.c.scope)
    found = connection.execute(query.with_for_update() if is_held else query).mappings().all()
    locks = [_read_lock(Row(row)) for row in found]
    # A token that was taken away by force leaves an empty one behind; a damaged one belongs to a lock all the same.
    return [lock for lock in locks if lock.token or lock.expires_at]


def write_locks(connection: Connection, keys: Sequence[str], lock: LockState) -> None:
    """Take the locks of all keys."""
    values = {
        "run_id": lock.run_id,
        "token": lock.token,
        "holder": lock.holder.write(),
        "taken_at": lock.taken_at,
        "seen_at": lock.seen_at,
        "expires_at": lock.expires_at,
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for key in keys:
        statement = insert(tables.locks).values(scope=key, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["scope"], set_=values))


def renew_locks(connection: Connection, keys: Sequence[str], token: str, now: float) -> None:
    """Check that this run still holds all locks, and renew them.

    Raises:
        Locked: Another run holds a lock, a lock was removed, or it expired before it was renewed.
    """
    locks = find_locks(connection, keys, is_held=True)
    others = [lock for lock in locks if lock.token != token]
    if others or len(locks) < len(keys):
        taker = f" by {others[0].describe(now)}" if others else ""
        raise Locked(f"the lock of this run was taken{taker}; nothing more is sent. Plan again.")
    if any(lock.expires_at is None or now >= lock.expires_at for lock in locks):
        raise slept_past_expiry()
    times = {"seen_at": now, "expires_at": now + LIFETIME_S}
    connection.execute(update(tables.locks).where(tables.locks.c.scope.in_(keys)).values(times))


def drop_locks(connection: Connection, keys: Sequence[str], token: str) -> None:
    """Give back the locks that this run still holds."""
    rows = tables.locks.c
    connection.execute(delete(tables.locks).where(rows.scope.in_(keys), rows.token == token))


def take_away_locks(connection: Connection, keys: Sequence[str], tokens: Sequence[str]) -> None:
    """Remove the locks of some keys, whoever holds them, and all other locks of the same runs."""
    rows = tables.locks.c
    meant: ColumnElement[bool] = rows.scope.in_(keys)
    known = [token for token in tokens if token]
    connection.execute(delete(tables.locks).where(or_(meant, rows.token.in_(known))))


def slept_past_expiry() -> Locked:
    """Return the error of a run that was suspended for longer than its lock lasts."""
    return Locked("this run slept past the expiry of its lock; nothing more is sent. Plan again.")


def find_obstacle(connection: Connection, keys: Sequence[str], now: float, is_alive: IsAlive) -> LockState | None:
    """Find the first unexpired lock of some keys that another run holds; nobody can change the locks meanwhile."""
    clamp_locks(connection, keys, now)
    locks = find_locks(connection, keys, is_held=True)
    return next((lock for lock in locks if not lock.is_over(now, is_alive)), None)


def _read_lock(row: Row) -> LockState:
    taken_at, seen_at = row.seconds("taken_at"), row.seconds("seen_at")
    expires_at, last = row.seconds("expires_at"), seen_at if seen_at is not None else taken_at
    if expires_at is None and last is not None:
        expires_at = last + LIFETIME_S
    return LockState(
        run_id=row.integer("run_id") or 0,
        token=row.text("token"),
        holder=read_holder(row.text("holder")),
        taken_at=taken_at,
        seen_at=seen_at,
        expires_at=expires_at,
    )
