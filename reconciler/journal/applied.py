"""What the journal knows of trades as they were last applied."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select

from reconciler.journal import tables
from reconciler.journal.documents import read_document
from reconciler.model.body import read_terms
from reconciler.model.journal import COMMAND_DIGEST, AppliedTrade, IntentState, WriteKind
from reconciler.model.plan import Action, Effect, Operation, OutcomeKind
from reconciler.model.terms import Terms

_NAMES_AT_ONCE = 500
_ENDING_ACTIONS = (Action.CANCEL.value, Action.CLOSE.value)
_ENDING_OUTCOMES = (
    OutcomeKind.APPLIED.value,
    OutcomeKind.ALREADY_DONE.value,
    OutcomeKind.FILLED_WHILE_CANCELLING.value,
)
_NOTE_KINDS = (WriteKind.CREATE.value, WriteKind.SET_NOTE.value)
# How a trade ends that may still hold coins. Source: cancel page, what was bought is kept.
_PARTIAL_ENDINGS = ("cancelled", "failed")
_ENDING_KINDS = (WriteKind.CANCEL.value, WriteKind.CLOSE.value)

_Key = tuple[str, int]


def read_applied(connection: Connection, scope: str, names: Collection[str]) -> dict[str, AppliedTrade]:
    """Some trades as last applied, the latest generation of each name.

    Args:
        connection: Where to read.
        scope: Names the workspace and target.
        names: Of the trades.
    """
    wanted = sorted(names)
    found: dict[str, AppliedTrade] = {}
    for first in range(0, len(wanted), _NAMES_AT_ONCE):
        some = wanted[first : first + _NAMES_AT_ONCE]
        notes, ended = dict(_read_notes(connection, scope, some)), set(_read_ended(connection, scope, some))
        abandoned = _read_abandoned(connection, scope, some)
        ending = frozenset(_read_ending_writes(connection, scope, some))
        rows = tables.trades.c
        query = select(rows.trade, rows.generation, rows.live_id, rows.is_ended, rows.spec)
        mine = (rows.scope == scope) & rows.trade.in_(some)
        for name, generation, live_id, is_ended, spec in connection.execute(
            query.where(mine).order_by(rows.generation)
        ):
            found[name] = AppliedTrade(
                live_id=live_id,
                generation=generation,
                terms=_read_spec(spec),
                note=notes.get((name, generation)),
                is_ended=is_ended,
                was_ended_by_us=(name, generation) in ended or live_id in ending,
                was_abandoned=(name, generation) in abandoned,
            )
    return found


def read_without_step(connection: Connection, scope: str, operation: Operation) -> Terms | None:
    """The terms that hold after a step was cancelled, or None where those before are not known.

    Args:
        connection: Where to read.
        scope: Names the workspace and target.
        operation: Cancels a step.
    """
    rows = tables.trades.c
    mine = (rows.scope == scope) & (rows.trade == operation.trade) & (rows.generation == operation.generation)
    terms = _read_spec(connection.execute(select(rows.spec).where(mine)).scalar_one_or_none())
    if terms is None or operation.step not in terms.steps:
        return None
    place = terms.steps.index(operation.step)
    return replace(terms, steps=terms.steps[:place] + terms.steps[place + 1 :])


def read_unsettled(
    connection: Connection, scope: str, settled: Collection[tuple[str, int]]
) -> Iterator[tuple[str, int, int, str | None]]:
    """Trades that have not ended, as far as is known, and those that ended otherwise than by a full exit.

    Args:
        connection: Where to read.
        scope: Names the workspace and target.
        settled: Names with generations that are left out.

    Returns:
        Name, generation, SmartTrade id and, of what has ended, the entity; oldest first.
    """
    rows = tables.trades.c
    may_hold = (rows.scope == scope) & (rows.is_ended.is_(False) | rows.status.in_(_PARTIAL_ENDINGS))
    query = select(rows.trade, rows.generation, rows.live_id, rows.is_ended).where(may_hold)
    found = [
        row for row in connection.execute(query.order_by(rows.live_id)) if (row.trade, row.generation) not in settled
    ]
    names = sorted({row.trade for row in found})
    abandoned: set[tuple[str, int]] = set()
    for first in range(0, len(names), _NAMES_AT_ONCE):
        abandoned |= _read_abandoned(connection, scope, names[first : first + _NAMES_AT_ONCE])
    for row in found:
        if (row.trade, row.generation) not in abandoned:
            mine = (rows.scope == scope) & (rows.trade == row.trade) & (rows.generation == row.generation)
            entity = connection.execute(select(rows.entity).where(mine)).scalar_one() if row.is_ended else None
            yield row.trade, row.generation, row.live_id, entity


def _read_notes(connection: Connection, scope: str, names: Sequence[str]) -> Iterator[tuple[_Key, str]]:
    """The note of each trade as it was last written."""
    rows = tables.intents.c
    mine = (rows.scope == scope) & rows.trade.in_(names)
    done = mine & (rows.state == IntentState.APPLIED.value) & rows.kind.in_(_NOTE_KINDS)
    last = select(func.max(rows.id)).where(done).group_by(rows.trade, rows.generation)
    query = select(rows.trade, rows.generation, rows.write).where(rows.id.in_(last))
    for name, generation, write in connection.execute(query):
        note = (read_document(write) or {}).get("note")
        if isinstance(note, str):
            yield (name, generation), note


def _read_ended(connection: Connection, scope: str, names: Sequence[str]) -> Iterator[_Key]:
    """Trades that operations or commands of ours have ended."""
    rows, runs = tables.operations.c, tables.runs.c
    ours = (runs.scope == scope) & rows.trade.in_(names)
    done = ours & rows.action.in_(_ENDING_ACTIONS) & rows.outcome.in_(_ENDING_OUTCOMES)
    joined = select(rows.trade, rows.generation).join(tables.runs, runs.id == rows.run_id)
    for row in connection.execute(joined.where(done)):
        yield row.trade, row.generation


def _read_ending_writes(connection: Connection, scope: str, names: Sequence[str]) -> Iterator[int]:
    """Ids of trades that were cancelled or closed from here, though their runs may have been killed before the end."""
    rows = tables.intents.c
    mine = (rows.scope == scope) & rows.trade.in_(names) & (rows.state == IntentState.APPLIED.value)
    for row in connection.execute(select(rows.live_id).where(mine & rows.kind.in_(_ENDING_KINDS))):
        yield row.live_id


def _read_abandoned(connection: Connection, scope: str, names: Sequence[str]) -> frozenset[_Key]:
    """Held positions that were cancelled because their files said `state: abandoned`.

    Only a plan that says so cancels a held position; a command that does leaves the file as it is.
    """
    rows, runs = tables.operations.c, tables.runs.c
    ours = (runs.scope == scope) & rows.trade.in_(names) & (runs.plan_digest != COMMAND_DIGEST)
    given_up = (rows.action == Action.CANCEL.value) & (rows.effect == Effect.UNPROTECTS.value)
    done = ours & given_up & rows.outcome.in_((OutcomeKind.APPLIED.value, OutcomeKind.ALREADY_DONE.value))
    joined = select(rows.trade, rows.generation).join(tables.runs, runs.id == rows.run_id)
    return frozenset((row.trade, row.generation) for row in connection.execute(joined.where(done)))


def _read_spec(text: str | None) -> Terms | None:
    """Terms that the journal holds; what cannot be read any more is as good as not known."""
    body = read_document(text)
    if body is None:
        return None
    try:
        return read_terms(body)
    except ValueError:
        return None
