"""Closes that were cut short: the rest of the entry is cancelled, and what it had filled is still held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.applying.trade_checks import filled_units
from reconciler.codec.live_trades import read_trade
from reconciler.errors import NotFound
from reconciler.journal.protocol import Journal
from reconciler.model.journal import IntentState, WriteKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.statuses import TradeStatus
from reconciler.session import Session


def find_half_closed(journal: Journal, lives: Iterable[LiveTrade]) -> tuple[LiveTrade, ...]:
    """Find the trades that a close has cancelled and not sold yet, as the journal knows.

    Only the journal tells them from trades that were cancelled to keep the coins.

    Args:
        journal: What was sent before.
        lives: Trades, as they are now.
    """
    return tuple(live for live in lives if _may_hold(live) and _is_half_closed(journal, live))


def read_half_closed(session: Session) -> tuple[LiveTrade, ...]:
    """Read all trades of the workspace that a close has cancelled and not sold yet.

    Args:
        session: Where to read, and the journal.
    """
    return find_half_closed(session.journal, _read_known(session))


def find_sale_id(journal: Journal, live: LiveTrade) -> int | None:
    """Find the trade that a close has opened to sell what a cancelled entry holds, or None.

    Args:
        journal: What was sent before.
        live: The trade whose entry was partly filled.
    """
    marker = live.reading.marker
    if marker is None or not _may_hold(live) or not _was_taken_back(journal, live.id):
        return None
    newest = journal.find_created({marker.name}).get(marker.name)
    is_sale = newest is not None and newest.live_id > live.id and newest.generation == marker.generation
    return newest.live_id if newest is not None and is_sale else None


def _read_known(session: Session) -> Iterator[LiveTrade]:
    for known in session.journal.find_unsettled(()):
        if not _was_taken_back(session.journal, known.live_id):
            continue
        try:
            yield read_trade(session.api.get(known.live_id))
        except NotFound:
            continue


def _may_hold(live: LiveTrade) -> bool:
    is_cancelled = live.phase is Phase.ENDED and live.status == TradeStatus.CANCELLED
    return is_cancelled and filled_units(live) > 0 and live.reading.marker is not None


def _is_half_closed(journal: Journal, live: LiveTrade) -> bool:
    if not _was_taken_back(journal, live.id) or live.reading.marker is None:
        return False
    name = live.reading.marker.name
    newest = journal.find_created({name}).get(name)
    return newest is None or newest.live_id <= live.id


def _was_taken_back(journal: Journal, live_id: int) -> bool:
    """Return whether a cancel was sent for a close; one whose answer is not known counts if the trade is cancelled."""
    return any(
        intent.write.kind is WriteKind.CANCEL_TO_CLOSE and intent.state is not IntentState.FAILED
        for intent in journal.find_writes(live_id)
    )
