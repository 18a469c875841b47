"""The lock: one writer for each workspace and target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from reconciler.errors import Locked
from reconciler.journal import tables
from reconciler.journal.holders import Holder, IsAlive, read_holder

# A run shows that it is alive at least this often, in seconds; its longest silence is one request (40 s).
HEARTBEAT_S = 20.0
# A lock that was not renewed for this long, in seconds, may be taken by another run.
LIFETIME_S = 180.0
# Nothing is sent in the last seconds of a lock: what leaves then may arrive when it is another's.
SEND_MARGIN_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LockState:
    """A lock that is held.

    Attributes:
        run_id: The run that holds it.
        token: Tells this holding of it from all others.
        holder: The process.
        taken_at: Since when.
        seen_at: Its last sign of life.
        expires_at: From when on another run may take it.
    """

    run_id: int
    token: str
    holder: Holder
    taken_at: float
    seen_at: float
    expires_at: float

    def describe(self, now: float) -> str:
        """Who holds it, since when, and its last sign of life."""
        since = datetime.fromtimestamp(self.taken_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return f"run {self.run_id} of {self.holder}, since {since}, last sign of life {now - self.seen_at:.0f} s ago"

    def is_over(self, now: float, is_alive: IsAlive) -> bool:
        """Whether another run may take it: its time is over, or its process is known to have died."""
        return now >= self.expires_at or is_alive(self.holder) is False


def read_lock(connection: Connection, scope: str) -> LockState | None:
    """The lock of a workspace and target, or None where nobody holds it; nobody else can change it meanwhile."""
    query = select(tables.locks).where(tables.locks.c.scope == scope).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return LockState(
        run_id=row["run_id"],
        token=row["token"],
        holder=read_holder(row["holder"]),
        taken_at=row["taken_at"],
        seen_at=row["seen_at"],
        expires_at=row["expires_at"],
    )


def write_lock(connection: Connection, scope: str, lock: LockState) -> None:
    """Take the lock, or renew it."""
    values = {
        "run_id": lock.run_id,
        "token": lock.token,
        "holder": lock.holder.write(),
        "taken_at": lock.taken_at,
        "seen_at": lock.seen_at,
        "expires_at": lock.expires_at,
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(tables.locks).values(scope=scope, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["scope"], set_=values))


def renew_lock(connection: Connection, scope: str, token: str, now: float) -> None:
    """Check that the lock is still ours, and renew it.

    Raises:
        Locked: It is another's, was taken away, or its time was over before it was renewed.
    """
    lock = read_lock(connection, scope)
    if lock is None or lock.token != token:
        taker = "" if lock is None else f" by {lock.describe(now)}"
        raise Locked(f"the lock of this run was taken{taker}; nothing more is sent. Plan again.")
    if now >= lock.expires_at:
        raise Locked("this run slept past the expiry of its lock; nothing more is sent. Plan again.")
    times = {"seen_at": now, "expires_at": now + LIFETIME_S}
    connection.execute(update(tables.locks).where(tables.locks.c.scope == scope).values(times))


def drop_lock(connection: Connection, scope: str, token: str) -> None:
    """Give the lock back, if it is still this one."""
    connection.execute(delete(tables.locks).where(tables.locks.c.scope == scope, tables.locks.c.token == token))
