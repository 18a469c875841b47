"""Check that a live trade is the one that its marker says: a marker may be copied into another trade.

Account, pair, side and kind of a live trade never change, so they must be those of the file or the journal. The size
of a position may differ by lots, fees and averaging orders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from reconciler.codec.contracts import is_same_contract
from reconciler.codec.digests import entry_digest
from reconciler.codec.note import read_sale_text
from reconciler.matching.sighting import made_way, owned_marker
from reconciler.model.averaging import SentOrder
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.reasons import Amount, Reason, ReasonValue, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Terms
from reconciler.model.unreadable import IDENTITY_PARTS

# How far a held size may be from the one that was asked for, as a share of it: fees in base currency make it smaller,
# lots round it. Assumed.
_HELD_TOLERANCE = Decimal("0.02")

# SmartTrade id to that trade, or None if it does not exist.
ReadKnown = Callable[[int], LiveTrade | None]
# A trade to its averaging orders, as the API lists them.
ReadSent = Callable[[LiveTrade], Sequence[SentOrder]]


def find_misfit(
    live: LiveTrade, spec: TradeSpec | None, applied: AppliedTrade | None, read_known: ReadKnown, read_sent: ReadSent
) -> Reason | None:
    """Find how a live trade differs from the one that its marker says; None if it fits.

    Args:
        live: The trade, with a marker of this workspace.
        spec: What the file says of the trade that is meant, or None if no file names it.
        applied: What the journal knows of it, or None.
        read_known: Reads the trade that the journal knows, if that is another one.
        read_sent: Reads the averaging orders of the trade, if its marker counts some and its size needs
            explaining.
    """
    marker = owned_marker(live)
    known = applied if applied is not None and applied.generation == marker.generation else None
    if known is not None and known.live_id == live.id:
        # A journal may have learned the wrong one; what never changes shows it.
        return None if known.terms is None else find_other_place(live, known.terms)
    if known is not None and known.live_id != live.id:
        meant = read_known(known.live_id)
        if meant is not None and is_sale_of(meant, live):
            return None
        other = _find_other(live, meant)
        if other is not None:
            return other
    baseline = known.terms if known is not None and known.terms is not None else _find_baseline(live, spec)
    if baseline is not None:
        return find_other_place(live, baseline) or _find_other_size(live, baseline, spec, read_sent)
    return None if spec is None else find_other_place(live, spec.terms)


def _find_other(live: LiveTrade, known: LiveTrade | None) -> Reason | None:
    """Return the reason if the journal knows another trade that was not cancelled to make way for this one."""
    if known is None or made_way_for(known, live):
        return None
    return reason(
        OpeningReason.MISFIT_KNOWN,
        live_id=live.id,
        live=_summarize(live),
        known_id=known.id,
        known=_summarize(known),
    )


def is_sale_of(known: LiveTrade, live: LiveTrade) -> bool:
    """Return whether a trade sells what the cancelled entry of another one holds.

    The request that opened it may have arrived after its run had ended, so that no journal knows it.
    """
    place = {**_place(known.terms), "kind": "own_funds"}
    return (
        known.status == TradeStatus.CANCELLED
        and read_sale_text(live.reading.text) == known.id
        and _place(live.terms) == place
        and live.terms.entry.units <= known.held_units
    )


def made_way_for(known: LiveTrade, live: LiveTrade) -> bool:
    """Return whether a trade was cancelled, unfilled, to make way for another one."""
    return known.reading.marker is not None and (
        made_way(known, live.terms) or known.reading.marker.entry.pending == owned_marker(live).entry.applied
    )


def _find_baseline(live: LiveTrade, spec: TradeSpec | None) -> Terms | None:
    """Find the terms from which the marker's digest of the entry was made, if that is possible without a journal.

    A marker `old>new` says what the trade will become. Until then the trade has the old entry, which may be on another
    account or pair than the file wants. Then its entry is changed, or it is cancelled to make way for another trade.
    """
    entry = owned_marker(live).entry
    digest = "" if spec is None else entry_digest(spec.terms)
    if spec is not None and digest == entry.applied:
        return spec.terms
    if entry_digest(live.terms) in (entry.applied, entry.pending):
        return live.terms
    return spec.terms if spec is not None and digest == entry.pending else None


def find_other_place(live: LiveTrade, meant: Terms) -> Reason | None:
    """Find how account, pair, side or kind of a live trade differ from those that are meant; None if they agree.

    Args:
        live: The trade, with a marker of this workspace.
        meant: The terms that belong to its marker.
    """
    found, wanted = _place(live.terms), _place(meant)
    if is_same_contract(live.terms.pair, meant.pair):
        found["pair"] = meant.pair
    if found == wanted or live.find_unreadable(IDENTITY_PARTS) is not None:
        return None
    return reason(
        OpeningReason.MISFIT_PLACE,
        live_id=live.id,
        found=reason(OpeningReason.PLACE, **found),
        wanted=reason(OpeningReason.PLACE, **wanted),
    )


def _find_other_size(live: LiveTrade, meant: Terms, spec: TradeSpec | None, read_sent: ReadSent) -> Reason | None:
    if live.phase is not Phase.OPEN or not live.is_size_known:
        return None
    held = live.entered_units or live.terms.entry.units
    added = sum((order.units for order in spec.averaging), Decimal(0)) if spec else Decimal(0)
    if _is_size(held, meant.entry.units, meant.entry.units + added):
        return None
    # A file may have dropped averaging orders that were executed; they stay in the position and in the API's list.
    if owned_marker(live).averaging_sent:
        entered = meant.entry.units + sum((sent.filled_units for sent in read_sent(live)), Decimal(0))
        if _is_size(held, entered, entered):
            return None
    return reason(
        OpeningReason.MISFIT_SIZE,
        live_id=live.id,
        entered=Amount(held, live.terms.unit),
        wanted=Amount(meant.entry.units, live.terms.unit),
    )


def _is_size(held: Decimal, least: Decimal, most: Decimal) -> bool:
    return least * (1 - _HELD_TOLERANCE) <= held <= most * (1 + _HELD_TOLERANCE)


def _place(terms: Terms) -> dict[str, ReasonValue]:
    """Return the parts of a live trade that never change."""
    kind = "own_funds" if terms.skip_enter_step else "simple" if terms.instant else "smart_trade"
    return {"account": terms.account_id, "pair": terms.pair, "side": terms.entry.side.value, "kind": kind}


def _summarize(live: LiveTrade) -> Reason:
    units = Amount(live.terms.entry.units, live.terms.unit)
    return reason(OpeningReason.LIVE_SUMMARY, **_place(live.terms), units=units, status=live.status)
