"""What a live trade was last made to be: told by the journal, by the marker's digests, or by neither."""

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
    """What a live trade is compared with.

    Attributes:
        terms: As last applied, as far as that is known; else what the file says.
        knows_entry: Whether the entry is known to be as last applied.
        knows_exits: Whether leverage, steps and stop are.
        note: The user's text as last applied, or what the file says.
        is_under_way: Whether a change was announced in the marker and not finished.
    """

    terms: Terms
    knows_entry: bool
    knows_exits: bool
    note: str
    is_under_way: bool = False

    @property
    def is_known(self) -> bool:
        """Whether all of it is as last applied."""
        return self.knows_entry and self.knows_exits


def find_baseline(live: LiveTrade, spec: TradeSpec | None, applied: AppliedTrade | None) -> Baseline | None:
    """What a live trade is to be compared with, or None where nothing is known.

    The digests in the marker are those of what was last applied, whoever applied it: another machine's apply makes a
    journal old, and then the digests say so.

    Args:
        live: The trade, whose marker may be gone.
        spec: What the file says, or None where no file names it.
        applied: What the journal knows of it.
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
    """Whether leverage, steps and stop are shown just as last applied.

    Args:
        live: A trade with a marker.
        stated: Its inputs with progress undone: a leverage that the API ignored was no edit.
        ignored: Fields that the file leaves to others.
    """
    marker = live.reading.marker
    shown = replace(live.terms, leverage=stated.leverage)
    return marker is not None and any(_has_exits(marker, each, ignored) for each in (live.terms, shown))


def _has_exits(marker: Marker, terms: Terms, ignored: Collection[str]) -> bool:
    """Whether the marker's digest of the exits is that of some terms.

    What a file began to ignore after it was applied counts in the digest until the next apply.
    """
    return marker.exits.applied in (exits_digest(terms, ignored), exits_digest(terms))


def _is_authentic(applied: AppliedTrade, marker: Marker | None, ignored: Collection[str]) -> bool:
    """Whether the journal tells of what the marker tells; without a marker there is nothing better than the journal."""
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
