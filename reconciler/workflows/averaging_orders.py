"""The averaging orders that were sent for open trades."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.applying.averaging_count import count_sent, is_proven_unsent
from reconciler.errors import UnreadableAnswer
from reconciler.journal.protocol import Journal
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.model.averaging import AveragingReading, SentOrder
from reconciler.model.journal import IntentState, WriteKind
from reconciler.model.live import LiveTrade
from reconciler.model.specs import TradeSpec
from reconciler.session import Session
from reconciler.workflows.known_averaging import derive_reading, is_over

_POLL_S = 1.0


def read_averaging(session: Session, trades: Sequence[LiveTrade]) -> dict[int, AveragingReading]:
    """Read the averaging orders of some trades, with one request for each.

    If fewer are listed than were counted, a run that has just died may have sent one that is not listed yet. Then the
    list is read again until the settle time of the target is over.

    Args:
        session: Where to read, and the journal, which knows of orders that were counted and never sent.
        trades: Open trades whose marker counts averaging orders.
    """
    ends_at = session.clock.monotonic() + session.settings.target.settle_s
    return {live.id: _read_one(session, live, ends_at) for live in trades}


def know_averaging(
    session: Session, pairs: Iterable[tuple[LiveTrade, TradeSpec]], *, is_final: bool
) -> dict[int, AveragingReading]:
    """Find the averaging orders that the journal knows, without a request.

    Args:
        session: Its journal is asked.
        pairs: Open trades whose marker counts averaging orders, each with what its file wants.
        is_final: Whether only trades count of which all orders were executed.
    """
    found: dict[int, AveragingReading] = {}
    for live, spec in pairs:
        reading = derive_reading(live, spec, session.journal.find_writes(live.id))
        if reading is not None and (is_over(reading) or not is_final):
            found[live.id] = reading
    return found


def _read_one(session: Session, live: LiveTrade, ends_at: float) -> AveragingReading:
    api, clock, journal = session.api, session.clock, session.journal
    counted = count_sent(live)
    try:
        orders = read_averaging_orders(api, live)
        while len(orders) < counted and clock.monotonic() < ends_at:
            clock.sleep(min(_POLL_S, ends_at - clock.monotonic()))
            orders = read_averaging_orders(api, live)
    except UnreadableAnswer as error:
        return AveragingReading(doubt=error.message)
    is_one_lost = len(orders) + 1 == counted
    is_unsent = is_one_lost and is_proven_unsent(journal.find_writes(live.id), counted, is_settled=False)
    return AveragingReading(
        orders=orders, unsent=int(is_unsent), cancelled_here=_find_cancelled_here(orders, journal, live.id)
    )


def _find_cancelled_here(orders: Sequence[SentOrder], journal: Journal, live_id: int) -> frozenset[int]:
    if all(sent.is_pending or sent.is_executed for sent in orders):
        return frozenset()
    cancels = [intent.write for intent in journal.find_writes(live_id) if intent.state is not IntentState.FAILED]
    return frozenset(write.step_id for write in cancels if write.kind is WriteKind.CANCEL_AVERAGING and write.step_id)
