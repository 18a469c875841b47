"""The journal of one workspace, mode, host and its accounts, in a database."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from reconciler import __version__
from reconciler.clock import Clock
from reconciler.codec.body import write_body
from reconciler.codec.reasons import write_reason
from reconciler.errors import JournalError, Locked
from reconciler.journal import tables
from reconciler.journal.applied import read_applied, read_names, read_unsettled, read_without_step
from reconciler.journal.created import read_created
from reconciler.journal.database import Database
from reconciler.journal.freezes import Lifting, lift_freezes, read_freezes, read_measured, write_freeze
from reconciler.journal.intents import is_unresolved, read_account, read_intent
from reconciler.journal.json_texts import Redactor, write_write
from reconciler.journal.known_trades import read_ended, read_latest, write_trade
from reconciler.journal.lock_holder import find_holder, is_alive
from reconciler.journal.lock_rows import drop_locks, find_obstacle, make_lock, renew_locks, serialise, write_locks
from reconciler.journal.rows import Row, select_rows
from reconciler.journal.run_lock import RunLock
from reconciler.journal.scopes import Labels, Scope, as_scope, find_labels
from reconciler.model.freeze import Freeze
from reconciler.model.journal import (
    AppliedTrade,
    CreatedTrade,
    Intent,
    IntentState,
    KnownTrade,
    RunStart,
    Write,
    WriteKind,
)
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Operation, Origin
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Reason

_DONE = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)


class SqlJournal:
    """Keeps the journal in a database; see `journal.protocol.Journal`.

    Args:
        database: Where.
        scope: Whose rows; a text alone means those that bear just this label.
        clock: The present, if the database has no clock.
        redactor: Takes secrets out of what is kept.
        lock: Keeps other runs out; by default one of this process that knows no other journals of this machine.
    """

    def __init__(
        self,
        database: Database,
        scope: Scope | str,
        clock: Clock,
        *,
        redactor: Redactor | None = None,
        lock: RunLock | None = None,
    ) -> None:
        self._database = database
        self._scope = as_scope(scope)
        self._clock = clock
        self._redactor = redactor or Redactor()
        self.lock = lock or RunLock(clock, find_holder(), is_alive, None)
        self._labels: Labels | None = None
        self._run_id = 0
        self._had_runs = False

    @property
    def knows_last_run(self) -> bool:
        """Return whether the last run is in it; one in a file does not know what other machines did."""
        return self._had_runs and self._database.is_shared

    def find_last_create(self) -> datetime | None:
        """Find when the last create of any run was sent or answered, whichever is later."""
        rows = tables.intents.c
        with self._reading() as (connection, labels):
            creates = labels.select(tables.intents) & (rows.kind == WriteKind.CREATE.value)
            found = connection.execute(select(rows.resolved_at, rows.intended_at).where(creates)).mappings()
            latest = [_find_last_time(Row(row)) for row in found]
            return self._to_instant(connection, max(latest)) if latest else None

    def begin_run(self, start: RunStart, wait_s: float) -> None:
        """Take the lock and begin a run."""
        self.lock.acquire(lambda token: self._try_begin(start, token), wait_s)

    def _try_begin(self, start: RunStart, token: str) -> str:
        """Begin the run, or return a text about the run that holds the lock."""
        keys = self._scope.lock_keys
        with self._database.begin() as connection:
            serialise(connection, keys)
            now = self._database.read_now(connection, self._clock)
            obstacle = find_obstacle(connection, keys, now, self.lock.is_alive)
            if obstacle is not None:
                return obstacle.describe(now)
            self._labels = find_labels(connection, self._scope)
            earlier = select(tables.runs.c.id).where(self._labels.select(tables.runs)).limit(1)
            self._had_runs = connection.execute(earlier).first() is not None
            run = {
                "scope": self._scope.label,
                "holder": self.lock.holder.write(),
                "version": __version__,
                "git_commit": start.git_commit,
                "plan_digest": start.plan_digest,
                "operations": start.operations,
                "started_at": now,
            }
            run_id = connection.execute(insert(tables.runs).values(run).returning(tables.runs.c.id)).scalar_one()
            write_locks(connection, keys, make_lock(run_id, token, self.lock.holder, now))
        self._run_id = run_id
        return ""

    def end_run(self) -> None:
        """End the run and give the lock back, if this run still holds it."""
        if not self.lock.token:
            return
        token = self.lock.release()
        with self._database.begin() as connection:
            now = self._database.read_now(connection, self._clock)
            connection.execute(update(tables.runs).where(tables.runs.c.id == self._run_id).values(ended_at=now))
            drop_locks(connection, self._scope.lock_keys, token)

    def heartbeat(self) -> None:
        """Show that the run is alive."""
        # If the lock is lost or the journal cannot be written, the next intent detects and reports it.
        with suppress(Locked, JournalError):
            if self.lock.is_due():
                self.lock.renew(self._renew)

    def _renew(self, token: str) -> None:
        with self._database.begin() as connection:
            self._renew_within(connection, token)

    def _renew_within(self, connection: Connection, token: str) -> float:
        now = self._database.read_now(connection, self._clock)
        renew_locks(connection, self._scope.lock_keys, token, now)
        return now

    def intend(self, write: Write, method: str, path: str, body: Mapping[str, object] | None) -> int:
        """Write down that a request is about to be sent, if this run still holds the lock."""
        row = {
            "scope": self._scope.label,
            "run_id": self._run_id,
            "kind": write.kind.value,
            "trade": write.trade,
            "generation": write.generation,
            "live_id": write.live_id,
            "write": Redactor().write(write_write(write)),
            "method": method,
            "path": path,
            "body": self._redactor.write(body),
            "state": IntentState.PENDING.value,
        }
        intent_id = 0

        def insert_intent(token: str) -> None:
            nonlocal intent_id
            with self._database.begin() as connection:
                row["intended_at"] = self._renew_within(connection, token)
                statement = insert(tables.intents).values(row).returning(tables.intents.c.id)
                intent_id = connection.execute(statement).scalar_one()

        self.lock.renew(insert_intent)
        return intent_id

    def check_lock(self) -> None:
        """Return whether the lock that the last intent saw may have been lost since."""
        self.lock.check()

    def resolve(
        self,
        intent_id: int,
        state: IntentState,
        *,
        why: Reason | None = None,
        live_id: int | None = None,
        answer: Mapping[str, object] | None = None,
    ) -> None:
        """Write down the result of a request."""
        values: dict[str, object] = {"state": state.value, "text": self._write_reason(why)}
        values["answer"] = self._redactor.write(answer)
        if live_id is not None:
            values["live_id"] = live_id
        with self._database.begin() as connection:
            values["resolved_at"] = self._database.read_now(connection, self._clock)
            connection.execute(update(tables.intents).where(tables.intents.c.id == intent_id).values(values))

    def record(self, outcome: Outcome) -> None:
        """Write down how an operation ended, and for one of a plan what is known of its trade then."""
        operation = outcome.operation
        is_learned = operation.origin is Origin.FILE and outcome.kind in _DONE
        with self._database.begin() as connection:
            now = self._database.read_now(connection, self._clock)
            connection.execute(insert(tables.operations).values(**self._describe_end(outcome), ended_at=now))
            if is_learned and outcome.live_id is not None:
                self._learn(connection, operation, outcome.live_id, now)

    def _describe_end(self, outcome: Outcome) -> dict[str, object]:
        operation = outcome.operation
        return {
            "run_id": self._run_id,
            "action": operation.action.value,
            "effect": operation.effect.value,
            "trade": operation.trade,
            "generation": operation.generation,
            "outcome": outcome.kind.value,
            "live_id": outcome.live_id,
            "text": self._write_reason(outcome.reason),
        }

    def _write_reason(self, why: Reason | None) -> str:
        """Write a reason as data, without secrets; empty without one."""
        return "" if why is None else self._redactor.write(write_reason(why)) or ""

    def _learn(self, connection: Connection, operation: Operation, live_id: int, now: float) -> None:
        labels = self._find_labels(connection)
        if operation.action is Action.RELEASE:
            # On another account a trade of this name is another one.
            rows = tables.trades.c
            gone = labels.select(tables.trades) & (rows.trade == operation.trade) & (rows.live_id == live_id)
            connection.execute(delete(tables.trades).where(gone))
            return
        values: dict[str, object] = {"live_id": live_id, "updated_at": now}
        is_ended = operation.action in (Action.CANCEL, Action.CLOSE)
        values |= {"is_ended": is_ended, "status": operation.action.value if is_ended else "applied"}
        if operation.after is not None:
            values["spec"] = self._redactor.write(write_body(operation.after))
        elif operation.step is not None:
            left = read_without_step(connection, self._scope, labels, operation)
            values |= {} if left is None else {"spec": self._redactor.write(write_body(left))}
        # Of a trade that another target or clone has opened, this says on which account it is.
        read = operation.precondition.terms if operation.precondition else None
        first = {} if read is None else {"spec": self._redactor.write(write_body(read))}
        write_trade(connection, self._scope, operation.trade, operation.generation, values, first=first)

    def find_unresolved(self) -> tuple[Intent, ...]:
        """Find the writes whose effect is not known, oldest first."""
        rows = tables.intents.c
        with self._reading() as (connection, labels):
            query = select_rows(tables.intents).where(labels.select_all(tables.intents), is_unresolved())
            found = [Row(row) for row in connection.execute(query.order_by(rows.id)).mappings()]
            return tuple(self._read_intent(connection, row) for row in found if self._is_mine(row))

    def find_cut_short(self) -> tuple[Intent, ...]:
        """Find what the newest run sent, if that run has not ended."""
        runs, rows = tables.runs.c, tables.intents.c
        with self._reading() as (connection, labels):
            newest = select(runs.id, runs.ended_at).where(labels.select(tables.runs)).order_by(runs.id.desc()).limit(1)
            run = connection.execute(newest).first()
            if run is None or run.ended_at is not None:
                return ()
            sent = select_rows(tables.intents).where(rows.run_id == run.id).order_by(rows.id)
            return tuple(self._read_intent(connection, Row(row)) for row in connection.execute(sent).mappings())

    def find_writes(self, live_id: int) -> tuple[Intent, ...]:
        """Find all writes on one SmartTrade, oldest first."""
        with self._reading() as (connection, labels):
            on_trade = labels.select(tables.intents) & (tables.intents.c.live_id == live_id)
            query = select_rows(tables.intents).where(on_trade).order_by(tables.intents.c.id)
            return tuple(self._read_intent(connection, Row(row)) for row in connection.execute(query).mappings())

    def remember_ended(self, trades: Iterable[LiveTrade]) -> None:
        """Keep trades of this workspace that have ended; a command that only reads keeps nothing."""
        ended = [
            (live, live.reading.marker)
            for live in trades
            if live.phase is Phase.ENDED and live.reading.marker is not None
        ]
        if not ended or self._database.is_read_only:
            return
        with self._database.begin() as connection:
            now = self._database.read_now(connection, self._clock)
            for live, marker in ended:
                values = self._describe_ended(live, now)
                write_trade(connection, self._scope, marker.name, marker.generation, values)

    def _describe_ended(self, live: LiveTrade, now: float) -> dict[str, object]:
        return {
            "live_id": live.id,
            "status": live.status,
            "is_ended": True,
            "entity": self._redactor.write(live.entity),
            "updated_at": now,
        }

    def find_ended(self, names: Collection[str]) -> dict[str, LiveTrade]:
        """Find the known ended trades, the latest generation of each name."""
        with self._reading() as (connection, labels):
            latest = read_latest(connection, self._scope, labels, names)
        lives = {name: read_ended(row) for name, row in latest.items()}
        return {name: live for name, live in lives.items() if live is not None}

    def find_created(self, names: Collection[str] | None = None) -> dict[str, CreatedTrade]:
        """Find the trades that are known as created, the latest generation of each name."""
        with self._reading() as (connection, labels):
            return read_created(connection, self._scope, labels, names)

    def find_applied(self, names: Collection[str]) -> dict[str, AppliedTrade]:
        """Find some trades as last applied, the latest generation of each name."""
        with self._reading() as (connection, labels):
            return read_applied(connection, self._scope, labels, names)

    def find_unsettled(self, settled: Collection[tuple[str, int]]) -> tuple[KnownTrade, ...]:
        """Find trades that are not known to have ended, and those that ended otherwise than by a full exit."""
        with self._reading() as (connection, labels):
            return read_unsettled(connection, self._scope, labels, settled)

    def find_names(self) -> frozenset[str]:
        """Read the names of all known trades."""
        with self._reading() as (connection, labels):
            return read_names(connection, labels)

    def find_freezes(self) -> tuple[Freeze, ...]:
        """Find the freezes of the accounts that are in force, the oldest first."""
        with self._database.begin() as connection:
            return self._read_freezes(connection)

    def freeze(self, freeze: Freeze) -> None:
        """Write a freeze of the accounts down, without secrets."""
        with self._database.begin() as connection:
            now = self._database.read_now(connection, self._clock)
            cleaned = replace(freeze, reason=self._redactor.clean(freeze.reason))
            write_freeze(connection, self._scope.freeze_keys, cleaned, self.lock.holder, now)

    def unfreeze(self, reason: str) -> tuple[Freeze, ...]:
        """End all freezes of the accounts in the journal.

        Args:
            reason: Why, in the words of the user.

        Returns:
            Those that were in force.
        """
        with self._database.begin() as connection:
            found = self._read_freezes(connection)
            now = self._database.read_now(connection, self._clock)
            lifting = Lifting(reason=self._redactor.clean(reason), holder=self.lock.holder, at=now)
            lift_freezes(connection, self._scope.freeze_keys, lifting)
            return found

    def find_measured(self) -> frozenset[str]:
        """Find what guardrails measured that have set a freeze, whether it is in force or lifted."""
        with self._database.begin() as connection:
            return read_measured(connection, self._scope.freeze_keys)

    def _read_freezes(self, connection: Connection) -> tuple[Freeze, ...]:
        now = self._database.read_now(connection, self._clock)
        return read_freezes(connection, self._scope.freeze_keys, now, lambda at: self._to_instant(connection, at))

    @contextmanager
    def _reading(self) -> Iterator[tuple[Connection, Labels]]:
        with self._database.begin() as connection:
            yield connection, self._find_labels(connection)

    def _find_labels(self, connection: Connection) -> Labels:
        if self._labels is None:
            self._labels = find_labels(connection, self._scope)
        return self._labels

    def _is_mine(self, row: Row) -> bool:
        return self._scope.has_account(read_account(row))

    def _read_intent(self, connection: Connection, row: Row) -> Intent:
        return read_intent(row, lambda at: self._to_instant(connection, at))

    def _to_instant(self, connection: Connection, at: float) -> datetime:
        """Convert an instant of the journal to the clock of this machine; it is never later than now."""
        age_s = max(self._database.read_now(connection, self._clock) - at, 0.0)
        return self._clock.now() - timedelta(seconds=age_s)


def _find_last_time(row: Row) -> float:
    """Return when a request was answered, or else sent; an instant that cannot be read is later than all others."""
    known = [at for name in ("resolved_at", "intended_at") if (at := row.seconds(name)) is not None]
    return known[0] if known else math.inf
