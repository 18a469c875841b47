"""The pace that all processes with one API key share, through the journal."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from reconciler.errors import RateLimited
from reconciler.journal import tables
from reconciler.journal.database import Database

WINDOW_S = 60.0
# How long a first 418 keeps us silent, in seconds; each further one doubles it. Source: official docs, rate limits:
# bans last 2 minutes to 3 days, longer for those who go on.
FIRST_BAN_S = 120.0
LONGEST_BAN_S = 3 * 24 * 3600.0
# A ban that ended this long ago, in seconds, counts as forgotten; assumed.
_FORGOTTEN_AFTER_S = 24 * 3600.0


class SqlSharedPace:
    """Keeps the times of requests in a database; see `live.pacing.SharedPace`.

    Args:
        database: Where.
        api_key: Whose requests; only a digest of it is kept.
    """

    def __init__(self, database: Database, api_key: str) -> None:
        self._database = database
        self._key = hashlib.sha256(f"reconciler pace {api_key}".encode()).hexdigest()[:32]

    def reserve(self, now: float, limit: int) -> float:
        """Count one request, or say how long to wait before asking again."""
        with self._database.begin() as connection:
            ban = self._hold(connection)
            if ban["until"] > now:
                raise RateLimited(
                    f"no request may be sent for another {math.ceil(ban['until'] - now)} s: {ban['reason']}",
                    status=ban["status"],
                )
            sent = tables.requests.c
            connection.execute(delete(tables.requests).where(sent.key == self._key, sent.sent_at <= now - WINDOW_S))
            times = self._read_times(connection)
            if len(times) >= limit:
                return times[-limit] + WINDOW_S - now
            connection.execute(insert(tables.requests).values(key=self._key, sent_at=now))
        return 0.0

    def read_ages(self, now: float) -> Sequence[float]:
        """How many seconds ago the requests of the last 60 seconds were sent, oldest first."""
        with self._database.begin() as connection:
            return [now - sent_at for sent_at in self._read_times(connection) if sent_at > now - WINDOW_S]

    def stop(self, now: float, seconds: float, reason: str) -> None:
        """Remember a 429."""
        with self._database.begin() as connection:
            ban = self._hold(connection)
            if now + seconds > ban["until"]:
                self._write(connection, until=now + seconds, status=429, count=ban["count"], reason=reason)

    def ban(self, now: float, reason: str) -> None:
        """Remember a 418: each one that follows another soon doubles the silence."""
        with self._database.begin() as connection:
            ban = self._hold(connection)
            count = ban["count"] + 1 if now - ban["until"] < _FORGOTTEN_AFTER_S else 1
            lasts_s = min(FIRST_BAN_S * 2 ** (count - 1), LONGEST_BAN_S)
            self._write(connection, until=now + lasts_s, status=418, count=count, reason=reason)

    def _hold(self, connection: Connection) -> RowMapping:
        """The row of this key, which nobody else can change before the end of the transaction."""
        insert_ = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        empty = insert_(tables.bans).values(key=self._key, status=0, until=0.0, count=0, reason="")
        connection.execute(empty.on_conflict_do_nothing())
        query = select(tables.bans).where(tables.bans.c.key == self._key).with_for_update()
        return connection.execute(query).mappings().one()

    def _write(self, connection: Connection, **values: object) -> None:
        connection.execute(update(tables.bans).where(tables.bans.c.key == self._key).values(values))

    def _read_times(self, connection: Connection) -> Sequence[float]:
        sent = tables.requests.c
        return connection.scalars(select(sent.sent_at).where(sent.key == self._key).order_by(sent.sent_at)).all()
