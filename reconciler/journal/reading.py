"""Looking into the journal, for the user: runs, what they sent, and who holds the lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import RowMapping, select, update

from reconciler.clock import Clock
from reconciler.errors import Locked, UsageError
from reconciler.journal import tables
from reconciler.journal.database import Database
from reconciler.journal.documents import read_document
from reconciler.journal.holders import IsAlive, is_alive, read_holder
from reconciler.journal.locking import LockState, drop_lock, read_lock
from reconciler.model.journal import IntentState


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReader:
    """Reads the journal of one workspace and target.

    Attributes:
        database: Where it is.
        scope: Names the workspace and target.
    """

    database: Database
    scope: str

    def list_runs(self, run_id: int | None = None) -> list[dict[str, object]]:
        """All runs, or one, the oldest first.

        Raises:
            UsageError: There is no run of this number.
        """
        query = select(tables.runs).where(tables.runs.c.scope == self.scope).order_by(tables.runs.c.id)
        if run_id is not None:
            query = query.where(tables.runs.c.id == run_id)
        with self.database.begin() as connection:
            found = [_describe_run(row) for row in connection.execute(query).mappings()]
        if run_id is not None and not found:
            raise UsageError(f"the journal of this target has no run {run_id}; `reconciler journal show` lists them")
        return found

    def list_operations(self, run_id: int) -> list[dict[str, object]]:
        """What became of the operations of a run, in the order in which they ended."""
        query = select(tables.operations).where(tables.operations.c.run_id == run_id).order_by(tables.operations.c.id)
        with self.database.begin() as connection:
            return [_describe_operation(row) for row in connection.execute(query).mappings()]

    def list_requests(self, run_id: int) -> list[dict[str, object]]:
        """The writes of a run, in the order in which they were sent."""
        query = select(tables.intents).where(tables.intents.c.run_id == run_id).order_by(tables.intents.c.id)
        with self.database.begin() as connection:
            return [_describe_request(row) for row in connection.execute(query).mappings()]

    def list_unresolved(self) -> list[dict[str, object]]:
        """Writes of all runs whose effect nobody knows."""
        rows = tables.intents.c
        query = select(tables.intents).where(rows.scope == self.scope, rows.state == IntentState.PENDING.value)
        with self.database.begin() as connection:
            return [_describe_request(row) for row in connection.execute(query.order_by(rows.id)).mappings()]

    def export(self, run_id: int | None) -> Iterator[dict[str, object]]:
        """Runs with all that belongs to them, as documents of one line each."""
        for run in self.list_runs(run_id):
            yield run
            number = run["run"]
            if isinstance(number, int):
                yield from self.list_requests(number)
                yield from self.list_operations(number)

    def resolve(self, intent_id: int, state: IntentState, now: float) -> None:
        """Settle a write by the word of the user.

        Raises:
            UsageError: There is no such write, or it is settled already.
        """
        rows = tables.intents.c
        pending = (rows.id == intent_id) & (rows.scope == self.scope) & (rows.state == IntentState.PENDING.value)
        values = {"state": state.value, "resolved_at": now, "text": "settled by the user"}
        with self.database.begin() as connection:
            if connection.execute(update(tables.intents).where(pending).values(values)).rowcount != 1:
                raise UsageError(
                    f"request {intent_id} is not among those whose effect nobody knows; `reconciler journal show`"
                    " lists them"
                )

    def find_lock(self) -> LockState | None:
        """Who holds the lock, or None."""
        with self.database.begin() as connection:
            return read_lock(connection, self.scope)

    def unlock(self, clock: Clock, *, is_forced: bool, is_alive: IsAlive = is_alive) -> LockState | None:
        """Take the lock away from a run that is dead.

        Args:
            clock: The present.
            is_forced: Whether to take it from one that may be alive, too; that one then writes nothing more.
            is_alive: Whether a holder's process still runs.

        Returns:
            What was taken away, or None where nobody held it.

        Raises:
            Locked: The run may be alive.
        """
        now = clock.now().timestamp()
        with self.database.begin() as connection:
            held = read_lock(connection, self.scope)
            if held is None:
                return None
            if not is_forced and not held.is_over(now, is_alive):
                raise Locked(
                    f"the lock is held by {held.describe(now)}, and that may be at work. If you are sure that it is"
                    " dead: reconciler unlock --force"
                )
            drop_lock(connection, self.scope, held.token)
        return held


def _describe_run(row: RowMapping) -> dict[str, object]:
    return {
        "type": "run",
        "run": row["id"],
        "scope": row["scope"],
        "holder": str(read_holder(row["holder"])),
        "reconciler_version": row["version"],
        "git_commit": row["git_commit"],
        "plan_digest": row["plan_digest"],
        "operations": row["operations"],
        "started_at": _instant(row["started_at"]),
        "ended_at": _instant(row["ended_at"]),
    }


def _describe_request(row: RowMapping) -> dict[str, object]:
    return {
        "type": "request",
        "request": row["id"],
        "run": row["run_id"],
        "trade": row["trade"],
        "generation": row["generation"],
        "kind": row["kind"],
        "live_id": row["live_id"],
        "state": row["state"],
        "text": row["text"],
        "method": row["method"],
        "path": row["path"],
        "body": read_document(row["body"]),
        "answer": read_document(row["answer"]),
        "intended_at": _instant(row["intended_at"]),
        "resolved_at": _instant(row["resolved_at"]),
    }


def _describe_operation(row: RowMapping) -> dict[str, object]:
    return {
        "type": "operation",
        "run": row["run_id"],
        "trade": row["trade"],
        "generation": row["generation"],
        "action": row["action"],
        "effect": row["effect"],
        "outcome": row["outcome"],
        "live_id": row["live_id"],
        "text": row["text"],
        "ended_at": _instant(row["ended_at"]),
    }


def _instant(seconds: object) -> str | None:
    if not isinstance(seconds, float):
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
