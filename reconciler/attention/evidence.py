"""What is known where bad news is looked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.matching.sighting import Index
from reconciler.model.journal import AppliedTrade, KnownTrade
from reconciler.model.live import LiveTrade
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known where bad news is looked for.

    Attributes:
        specs: The trades that are planned or looked for.
        index: The active trades.
        newest: Name to its newest trade that is not among the active ones.
        applied: Name to what the journal knows; without it of a trade whose coins are in question, they count as held.
        foreign: SmartTrade ids that are known not to belong to this workspace.
        is_whole: Whether a trade in no file counts as removed.
        all_names: Names in all files of the workspace.
        left: Ended trades of the journal that no file asks for any more.
        opening: Terms of trades that the plan opens.
        unlisted: Ids of active trades that lists do not show and that were read by the ids that the journal knows.
        vanished: Name to the id that the journal knows as open and that the API does not know any more.
        unread: Name to the id that the journal knows as open, that no list shows, and that was not read.
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
