"""The pace that all processes with one API key share, through the journal."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from reconciler.clock import Clock
from reconciler.errors import RateLimited
from reconciler.journal import tables
from reconciler.journal.database import Database
from reconciler.journal.rows import Row, read_seconds, select_rows

WINDOW_S = 60.0
# How long a first 418 keeps us silent, in seconds; each further one doubles it. Source: official docs, rate limits:
# bans last 2 minutes to 3 days, longer for those who go on.
FIRST_BAN_S = 120.0
LONGEST_BAN_S = 3 * 24 * 3600.0
# No Retry-After was ever seen; a longer one than this is not believed, in seconds; assumed.
LONGEST_STOP_S = 3600.0
# A ban that ended this long ago, in seconds, counts as forgotten; assumed.
_FORGOTTEN_AFTER_S = 24 * 3600.0


# A count of bans that is larger than this doubles the silence no further; see LONGEST_BAN_S.
_MOST_DOUBLINGS = 13


class SqlSharedPace:
    """Keeps the times of requests in a database; see `live.pacing.SharedPace`.

    Args:
        database: Where.
        api_key: Whose requests; only a digest of it is kept.
        host: Where they are sent; empty for 3Commas itself.
    """

    def __init__(self, database: Database, api_key: str, host: str = "") -> None:
        self._database = database
        # That of 3Commas itself stays as it always was, so that versions which knew no hosts count along.
        whose = f"{host} {api_key}" if host else api_key
        self._key = hashlib.sha256(f"reconciler pace {whose}".encode()).hexdigest()[:32]

    def reserve(self, clock: Clock, limit: int) -> float:
        """Count one request, or say how long to wait before asking again."""
        with self._database.begin() as connection:
            now = self._database.read_now(connection, clock)
            ban = self._hold(connection, now)
            wait_s = 0.0 if ban.until > now else self._count(connection, now, limit)
        # Only now, so that a ban which was shortened stays so.
        if ban.until > now:
            raise RateLimited(
                f"no request may be sent for another {math.ceil(ban.until - now)} s: {ban.reason}", status=ban.status
            )
        return wait_s

    def read_ages(self, clock: Clock) -> Sequence[float]:
        """Return the ages of the requests of the last 60 seconds, in seconds, oldest first."""
        with self._database.begin() as connection:
            now = self._database.read_now(connection, clock)
            return [now - sent_at for sent_at in self._read_times(connection, now) if sent_at > now - WINDOW_S]

    def stop(self, clock: Clock, seconds: float, reason: str) -> None:
        """Remember a 429."""
        with self._database.begin() as connection:
            now = self._database.read_now(connection, clock)
            ban = self._hold(connection, now)
            until = now + min(seconds, LONGEST_STOP_S)
            if until > ban.until:
                self._write(connection, until=until, status=429, count=ban.count, reason=reason)

    def ban(self, clock: Clock, reason: str) -> None:
        """Remember a 418: each one that follows another soon doubles the silence."""
        with self._database.begin() as connection:
            now = self._database.read_now(connection, clock)
            ban = self._hold(connection, now)
            count = ban.count + 1 if now - ban.until < _FORGOTTEN_AFTER_S else 1
            self._write(connection, until=now + _find_silence_s(count), status=418, count=count, reason=reason)

    def _count(self, connection: Connection, now: float, limit: int) -> float:
        """Count one request, or say how long to wait before asking again."""
        self._forget(connection, now)
        times = self._read_times(connection, now)
        if len(times) >= limit:
            return min(max(times[-limit] + WINDOW_S - now, 0.0), WINDOW_S)
        connection.execute(insert(tables.requests).values(key=self._key, sent_at=now))
        return 0.0

    def _hold(self, connection: Connection, now: float) -> _Ban:
        """Read the row of this key and keep others from changing it until the transaction ends.

        One that lasts longer than it can was written by another clock: it is shortened and stored, so that it ends.
        """
        insert_ = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        empty = insert_(tables.bans).values(key=self._key, status=0, until=0.0, count=0, reason="")
        connection.execute(empty.on_conflict_do_nothing())
        query = select_rows(tables.bans).where(tables.bans.c.key == self._key).with_for_update()
        ban = _read_ban(Row(connection.execute(query).mappings().first() or {}))
        longest_s = LONGEST_STOP_S if ban.status == 429 else _find_silence_s(ban.count)
        if ban.until > now + longest_s:
            ban = replace(ban, until=now + longest_s)
            self._write(connection, until=ban.until)
        return ban

    def _forget(self, connection: Connection, now: float) -> None:
        """Remove what was sent long ago; what was sent later than now, by another clock, counts as sent now."""
        sent = tables.requests.c
        mine = sent.key == self._key
        wrong = or_(sent.sent_at > now, sent.sent_at.is_(None))
        connection.execute(update(tables.requests).where(mine, wrong).values(sent_at=now))
        connection.execute(delete(tables.requests).where(mine, sent.sent_at <= now - WINDOW_S))

    def _write(self, connection: Connection, **values: object) -> None:
        connection.execute(update(tables.bans).where(tables.bans.c.key == self._key).values(values))

    def _read_times(self, connection: Connection, now: float) -> Sequence[float]:
        sent = tables.requests.c
        values = connection.execute(select(sent.sent_at).where(sent.key == self._key)).scalars()
        known = [read_seconds(value) for value in values]
        # What cannot be read was sent at some time: to count it as just sent is never too fast.
        return sorted(now if sent_at is None else min(sent_at, now) for sent_at in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ban:
    """Until when the API is not to be asked.

    Attributes:
        status: 429 or 418; 0 if there was none.
        until: In seconds since 1970.
        count: How many bans followed each other.
        reason: What the API said.
    """

    status: int
    until: float
    count: int
    reason: str


def _read_ban(row: Row) -> _Ban:
    return _Ban(
        status=row.integer("status") or 0,
        until=row.seconds("until") or 0.0,
        count=min(row.integer("count") or 0, _MOST_DOUBLINGS),
        reason=row.word("reason"),
    )


def _find_silence_s(count: int) -> float:
    """Return how long a ban that follows others stops all requests, in seconds."""
    return float(min(FIRST_BAN_S * 2 ** (max(min(count, _MOST_DOUBLINGS), 1) - 1), LONGEST_BAN_S))
