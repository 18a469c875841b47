"""From the world as it was read to the bad news in it; reads, by id, what only the journal knows of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from reconciler.attention.bad_news import find_bad_news
from reconciler.attention.evidence import Evidence, find_watched
from reconciler.errors import NotFound
from reconciler.journal.protocol import Journal
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.trades import read_trade
from reconciler.matching.sighting import History, Index
from reconciler.model.drift import Topic
from reconciler.model.journal import AppliedTrade, KnownTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.news import News
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms
from reconciler.settings import Settings
from reconciler.workflows.plan_files import PlanFiles, Selection

# So many trades that no file asks for any more are read by their ids in one run; what ended is then remembered.
_MOST_READ_BY_ID = 10


def read_bad_news(
    settings: Settings,
    api: SmartTradeApi,
    journal: Journal,
    *,
    workspace: PlanFiles,
    selection: Selection,
    index: Index,
    history: History,
    foreign: Collection[int],
    opening: Sequence[Terms] = (),
) -> tuple[News, ...]:
    """All bad news about the trades of a selection.

    Args:
        settings: The workspace.
        api: Where to read.
        journal: What is known of trades that no file asks for any more.
        workspace: All its trades.
        selection: The trades that are planned or looked for.
        index: The active trades.
        history: What was found of trades that are not active.
        foreign: SmartTrade ids that are known not to belong to this workspace.
        opening: Terms of trades that are going to be opened.

    Raises:
        ApiError: A trade cannot be read.
    """
    evidence = Evidence(
        specs=selection.specs,
        index=index,
        newest=history.newest,
        applied=_find_applied(journal, [spec for spec in selection.specs if spec.name in history.newest]),
        foreign=foreign,
        is_whole=selection.is_whole,
        all_names={spec.name for spec in workspace.specs},
        left=tuple(_read_left(settings, api, journal, workspace, selection, index, history)),
        opening=opening,
        unlisted=index.unlisted,
        vanished={name: history.created[name].live_id for name in history.vanished},
        unread={name: history.created[name].live_id for name in history.unread},
    )
    news = find_bad_news(evidence)
    if any(each.topic is Topic.COINS_HELD for each in news):
        # Any trade that the journal knows may have taken the coins over, whatever became of it.
        known = journal.find_applied(journal.find_names())
        news = find_bad_news(replace(evidence, applied={**known, **evidence.applied}))
    return news


def _find_applied(journal: Journal, specs: Sequence[TradeSpec]) -> dict[str, AppliedTrade]:
    """What the journal knows of some trades under their present or, where it knows no such, a former name."""
    known = journal.find_applied({name for spec in specs for name in (spec.name, *spec.former_names)})
    return {
        spec.name: known[name] for spec in specs for name in (*reversed(spec.former_names), spec.name) if name in known
    }


def _read_left(
    settings: Settings,
    api: SmartTradeApi,
    journal: Journal,
    workspace: PlanFiles,
    selection: Selection,
    index: Index,
    history: History,
) -> Iterator[KnownTrade]:
    """Trades that have ended, of which the journal knows and which no file asks for any more.

    So does one that its file says is closed, and that no list shows under its name.
    """
    names = {spec.name for spec in selection.specs}
    hidden = find_watched(selection.specs, index) - history.newest.keys()
    filed = {
        (name, spec.generation)
        for spec in workspace.specs
        if spec.name not in hidden
        for name in (spec.name, *spec.former_names)
    }
    passed_over = _find_active_ids(index) | settings.foreign
    # The embedded sandbox answers at once, and nothing of it is remembered, since it can be set back.
    left_to_read = None if settings.target.is_sandbox else _MOST_READ_BY_ID
    for known in journal.find_unsettled(filed):
        if known.live_id in passed_over or not (selection.is_whole or known.name in names):
            continue
        if known.ended is not None:
            yield known
        elif left_to_read is None or left_to_read > 0:
            left_to_read = None if left_to_read is None else left_to_read - 1
            live = _read_ended(settings, api, known)
            if live is not None:
                if not settings.target.is_sandbox:
                    journal.remember_ended([live])
                yield replace(known, ended=live)


def _find_active_ids(index: Index) -> frozenset[int]:
    groups = (*index.by_name.values(), *index.elsewhere.values(), index.unmarked.lives, index.damaged)
    return frozenset(live.id for lives in groups for live in lives)


def _read_ended(settings: Settings, api: SmartTradeApi, known: KnownTrade) -> LiveTrade | None:
    """A trade as it is, or None where it has not ended, is gone, or another trade has its id."""
    try:
        live = read_trade(api.get(known.live_id))
    except NotFound:
        return None
    marker = live.reading.marker
    is_same = marker is not None and (marker.name, marker.generation) == (known.name, known.generation)
    return live if live.phase is Phase.ENDED and (is_same or not settings.target.is_sandbox) else None
