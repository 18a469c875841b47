"""The journal for the user: runs, what they sent, and who holds the lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from reconciler.clock import Clock
from reconciler.errors import UsageError
from reconciler.journal import tables
from reconciler.journal.database import Database
from reconciler.journal.freezes import list_freeze_rows
from reconciler.journal.intents import is_unresolved, read_account
from reconciler.journal.lock_holder import IsAlive, is_alive, read_holder
from reconciler.journal.lock_rows import LockState, find_locks, take_away_locks
from reconciler.journal.machine_lock import refuse_unlock
from reconciler.journal.rows import UNKNOWN, Row, select_rows
from reconciler.journal.scopes import Labels, Scope, as_scope, find_labels
from reconciler.model.journal import IntentState


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReader:
    """Reads the journal of one workspace, mode, host and its accounts.

    Attributes:
        database: Where it is.
        scope: Whose rows; a text alone means those that bear just this label.
    """

    database: Database
    scope: Scope | str

    def list_runs(self, run_id: int | None = None) -> list[dict[str, object]]:
        """List all runs, or one, the oldest first.

        Raises:
            UsageError: There is no run of this number.
        """
        with self.database.begin() as connection:
            query = select_rows(tables.runs).where(self._labels(connection).select_all(tables.runs))
            if run_id is not None:
                query = query.where(tables.runs.c.id == run_id)
            found = connection.execute(query.order_by(tables.runs.c.id)).mappings()
            runs = [_describe_run(Row(row)) for row in found]
        if run_id is not None and not runs:
            raise UsageError(f"the journal of this target has no run {run_id}; `reconciler journal show` lists them")
        return runs

    def list_operations(self, run_id: int) -> list[dict[str, object]]:
        """List how the operations of a run ended, in that order."""
        query = select_rows(tables.operations).where(tables.operations.c.run_id == run_id)
        with self.database.begin() as connection:
            found = connection.execute(query.order_by(tables.operations.c.id)).mappings()
            return [_describe_operation(Row(row)) for row in found]

    def list_outcomes(self, trade: str | None = None) -> list[dict[str, object]]:
        """List how the operations of all runs ended, the oldest first.

        Args:
            trade: Only those of this trade.
        """
        runs, rows = tables.runs.c, tables.operations.c
        with self.database.begin() as connection:
            mine = select(runs.id).where(self._labels(connection).select_all(tables.runs))
            query = select_rows(tables.operations).where(rows.run_id.in_(mine))
            if trade is not None:
                query = query.where(rows.trade == trade)
            found = connection.execute(query.order_by(rows.id)).mappings()
            return [_describe_operation(Row(row)) for row in found]

    def list_requests(self, run_id: int) -> list[dict[str, object]]:
        """List the writes of a run, in the order in which they were sent."""
        query = select_rows(tables.intents).where(tables.intents.c.run_id == run_id)
        with self.database.begin() as connection:
            found = connection.execute(query.order_by(tables.intents.c.id)).mappings()
            return [_describe_request(Row(row)) for row in found]

    def list_unresolved(self) -> list[dict[str, object]]:
        """Read the writes of all runs whose effect is not known."""
        with self.database.begin() as connection:
            mine = self._labels(connection).select_all(tables.intents)
            query = select_rows(tables.intents).where(mine, is_unresolved()).order_by(tables.intents.c.id)
            found = [Row(row) for row in connection.execute(query).mappings()]
        scope = as_scope(self.scope)
        return [_describe_request(row) for row in found if scope.has_account(read_account(row))]

    def export(self, run_id: int | None) -> Iterator[dict[str, object]]:
        """Yield the runs with all that belongs to them, as documents of one line each."""
        for run in self.list_runs(run_id):
            yield run
            number = run["run"]
            if isinstance(number, int):
                yield from self.list_requests(number)
                yield from self.list_operations(number)
        if run_id is None:
            yield from self.list_freezes()

    def list_freezes(self) -> list[dict[str, object]]:
        """List the freezes of the accounts, those that have ended too, the oldest first."""
        with self.database.begin() as connection:
            rows = list_freeze_rows(connection, as_scope(self.scope).freeze_keys)
            return [_describe_freeze(row) for row in rows]

    def resolve(self, intent_id: int, state: IntentState, clock: Clock) -> None:
        """Settle a write by the word of the user.

        Raises:
            UsageError: The write does not exist, or is settled already.
        """
        rows = tables.intents.c
        with self.database.begin() as connection:
            mine = self._labels(connection).select_all(tables.intents)
            pending = select(rows.id).where(rows.id == intent_id, mine, is_unresolved())
            if connection.execute(pending).first() is None:
                raise UsageError(
                    f"request {intent_id} is not among those whose effect is not known; `reconciler journal show`"
                    " lists them"
                )
            now = self.database.read_now(connection, clock)
            values = {"state": state.value, "resolved_at": now, "text": "settled by the user"}
            connection.execute(update(tables.intents).where(rows.id == intent_id).values(values))

    def find_lock(self) -> LockState | None:
        """Find who holds the lock; None if nobody does."""
        with self.database.begin() as connection:
            return next(iter(find_locks(connection, as_scope(self.scope).lock_keys)), None)

    def unlock(self, clock: Clock, *, is_forced: bool, is_alive: IsAlive = is_alive) -> LockState | None:
        """Take the lock away from a run that is dead.

        Args:
            clock: The present, if the database has no clock.
            is_forced: Whether to take it from one that may be alive, too; that one then writes nothing more.
            is_alive: Whether a holder's process still runs.

        Returns:
            The lock that was removed, or None if nobody held it.

        Raises:
            Locked: The run may be alive.
        """
        keys = as_scope(self.scope).lock_keys
        with self.database.begin() as connection:
            locks = find_locks(connection, keys, is_held=True)
            now = self.database.read_now(connection, clock)
            alive = next((lock for lock in locks if not lock.is_over(now, is_alive)), None)
            if alive is not None and not is_forced:
                raise refuse_unlock(alive, now)
            take_away_locks(connection, keys, [lock.token for lock in locks])
        return next(iter(locks), None)

    def read_now(self, clock: Clock) -> float:
        """Read the present by the clock of the journal, in seconds since 1970."""
        with self.database.begin() as connection:
            return self.database.read_now(connection, clock)

    def _labels(self, connection: Connection) -> Labels:
        return find_labels(connection, as_scope(self.scope))


def _describe_run(row: Row) -> dict[str, object]:
    holder = read_holder(row.text("holder"))
    return {
        "type": "run",
        "run": row.integer("id"),
        "scope": row.word("scope"),
        "holder": holder.process,
        "actor": holder.origin.actor or None,
        "run_url": holder.origin.run_url or None,
        "pull_request": holder.origin.change or None,
        "reconciler_version": row.word("version"),
        "git_commit": row.text("git_commit") or None,
        "plan_digest": row.text("plan_digest"),
        "operations": _known(row.integer("operations")),
        "started_at": row.instant("started_at") or UNKNOWN,
        "ended_at": row.instant("ended_at"),
    }


def _describe_request(row: Row) -> dict[str, object]:
    damaged = [name for name in ("write", "body", "answer") if row.is_damaged(name)]
    return {
        "type": "request",
        "request": row.integer("id"),
        "run": _known(row.integer("run_id")),
        "trade": row.word("trade"),
        "generation": _known(row.integer("generation")),
        "kind": row.word("kind"),
        "live_id": row.integer("live_id"),
        "state": row.word("state"),
        "text": row.text("text"),
        "method": row.word("method"),
        "path": row.word("path"),
        "body": row.document("body"),
        "answer": row.document("answer"),
        "intended_at": row.instant("intended_at") or UNKNOWN,
        "resolved_at": row.instant("resolved_at"),
    } | ({"damaged": damaged} if damaged else {})


def _describe_operation(row: Row) -> dict[str, object]:
    return {
        "type": "operation",
        "run": _known(row.integer("run_id")),
        "trade": row.word("trade"),
        "generation": _known(row.integer("generation")),
        "action": row.word("action"),
        "effect": row.word("effect"),
        "outcome": row.word("outcome"),
        "live_id": row.integer("live_id"),
        "text": row.text("text"),
        "ended_at": row.instant("ended_at") or UNKNOWN,
    }


def _describe_freeze(row: Row) -> dict[str, object]:
    return {
        "type": "freeze",
        "key": row.word("key"),
        "source": row.word("source"),
        "reason": row.word("reason"),
        "set_by": str(read_holder(row.text("holder"))),
        "set_at": row.instant("set_at") or UNKNOWN,
        "until": row.instant("until_at"),
        "lifted_at": row.instant("lifted_at"),
        "lifted_by": str(read_holder(row.text("lifted_by"))) if row.text("lifted_by") else None,
        "lifted_reason": row.text("lifted_reason") or None,
    }


def _known(number: int | None) -> int | str:
    return UNKNOWN if number is None else number
