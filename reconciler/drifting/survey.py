"""All that is known of the live trades of a workspace at one moment, for `drift` and `status`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.matching.sighting import History, Index
from reconciler.model.averaging import AveragingReading
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.news import News
from reconciler.model.specs import TradeSpec

# Account id and pair.
PairKey = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All that is known of the live trades of a workspace at one moment.

    Attributes:
        specs: The selected trades of the files.
        all_names: Names in all files of the workspace.
        is_whole: Whether trades in no file are checked, too.
        index: The active trades.
        history: The trades that were found among those that are not active.
        applied: Name to the journal's record; empty without a journal.
        by_id: Trades that were read by their id, since they have no marker and are not active.
        gone: Ids of trades that no longer exist.
        rates: Limits of pairs, as far as they were read.
        foreign: SmartTrade ids that are known not to belong to this workspace.
        averaging: SmartTrade id to its averaging orders as read, if its marker counts some.
        news: Bad news, as `find_bad_news` returns it.
        outside: Trades of this workspace on accounts that the target does not name.
    """

    specs: Sequence[TradeSpec]
    all_names: Collection[str]
    is_whole: bool
    index: Index
    history: History
    applied: Mapping[str, AppliedTrade] = field(default_factory=dict)
    by_id: Mapping[int, LiveTrade] = field(default_factory=dict)
    gone: Collection[int] = ()
    rates: Mapping[PairKey, Rates] = field(default_factory=dict)
    foreign: Collection[int] = ()
    averaging: Mapping[int, AveragingReading] = field(default_factory=dict)
    news: Sequence[News] = ()
    outside: Sequence[LiveTrade] = ()
