"""What the journal knows of trades as they were last applied."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select

from reconciler.journal import tables
from reconciler.journal.documents import read_document
from reconciler.model.body import read_terms
from reconciler.model.journal import AppliedTrade, IntentState, WriteKind
from reconciler.model.plan import Action, Operation, OutcomeKind
from reconciler.model.terms import Terms

_NAMES_AT_ONCE = 500
_ENDING_ACTIONS = (Action.CANCEL.value, Action.CLOSE.value)
_ENDING_OUTCOMES = (
    OutcomeKind.APPLIED.value,
    OutcomeKind.ALREADY_DONE.value,
    OutcomeKind.FILLED_WHILE_CANCELLING.value,
)
_NOTE_KINDS = (WriteKind.CREATE.value, WriteKind.SET_NOTE.value)

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
                was_ended_by_us=(name, generation) in ended,
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
    """Trades that operations of ours have ended."""
    rows, runs = tables.operations.c, tables.runs.c
    ours = (runs.scope == scope) & rows.trade.in_(names)
    done = ours & rows.action.in_(_ENDING_ACTIONS) & rows.outcome.in_(_ENDING_OUTCOMES)
    joined = select(rows.trade, rows.generation).join(tables.runs, runs.id == rows.run_id)
    for row in connection.execute(joined.where(done)):
        yield row.trade, row.generation


def _read_spec(text: str | None) -> Terms | None:
    """Terms that the journal holds; what cannot be read any more is as good as not known."""
    body = read_document(text)
    if body is None:
        return None
    try:
        return read_terms(body)
    except ValueError:
        return None
