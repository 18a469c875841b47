"""Everything that decides whether there is bad news."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.matching.match import Matching
from reconciler.matching.sighting import Index
from reconciler.model.journal import AppliedTrade, KnownTrade
from reconciler.model.live import LiveTrade
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that decides whether there is bad news.

    Attributes:
        specs: The selected trades of the files.
        index: The active trades.
        newest: Name to its newest trade that is not active.
        applied: Name to the journal's record; coins of a trade without one count as held.
        foreign: SmartTrade ids that are known not to belong to this workspace.
        is_whole: Whether a trade in no file counts as removed.
        all_names: Names in all files of the workspace.
        left: Ended trades of the journal that no file names any more.
        opening: Terms of trades that the plan opens.
        unlisted: Ids of active trades that no list shows; they were read by the ids that the journal knows.
        vanished: Name to the id of a trade that is open in the journal and that the API no longer knows.
        unread: Name to the id of a trade that is open in the journal, that no list shows, and that was not read.
    """

    specs: Sequence[TradeSpec]
    index: Index
    newest: Mapping[str, LiveTrade]
    applied: Mapping[str, AppliedTrade] = field(default_factory=dict)
    foreign: Collection[int] = ()
    is_whole: bool = False
    all_names: Collection[str] = ()
    left: Sequence[KnownTrade] = ()
    opening: Sequence[Terms] = ()
    unlisted: Collection[int] = ()
    vanished: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)


def find_watched(specs: Iterable[TradeSpec], index: Index) -> frozenset[str]:
    """Return the names of trades that their files close and that are not active: only the history shows their end."""
    return frozenset(
        spec.name for spec in specs if spec.state is DesiredState.CLOSED and not index.by_name.get(spec.name)
    )


def find_opening(matching: Matching) -> tuple[Terms, ...]:
    """Terms of the trades that a plan opens, or reports as blocked."""
    return tuple(
        match.spec.terms for match in matching.matches if match.live is None and match.spec.state is DesiredState.OPEN
    )
