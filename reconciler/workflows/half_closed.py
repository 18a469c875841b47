"""Closes that were cut short: the rest of the entry is cancelled, and what it had filled is still held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.applying.sale_lookup import find_sale
from reconciler.applying.trade_checks import filled_units, has_failed
from reconciler.codec.live_trades import read_trade
from reconciler.errors import NotFound
from reconciler.journal.protocol import Journal
from reconciler.matching.match import Match, Matching
from reconciler.matching.sighting import owned_marker
from reconciler.model.journal import IntentState, WriteKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.statuses import TradeStatus
from reconciler.session import Session


def find_half_closed(session: Session, lives: Iterable[LiveTrade]) -> tuple[LiveTrade, ...]:
    """Find the trades that a close has cancelled and not sold yet, as the journal knows.

    Only the journal tells them from trades that were cancelled to keep the coins.

    Args:
        session: Where to read, and the journal.
        lives: Trades, as they are now.
    """
    return tuple(live for live in lives if _was_cut_short(session, live) and find_sale(session, live) is None)


def read_half_closed(session: Session) -> tuple[LiveTrade, ...]:
    """Read all trades of the workspace that a close has cancelled and not sold yet.

    Args:
        session: Where to read, and the journal.
    """
    return find_half_closed(session, _read_known(session))


def restore_unsold(session: Session, matching: Matching) -> Matching:
    """Match a trade whose sale has failed with the trade that still holds what was to be sold.

    Args:
        session: Where to read, and the journal.
        matching: Specs with their live trades.
    """
    if not any(_is_failed_sale(match.live) for match in matching.matches):
        return matching
    unsold = {owned_marker(live).name: live for live in read_half_closed(session)}
    return replace(matching, matches=tuple(_restore(match, unsold) for match in matching.matches))


def _is_failed_sale(live: LiveTrade | None) -> bool:
    return live is not None and has_failed(live) and live.terms.skip_enter_step and live.reading.marker is not None


def _restore(match: Match, unsold: Mapping[str, LiveTrade]) -> Match:
    if match.live is None or not _is_failed_sale(match.live):
        return match
    marker = owned_marker(match.live)
    live = unsold.get(marker.name)
    is_of_it = live is not None and owned_marker(live).generation == marker.generation
    return replace(match, live=live) if is_of_it else match


def find_sale_id(session: Session, live: LiveTrade) -> int | None:
    """Find the trade that a close has opened to sell what a cancelled entry holds, or None.

    Args:
        session: Where to read, and the journal.
        live: The trade whose entry was partly filled.
    """
    return find_sale(session, live) if _was_cut_short(session, live) else None


def _read_known(session: Session) -> Iterator[LiveTrade]:
    for known in session.journal.find_unsettled(()):
        if not _was_taken_back(session.journal, known.live_id):
            continue
        try:
            yield read_trade(session.api.get(known.live_id))
        except NotFound:
            continue


def _was_cut_short(session: Session, live: LiveTrade) -> bool:
    """Return whether a close has cancelled a trade that held something then."""
    is_cancelled = live.phase is Phase.ENDED and live.status == TradeStatus.CANCELLED
    may_hold = is_cancelled and filled_units(live) > 0 and live.reading.marker is not None
    return may_hold and _was_taken_back(session.journal, live.id)


def _was_taken_back(journal: Journal, live_id: int) -> bool:
    """Return whether a cancel was sent for a close; one whose answer is not known counts if the trade is cancelled."""
    return any(
        intent.write.kind is WriteKind.CANCEL_TO_CLOSE and intent.state is not IntentState.FAILED
        for intent in journal.find_writes(live_id)
    )
