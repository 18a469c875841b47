"""The last applied values of a live trade, from the journal or the marker's digests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.note import read_note
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade
from reconciler.model.marker import Marker
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The values that a live trade is compared with.

    Attributes:
        terms: The last applied terms if they are known, else those of the file.
        knows_entry: Whether the entry of `terms` is known to be the last applied one.
        knows_exits: Whether leverage, steps and stop of `terms` are.
        note: The last applied text of the user, or the text of the file.
        is_under_way: Whether the marker announces a change that is not finished.
    """

    terms: Terms
    knows_entry: bool
    knows_exits: bool
    note: str
    is_under_way: bool = False

    @property
    def is_known(self) -> bool:
        """Return whether all values are known to be the last applied ones."""
        return self.knows_entry and self.knows_exits


def find_baseline(live: LiveTrade, spec: TradeSpec | None, applied: AppliedTrade | None) -> Baseline | None:
    """Find the last applied values of a live trade, or None if nothing is known.

    The digests in the marker are those of the last applied values, whoever applied them: after an apply on another
    machine, the journal of this one is old, and the digests show it.

    Args:
        live: The trade; its marker may be gone.
        spec: The trade in its file, or None if no file names it.
        applied: The journal's record, or None.
    """
    marker = live.reading.marker
    ignored = spec.lifecycle.ignored if spec else ()
    if applied is not None and applied.terms is not None and _is_authentic(applied, marker, ignored):
        written = read_note(applied.note).text if applied.note is not None else None
        text = written if written is not None else spec.note if spec else live.reading.text
        under_way = marker is not None and _is_under_way(marker)
        return Baseline(terms=applied.terms, knows_entry=True, knows_exits=True, note=text, is_under_way=under_way)
    if spec is None or marker is None:
        return None
    return Baseline(
        terms=spec.terms,
        knows_entry=marker.entry.applied == entry_digest(spec.terms),
        knows_exits=_has_exits(marker, spec.terms, ignored),
        note=spec.note,
        is_under_way=_is_under_way(marker),
    )


def shows_exits_as_applied(live: LiveTrade, stated: Terms, ignored: Collection[str] = ()) -> bool:
    """Return whether leverage, steps and stop of a live trade are the last applied ones.

    Args:
        live: A trade with a marker.
        stated: Its inputs with progress undone: a leverage that the API ignored is not an edit.
        ignored: Fields that the file leaves to others.
    """
    marker = live.reading.marker
    shown = replace(live.terms, leverage=stated.leverage)
    return marker is not None and any(_has_exits(marker, each, ignored) for each in (live.terms, shown))


def _has_exits(marker: Marker, terms: Terms, ignored: Collection[str]) -> bool:
    """Return whether the marker's digest of the exits is that of some terms.

    A field that a file ignores since the last apply still counts in the digest until the next one.
    """
    return marker.exits.applied in (exits_digest(terms, ignored), exits_digest(terms))


def _is_authentic(applied: AppliedTrade, marker: Marker | None, ignored: Collection[str]) -> bool:
    """Return whether the journal agrees with the marker; without a marker there is nothing better than the journal."""
    if marker is None:
        return True
    terms = applied.terms
    return (
        terms is not None
        and marker.generation == applied.generation
        and marker.entry.applied == entry_digest(terms)
        and _has_exits(marker, terms, ignored)
    )


def _is_under_way(marker: Marker) -> bool:
    return marker.entry.pending is not None or marker.exits.pending is not None
