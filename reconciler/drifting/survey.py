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

PairKey = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All that one look at the world saw.

    Attributes:
        specs: What the files say of the trades that are looked for.
        all_names: Names in all files of the workspace.
        is_whole: Whether trades in no file are looked at, too.
        index: The active trades.
        history: What was found of trades that are not active.
        applied: Name to what the journal knows; empty without one.
        by_id: Trades that were read by their id, since they carry no marker and are not active.
        gone: Ids that do not exist any more.
        rates: Limits of pairs in question.
        foreign: SmartTrade ids that are known not to belong to this workspace.
        averaging: SmartTrade id to what was read of its averaging orders, where its marker counts some.
        news: Bad news, as `find_bad_news` has it.
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
