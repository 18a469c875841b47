"""The trades as they were last applied, as far as the journal knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select

from reconciler.codec.body import read_terms
from reconciler.journal import tables
from reconciler.journal.intents import attempt
from reconciler.journal.known_trades import find_account, read_ended, read_latest, split
from reconciler.journal.rows import Row, read_document, select_rows
from reconciler.journal.scopes import Labels, Scope
from reconciler.model.journal import COMMAND_DIGEST, AppliedTrade, IntentState, KnownTrade, WriteKind
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Terms

_ENDING_ACTIONS = (Action.CANCEL.value, Action.CLOSE.value)
_ENDING_OUTCOMES = (
    OutcomeKind.APPLIED.value,
    OutcomeKind.ALREADY_DONE.value,
    OutcomeKind.FILLED_WHILE_CANCELLING.value,
)
_NOTE_KINDS = (WriteKind.CREATE.value, WriteKind.SET_NOTE.value)
# How a trade ends that may still hold coins. Source: cancel page, what was bought is kept.
_PARTIAL_ENDINGS = (TradeStatus.CANCELLED.value, TradeStatus.FAILED.value)
_ENDING_KINDS = (WriteKind.CANCEL.value, WriteKind.CANCEL_TO_CLOSE.value, WriteKind.CLOSE.value)

_Key = tuple[str, int]


def read_applied(
    connection: Connection, scope: Scope, labels: Labels, names: Collection[str]
) -> dict[str, AppliedTrade]:
    """Read some trades as last applied, the latest generation of each name.

    Args:
        connection: Where to read.
        scope: Whose trades.
        labels: Its labels.
        names: Of the trades.
    """
    notes: dict[_Key, str] = {}
    ended: set[_Key] = set()
    ending: set[int] = set()
    abandoned: set[_Key] = set()
    for some in split(names):
        notes |= dict(_read_notes(connection, labels, some))
        ended |= set(_read_ended(connection, labels, some))
        ending |= set(_read_ending_writes(connection, labels, some))
        abandoned |= _read_abandoned(connection, labels, some)
    found: dict[str, AppliedTrade] = {}
    for name, row in read_latest(connection, scope, labels, names).items():
        live_id, generation = row.integer("live_id"), row.integer("generation")
        if live_id is None or generation is None:
            continue
        found[name] = AppliedTrade(
            live_id=live_id,
            generation=generation,
            terms=_read_spec(row.text("spec")),
            note=notes.get((name, generation)),
            is_ended=bool(row.flag("is_ended")),
            was_ended_by_us=(name, generation) in ended or live_id in ending,
            was_abandoned=(name, generation) in abandoned,
            ended_ids=frozenset(ending),
        )
    return found


def read_without_step(connection: Connection, scope: Scope, labels: Labels, operation: Operation) -> Terms | None:
    """Return the terms that hold after a step was cancelled; None if those before are not known.

    Args:
        connection: Where to read.
        scope: Whose trade.
        labels: Its labels.
        operation: Cancels a step.
    """
    row = read_latest(connection, scope, labels, [operation.trade]).get(operation.trade)
    if row is None or row.integer("generation") != operation.generation:
        return None
    terms = _read_spec(row.text("spec"))
    if terms is None or operation.step not in terms.steps:
        return None
    place = terms.steps.index(operation.step)
    return replace(terms, steps=terms.steps[:place] + terms.steps[place + 1 :])


def read_unsettled(
    connection: Connection, scope: Scope, labels: Labels, settled: Collection[_Key]
) -> tuple[KnownTrade, ...]:
    """Find trades that are not known to have ended, and those that ended otherwise than by a full exit, oldest first.

    Args:
        connection: Where to read.
        scope: Whose trades.
        labels: Its labels.
        settled: Names with generations that are left out.
    """
    rows = tables.trades.c
    may_hold = labels.select(tables.trades) & (rows.is_ended.is_(False) | rows.status.in_(_PARTIAL_ENDINGS))
    query = select_rows(tables.trades).where(may_hold).order_by(rows.live_id)
    found: list[KnownTrade] = []
    for row in map(Row, connection.execute(query).mappings()):
        live_id, generation = row.integer("live_id"), row.integer("generation")
        if live_id is None or generation is None or not scope.has_account(find_account(row)):
            continue
        if (row.text("trade"), generation) not in settled:
            ended = read_ended(row)
            found.append(KnownTrade(name=row.text("trade"), generation=generation, live_id=live_id, ended=ended))
    abandoned: set[_Key] = set()
    for some in split({known.name for known in found}):
        abandoned |= _read_abandoned(connection, labels, some)
    return tuple(known for known in found if (known.name, known.generation) not in abandoned)


def read_names(connection: Connection, labels: Labels) -> frozenset[str]:
    """Read the names of all known trades."""
    query = select(tables.trades.c.trade).where(labels.select(tables.trades))
    names: list[object] = list(connection.scalars(query))
    return frozenset(name for name in names if isinstance(name, str))


def _read_notes(connection: Connection, labels: Labels, names: Sequence[str]) -> Iterator[tuple[_Key, str]]:
    """Read the note of each trade as it was last written."""
    rows = tables.intents.c
    mine = labels.select(tables.intents) & rows.trade.in_(names)
    done = mine & (rows.state == IntentState.APPLIED.value) & rows.kind.in_(_NOTE_KINDS)
    last = select(func.max(rows.id)).where(done).group_by(rows.trade, rows.generation)
    for row in map(Row, connection.execute(select_rows(tables.intents).where(rows.id.in_(last))).mappings()):
        note, generation = (row.document("write") or {}).get("note"), row.integer("generation")
        if isinstance(note, str) and generation is not None:
            yield (row.text("trade"), generation), note


def _read_ended(connection: Connection, labels: Labels, names: Sequence[str]) -> Iterator[_Key]:
    """Read the trades that operations or commands of this program have ended."""
    rows, runs = tables.operations.c, tables.runs.c
    ours = labels.select(tables.runs) & rows.trade.in_(names)
    done = ours & rows.action.in_(_ENDING_ACTIONS) & rows.outcome.in_(_ENDING_OUTCOMES)
    joined = select(rows.trade, rows.generation).join(tables.runs, runs.id == rows.run_id)
    for row in connection.execute(joined.where(done)):
        yield row.trade, row.generation


def _read_ending_writes(connection: Connection, labels: Labels, names: Sequence[str]) -> Iterator[int]:
    """Read the ids of trades cancelled or closed by this program, even if the run was killed before its end."""
    rows = tables.intents.c
    mine = labels.select(tables.intents) & rows.trade.in_(names) & (rows.state == IntentState.APPLIED.value)
    query = select(rows.live_id).where(mine & rows.kind.in_(_ENDING_KINDS))
    ids: list[object] = list(connection.scalars(query))
    yield from (live_id for live_id in ids if isinstance(live_id, int))


def _read_abandoned(connection: Connection, labels: Labels, names: Sequence[str]) -> frozenset[_Key]:
    """Read the held positions that were cancelled because their files said `state: abandoned`.

    Only a plan that says so cancels a held position; a command that does leaves the file as it is.
    """
    rows, runs = tables.operations.c, tables.runs.c
    ours = labels.select(tables.runs) & rows.trade.in_(names) & (runs.plan_digest != COMMAND_DIGEST)
    given_up = (rows.action == Action.CANCEL.value) & (rows.effect == Effect.UNPROTECTS.value)
    done = ours & given_up & rows.outcome.in_((OutcomeKind.APPLIED.value, OutcomeKind.ALREADY_DONE.value))
    joined = select(rows.trade, rows.generation).join(tables.runs, runs.id == rows.run_id)
    return frozenset((row.trade, row.generation) for row in connection.execute(joined.where(done)))


def _read_spec(text: str) -> Terms | None:
    """Read terms from the journal; None if they cannot be read."""
    body = read_document(text)
    return None if body is None else attempt(lambda: read_terms(body))
