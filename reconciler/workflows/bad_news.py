"""The bad news about live trades; trades that only the journal knows are read by id."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from reconciler.attention.bad_news import find_bad_news
from reconciler.attention.evidence import Evidence, find_watched
from reconciler.codec.live_trades import read_trade
from reconciler.errors import NotFound
from reconciler.journal.protocol import Journal
from reconciler.matching.sighting import History, Index
from reconciler.model.drift import Topic
from reconciler.model.journal import AppliedTrade, KnownTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.news import News
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms
from reconciler.session import Session
from reconciler.workflows.plan_files import Selection

# At most this many trades that no file describes any more are read by id in one run; ended ones are remembered.
_MOST_READ_BY_ID = 10


def read_bad_news(
    session: Session,
    selection: Selection,
    index: Index,
    history: History,
    foreign: Collection[int],
    opening: Sequence[Terms] = (),
) -> tuple[News, ...]:
    """Read all bad news about the trades of a selection.

    Args:
        session: The workspace, where to read, and what the journal knows of trades that no file describes any more.
        selection: The trades that are planned or surveyed.
        index: The active trades.
        history: The trades that are not active.
        foreign: SmartTrade ids that are known not to belong to this workspace.
        opening: Terms of trades that are going to be opened.

    Raises:
        ApiError: A trade cannot be read.
    """
    journal = session.journal
    evidence = Evidence(
        specs=selection.specs,
        index=index,
        newest=history.newest,
        applied=_find_applied(journal, [spec for spec in selection.specs if spec.name in history.newest]),
        foreign=foreign,
        is_whole=selection.is_whole,
        all_names=selection.files.names,
        left=tuple(_read_left(session, selection, index, history)),
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
    """Find what the journal knows of some trades by their present name, else by a former one."""
    known = journal.find_applied({name for spec in specs for name in (spec.name, *spec.former_names)})
    return {
        spec.name: known[name] for spec in specs for name in (*reversed(spec.former_names), spec.name) if name in known
    }


def _read_left(session: Session, selection: Selection, index: Index, history: History) -> Iterator[KnownTrade]:
    """Read trades that have ended, that the journal knows, and that no file describes any more.

    So is a trade that its file says is closed and that no list shows under its name.
    """
    settings, journal = session.settings, session.journal
    hidden = find_watched(selection.specs, index) - history.newest.keys()
    filed = {
        (name, spec.generation)
        for spec in selection.files.specs
        if spec.name not in hidden
        for name in (spec.name, *spec.former_names)
    }
    passed_over = _find_active_ids(index) | settings.foreign
    # The embedded sandbox answers at once, and nothing of it is remembered, since it can be set back.
    left_to_read = None if settings.target.is_sandbox else _MOST_READ_BY_ID
    for known in journal.find_unsettled(filed):
        if known.live_id in passed_over or not (selection.is_whole or known.name in selection.names):
            continue
        if known.ended is not None:
            yield known
        elif left_to_read is None or left_to_read > 0:
            left_to_read = None if left_to_read is None else left_to_read - 1
            live = _read_ended(session, known)
            if live is not None:
                if not settings.target.is_sandbox:
                    journal.remember_ended([live])
                yield replace(known, ended=live)


def _find_active_ids(index: Index) -> frozenset[int]:
    groups = (*index.by_name.values(), *index.elsewhere.values(), index.unmarked.lives, index.damaged)
    return frozenset(live.id for lives in groups for live in lives)


def _read_ended(session: Session, known: KnownTrade) -> LiveTrade | None:
    """Read a trade; None if it has not ended, does not exist, or another trade has its id."""
    try:
        live = read_trade(session.api.get(known.live_id))
    except NotFound:
        return None
    marker = live.reading.marker
    is_same = marker is not None and (marker.name, marker.generation) == (known.name, known.generation)
    return live if live.phase is Phase.ENDED and (is_same or not session.settings.target.is_sandbox) else None
