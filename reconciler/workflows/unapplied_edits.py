"""Edits of a plan file that were not applied yet, and that an update of the file from its live trade would lose."""

from __future__ import annotations

from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.drifting.baseline import find_baseline
from reconciler.importing.statement import Statement
from reconciler.model.live import LiveTrade
from reconciler.model.specs import TradeSpec
from reconciler.session import Session


def find_unapplied(session: Session, live: LiveTrade, spec: TradeSpec, statement: Statement) -> tuple[str, ...]:
    """Find the parts that differ from what was last applied in the file, and from what would be written.

    Args:
        session: The workspace; its journal knows the last applied note.
        live: The live trade, with a marker.
        spec: The trade in its file.
        statement: What would be written into the file.
    """
    marker = live.reading.marker
    if marker is None:
        return ()
    terms, ignored = spec.terms, spec.lifecycle.ignored
    parts: list[str] = []
    applied_entry = (marker.entry.applied, marker.entry.pending)
    if entry_digest(terms) != entry_digest(statement.terms) and entry_digest(terms) not in applied_entry:
        parts.append("the entry")
    applied_exits = (marker.exits.applied, marker.exits.pending)
    has_applied_exits = any(exits_digest(terms, fields) in applied_exits for fields in ((), ignored))
    if exits_digest(terms) != exits_digest(statement.terms) and not has_applied_exits:
        parts.append("leverage, take profit or stop loss")
    if spec.note != statement.note and spec.note != _find_applied_note(session, live, spec):
        parts.append("the note")
    return tuple(parts)


def _find_applied_note(session: Session, live: LiveTrade, spec: TradeSpec) -> str:
    """Find the note that was last applied; that of the file if nobody knows."""
    applied = session.journal.find_applied({spec.name, *spec.former_names})
    known = next((applied[name] for name in (spec.name, *spec.former_names) if name in applied), None)
    baseline = find_baseline(live, spec, known)
    return baseline.note if baseline is not None else spec.note
