"""What the journal knows of trades as they were last applied."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select

from reconciler.journal import tables
from reconciler.journal.intents import attempt
from reconciler.journal.known_trades import read_latest, split
from reconciler.journal.rows import Row, read_document, select_rows
from reconciler.journal.scopes import Labels, Scope
from reconciler.model.body import read_terms
from reconciler.model.journal import AppliedTrade, IntentState, WriteKind
from reconciler.model.plan import Action, Operation, OutcomeKind
from reconciler.model.terms import Terms

_ENDING_ACTIONS = (Action.CANCEL.value, Action.CLOSE.value)
_ENDING_OUTCOMES = (
    OutcomeKind.APPLIED.value,
    OutcomeKind.ALREADY_DONE.value,
    OutcomeKind.FILLED_WHILE_CANCELLING.value,
)
_NOTE_KINDS = (WriteKind.CREATE.value, WriteKind.SET_NOTE.value)

_Key = tuple[str, int]


def read_applied(
    connection: Connection, scope: Scope, labels: Labels, names: Collection[str]
) -> dict[str, AppliedTrade]:
    """Some trades as last applied, the latest generation of each name.

    Args:
        connection: Where to read.
        scope: Whose trades.
        labels: Its labels.
        names: Of the trades.
    """
    notes: dict[_Key, str] = {}
    ended: set[_Key] = set()
    for some in split(names):
        notes |= dict(_read_notes(connection, labels, some))
        ended |= set(_read_ended(connection, labels, some))
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
            was_ended_by_us=(name, generation) in ended,
        )
    return found


def read_without_step(connection: Connection, scope: Scope, labels: Labels, operation: Operation) -> Terms | None:
    """The terms that hold after a step was cancelled, or None where those before are not known.

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


def _read_notes(connection: Connection, labels: Labels, names: Sequence[str]) -> Iterator[tuple[_Key, str]]:
    """The note of each trade as it was last written."""
    rows = tables.intents.c
    mine = labels.select(tables.intents) & rows.trade.in_(names)
    done = mine & (rows.state == IntentState.APPLIED.value) & rows.kind.in_(_NOTE_KINDS)
    last = select(func.max(rows.id)).where(done).group_by(rows.trade, rows.generation)
    for row in map(Row, connection.execute(select_rows(tables.intents).where(rows.id.in_(last))).mappings()):
        note, generation = (row.document("write") or {}).get("note"), row.integer("generation")
        if isinstance(note, str) and generation is not None:
            yield (row.text("trade"), generation), note


def _read_ended(connection: Connection, labels: Labels, names: Sequence[str]) -> Iterator[_Key]:
    """Trades that operations of ours have ended."""
    rows, runs = tables.operations.c, tables.runs.c
    ours = labels.select(tables.runs) & rows.trade.in_(names)
    done = ours & rows.action.in_(_ENDING_ACTIONS) & rows.outcome.in_(_ENDING_OUTCOMES)
    joined = select(rows.trade, rows.generation).join(tables.runs, runs.id == rows.run_id)
    for row in connection.execute(joined.where(done)):
        yield row.trade, row.generation


def _read_spec(text: str) -> Terms | None:
    """Terms that the journal holds; what cannot be read any more is as good as not known."""
    body = read_document(text)
    return None if body is None else attempt(lambda: read_terms(body))
