"""The journal of one workspace and target in a database."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from reconciler import __version__
from reconciler.clock import Clock
from reconciler.errors import JournalError, Locked, UnreadableAnswer
from reconciler.journal import tables
from reconciler.journal.applied import read_applied, read_unsettled, read_without_step
from reconciler.journal.created import read_created
from reconciler.journal.database import Database
from reconciler.journal.documents import Redactor, read_document, read_write, write_write
from reconciler.journal.holders import Holder, IsAlive, find_holder, is_alive
from reconciler.journal.locking import (
    HEARTBEAT_S,
    LIFETIME_S,
    SEND_MARGIN_S,
    LockState,
    drop_lock,
    read_lock,
    renew_lock,
    write_lock,
)
from reconciler.live.trades import read_trade
from reconciler.model.body import write_body
from reconciler.model.commands import Command, CommandOutcome
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
from reconciler.model.marker import Marker
from reconciler.model.plan import Action, Operation, Outcome, OutcomeKind

# How often a run looks whether the lock is free, in seconds.
_LOCK_POLL_S = 1.0
_DONE = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)
_NAMES_AT_ONCE = 500


class SqlJournal:
    """Keeps the journal in a database; see `model.journal.Journal`.

    Args:
        database: Where.
        scope: Names the workspace and target.
        clock: The present.
        redactor: Takes secrets out of what is kept.
        holder: Who holds the lock while this runs.
        is_alive: Whether another holder's process still runs.
    """

    def __init__(
        self,
        database: Database,
        scope: str,
        clock: Clock,
        *,
        redactor: Redactor | None = None,
        holder: Holder | None = None,
        is_alive: IsAlive = is_alive,
    ) -> None:
        self._database = database
        self._scope = scope
        self._clock = clock
        self._redactor = redactor or Redactor()
        self._holder = holder or find_holder()
        self._is_alive = is_alive
        self._token = ""
        self._run_id = 0
        self._renewed_at = 0.0
        self._had_runs = False

    @property
    def knows_last_run(self) -> bool:
        """Whether the last run is in it; one in a file does not know what other machines did."""
        return self._had_runs and self._database.is_shared

    def find_last_create(self) -> datetime | None:
        """When the last create of any run was sent or answered, whichever is later."""
        rows = tables.intents.c
        latest = select(func.max(func.coalesce(rows.resolved_at, rows.intended_at)))
        creates = latest.where(rows.scope == self._scope, rows.kind == WriteKind.CREATE.value)
        with self._database.begin() as connection:
            at: float | None = connection.execute(creates).scalar_one()
        return None if at is None else datetime.fromtimestamp(at, UTC)

    def begin_run(self, start: RunStart, wait_s: float) -> None:
        """Take the lock and begin a run."""
        ends_at = self._clock.monotonic() + wait_s
        while (holding := self._try_begin(start)) is not None:
            if self._clock.monotonic() >= ends_at:
                raise Locked(
                    f"another run is at work: {holding.describe(self._now())}. Wait for it; if it is dead and its"
                    f" lock does not expire within {LIFETIME_S:.0f} s: reconciler unlock"
                )
            self._clock.sleep(min(_LOCK_POLL_S, max(ends_at - self._clock.monotonic(), 0.01)))

    def _try_begin(self, start: RunStart) -> LockState | None:
        """Begin, or say who is in the way."""
        now = self._now()
        with self._database.begin() as connection:
            _serialise(connection, self._scope)
            held = read_lock(connection, self._scope)
            if held is not None and not held.is_over(now, self._is_alive):
                return held
            earlier = select(tables.runs.c.id).where(tables.runs.c.scope == self._scope).limit(1)
            self._had_runs = connection.execute(earlier).first() is not None
            run = {
                "scope": self._scope,
                "holder": self._holder.write(),
                "version": __version__,
                "git_commit": start.git_commit,
                "plan_digest": start.plan_digest,
                "operations": start.operations,
                "started_at": now,
            }
            run_id = connection.execute(insert(tables.runs).values(run).returning(tables.runs.c.id)).scalar_one()
            token = secrets.token_hex(8)
            lock = LockState(
                run_id=run_id,
                token=token,
                holder=self._holder,
                taken_at=now,
                seen_at=now,
                expires_at=now + LIFETIME_S,
            )
            write_lock(connection, self._scope, lock)
        self._run_id, self._token, self._renewed_at = run_id, token, now
        return None

    def end_run(self) -> None:
        """End the run and give the lock back, if it is still ours."""
        if not self._token:
            return
        with self._database.begin() as connection:
            ended = update(tables.runs).where(tables.runs.c.id == self._run_id).values(ended_at=self._now())
            connection.execute(ended)
            drop_lock(connection, self._scope, self._token)
        self._token = ""

    def heartbeat(self) -> None:
        """Show that the run is alive."""
        now = self._now()
        if not self._token or now - self._renewed_at < HEARTBEAT_S:
            return
        # What is not ours any more is found out, and told, by the next intent.
        with suppress(Locked):
            with self._database.begin() as connection:
                renew_lock(connection, self._scope, self._token, now)
            self._renewed_at = now

    def intend(self, write: Write, method: str, path: str, body: Mapping[str, object] | None) -> int:
        """Write down that a request is about to leave, if the lock is still ours."""
        now = self._now()
        row = {
            "scope": self._scope,
            "run_id": self._run_id,
            "kind": write.kind.value,
            "trade": write.trade,
            "generation": write.generation,
            "live_id": write.live_id,
            "write": write_write(write),
            "method": method,
            "path": path,
            "body": self._redactor.write(body),
            "intended_at": now,
            "state": IntentState.PENDING.value,
        }
        with self._database.begin() as connection:
            renew_lock(connection, self._scope, self._token, now)
            statement = insert(tables.intents).values(row).returning(tables.intents.c.id)
            intent_id: int = connection.execute(statement).scalar_one()
        self._renewed_at = now
        return intent_id

    def check_lock(self) -> None:
        """Whether the lock that the last intent saw may have been lost since."""
        if self._now() - self._renewed_at > LIFETIME_S - SEND_MARGIN_S:
            raise Locked("this run slept past the expiry of its lock; nothing more is sent. Plan again.")

    def resolve(
        self,
        intent_id: int,
        state: IntentState,
        *,
        text: str = "",
        live_id: int | None = None,
        answer: Mapping[str, object] | None = None,
    ) -> None:
        """Write down what became of a request."""
        values: dict[str, object] = {"state": state.value, "resolved_at": self._now()}
        values["text"] = self._redactor.clean(text)
        values["answer"] = self._redactor.write(answer)
        if live_id is not None:
            values["live_id"] = live_id
        with self._database.begin() as connection:
            connection.execute(update(tables.intents).where(tables.intents.c.id == intent_id).values(values))

    def record(self, outcome: Outcome) -> None:
        """Write down how an operation ended, and what is known of its trade then."""
        operation = outcome.operation
        row = self._describe_end(operation, operation.action.value, outcome.kind, outcome.live_id, outcome.text)
        with self._database.begin() as connection:
            connection.execute(insert(tables.operations).values(row))
            if outcome.kind in _DONE and outcome.live_id is not None:
                self._learn(connection, operation, outcome.live_id)

    def record_command(self, outcome: CommandOutcome) -> None:
        """Write down how a command ended."""
        command = outcome.command
        row = self._describe_end(command, command.kind.value, outcome.kind, command.live.id, outcome.text)
        with self._database.begin() as connection:
            connection.execute(insert(tables.operations).values(row))

    def _describe_end(
        self, done: Operation | Command, action: str, kind: OutcomeKind, live_id: int | None, text: str
    ) -> dict[str, object]:
        return {
            "run_id": self._run_id,
            "action": action,
            "effect": done.effect.value,
            "trade": done.trade,
            "generation": done.generation,
            "outcome": kind.value,
            "live_id": live_id,
            "text": self._redactor.clean(text),
            "ended_at": self._now(),
        }

    def _learn(self, connection: Connection, operation: Operation, live_id: int) -> None:
        if operation.action is Action.RELEASE:
            gone = (tables.trades.c.scope == self._scope) & (tables.trades.c.trade == operation.trade)
            connection.execute(delete(tables.trades).where(gone))
            return
        values: dict[str, object] = {"live_id": live_id, "updated_at": self._now()}
        is_ended = operation.action in (Action.CANCEL, Action.CLOSE)
        values |= {"is_ended": is_ended, "status": operation.action.value if is_ended else "applied"}
        if operation.after is not None:
            values["spec"] = self._redactor.write(write_body(operation.after))
        elif operation.step is not None:
            left = read_without_step(connection, self._scope, operation)
            values |= {} if left is None else {"spec": self._redactor.write(write_body(left))}
        self._upsert(connection, operation.trade, operation.generation, values)

    def find_unresolved(self) -> tuple[Intent, ...]:
        """Writes whose effect nobody knows, oldest first."""
        pending = (tables.intents.c.scope == self._scope) & (tables.intents.c.state == IntentState.PENDING.value)
        with self._database.begin() as connection:
            rows = connection.execute(select(tables.intents).where(pending).order_by(tables.intents.c.id)).mappings()
            return tuple(_read_intent(row) for row in rows)

    def find_cut_short(self) -> tuple[Intent, ...]:
        """What the newest run sent, where that run has not ended."""
        runs, rows = tables.runs.c, tables.intents.c
        newest = select(runs.id, runs.ended_at).where(runs.scope == self._scope).order_by(runs.id.desc()).limit(1)
        with self._database.begin() as connection:
            run = connection.execute(newest).first()
            if run is None or run.ended_at is not None:
                return ()
            sent = select(tables.intents).where(rows.run_id == run.id).order_by(rows.id)
            return tuple(_read_intent(row) for row in connection.execute(sent).mappings())

    def find_writes(self, live_id: int) -> tuple[Intent, ...]:
        """All writes on one SmartTrade, oldest first."""
        on_trade = (tables.intents.c.scope == self._scope) & (tables.intents.c.live_id == live_id)
        with self._database.begin() as connection:
            rows = connection.execute(select(tables.intents).where(on_trade).order_by(tables.intents.c.id)).mappings()
            return tuple(_read_intent(row) for row in rows)

    def remember_ended(self, trades: Iterable[LiveTrade]) -> None:
        """Keep trades of this workspace that have ended."""
        ended = [
            (live, live.reading.marker)
            for live in trades
            if live.phase is Phase.ENDED and live.reading.marker is not None
        ]
        if not ended:
            return
        with self._database.begin() as connection:
            for live, marker in ended:
                self._upsert(connection, marker.name, marker.generation, self._describe_ended(live))

    def _describe_ended(self, live: LiveTrade) -> dict[str, object]:
        return {
            "live_id": live.id,
            "status": live.status,
            "is_ended": True,
            "entity": self._redactor.write(live.entity),
            "updated_at": self._now(),
        }

    def find_ended(self, names: Collection[str]) -> dict[str, LiveTrade]:
        """The ended trades that are known, the latest generation of each name."""
        found: dict[str, LiveTrade] = {}
        for row in self._read_latest(names):
            live = _read_ended(row["entity"]) if row["is_ended"] else None
            if live is not None:
                found[row["trade"]] = live
        return found

    def find_created(self, names: Collection[str] | None = None) -> dict[str, CreatedTrade]:
        """Trades that are known as created, the latest generation of each name."""
        with self._database.begin() as connection:
            return read_created(connection, self._scope, names)

    def _read_latest(self, names: Collection[str]) -> Iterable[RowMapping]:
        """What is known of the latest generation of some trades: it makes all before it useless."""
        wanted, latest = sorted(names), dict[str, RowMapping]()
        rows = tables.trades.c
        for first in range(0, len(wanted), _NAMES_AT_ONCE):
            some = rows.trade.in_(wanted[first : first + _NAMES_AT_ONCE])
            query = select(rows.trade, rows.live_id, rows.is_ended, rows.entity).where(rows.scope == self._scope, some)
            with self._database.begin() as connection:
                known = connection.execute(query.order_by(rows.generation)).mappings().all()
            latest |= {row["trade"]: row for row in known}
        return latest.values()

    def find_applied(self, names: Collection[str]) -> dict[str, AppliedTrade]:
        """What is known of some trades as last applied, the latest generation of each name."""
        with self._database.begin() as connection:
            return read_applied(connection, self._scope, names)

    def find_unsettled(self, settled: Collection[tuple[str, int]]) -> tuple[KnownTrade, ...]:
        """Trades that have not ended, as far as is known, and those that ended otherwise than by a full exit."""
        with self._database.begin() as connection:
            known = tuple(read_unsettled(connection, self._scope, settled))
        return tuple(
            KnownTrade(name=name, generation=generation, live_id=live_id, ended=_read_ended(entity))
            for name, generation, live_id, entity in known
        )

    def find_names(self) -> frozenset[str]:
        """The names of all trades that are known."""
        rows = tables.trades.c
        with self._database.begin() as connection:
            return frozenset(connection.execute(select(rows.trade).where(rows.scope == self._scope)).scalars())

    def _upsert(self, connection: Connection, name: str, generation: int, values: Mapping[str, object]) -> None:
        insert_ = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        key = {"scope": self._scope, "trade": name, "generation": generation}
        statement = insert_(tables.trades).values(**key, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=dict(values)))

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _serialise(connection: Connection, scope: str) -> None:
    """Where no row of a lock is there to be held, two processes must not both find that out."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy import text

        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:scope))"), {"scope": scope})


def _read_intent(row: RowMapping) -> Intent:
    try:
        write = read_write(
            row["write"],
            kind=row["kind"],
            trade=row["trade"],
            generation=row["generation"],
            live_id=row["live_id"],
        )
    except (ValueError, KeyError) as error:
        raise JournalError(f"request {row['id']} of the journal cannot be read: {error}") from error
    return Intent(
        id=row["id"],
        run_id=row["run_id"],
        write=write,
        intended_at=datetime.fromtimestamp(row["intended_at"], UTC),
        state=IntentState(row["state"]),
        text=row["text"],
    )


def _read_ended(entity: str | None) -> LiveTrade | None:
    """A trade as the API showed it when it had ended; what cannot be read any more is looked for again."""
    document = read_document(entity)
    if document is None:
        return None
    try:
        live = read_trade(document)
    except UnreadableAnswer:
        return None
    return live if isinstance(live.reading.marker, Marker) else None
