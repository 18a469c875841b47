"""Trades that this workspace released: their marker is gone, and the journal knows whose they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from reconciler.codec.note import read_note
from reconciler.journal.protocol import Journal
from reconciler.matching.sighting import Index
from reconciler.matching.similarity import find_like
from reconciler.model.journal import Intent, IntentState, WriteKind
from reconciler.model.live import LiveTrade
from reconciler.model.marker import MarkerState
from reconciler.model.specs import DesiredState, TradeSpec


def add_released(
    foreign: Collection[int], journal: Journal, index: Index, missing: Iterable[TradeSpec], specs: Iterable[TradeSpec]
) -> frozenset[int]:
    """Find the trades that no missing spec can mean: foreign ones, and those that this workspace released.

    If an apply dies after it released one trade and before it created an equal one, the released one has no marker and
    seems to be the new one. It is not the new one if all of this is true:

    - a file still says that a trade is released;
    - the journal knows that its note was written without the marker;
    - the trade still has that note.

    Args:
        foreign: SmartTrade ids that are known not to belong to this workspace.
        journal: What was written; an empty one knows of no release, so that a similar trade blocks.
        index: The active trades.
        missing: The specs without an active trade.
        specs: All specs of the workspace.
    """
    known = set(foreign)
    released = {
        name for spec in specs if spec.state is DesiredState.RELEASED for name in (spec.name, *spec.former_names)
    }
    for spec in missing if released else ():
        live = find_like(spec.terms, index.unmarked, known)
        while live is not None and _was_released(live, journal.find_writes(live.id), released - {spec.name}):
            known.add(live.id)
            live = find_like(spec.terms, index.unmarked, known)
    return frozenset(known)


def _was_released(live: LiveTrade, writes: Sequence[Intent], names: Collection[str]) -> bool:
    """Return whether the last note that was written to a trade, and that it still has, removed the marker."""
    notes = [
        intent.write for intent in writes if intent.write.note is not None and intent.state is not IntentState.FAILED
    ]
    if not notes or notes[-1].note is None:
        return False
    last = notes[-1]
    is_release = last.kind is WriteKind.SET_NOTE and read_note(last.note).state is MarkerState.ABSENT
    return is_release and last.trade in names and read_note(live.note).text == read_note(last.note).text
