"""Averaging orders: which were added or cancelled outside the files; what was executed is progress."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from reconciler.codec.averaging import write_order_text
from reconciler.diffing.averaging_orders import NOTHING_SENT, OrderComparison, compare_orders
from reconciler.matching.sighting import Index, owned_marker
from reconciler.model.averaging import AveragingReading
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.specs import DesiredState, TradeSpec


def find_averaged(index: Index, specs: Iterable[TradeSpec]) -> tuple[LiveTrade, ...]:
    """The trades whose averaging orders are to be read: open positions whose marker counts some."""
    lives = [live for spec in specs for live in index.by_name.get(spec.name, ())]
    return tuple(live for live in lives if live.phase is Phase.OPEN and owned_marker(live).averaging_sent)


def find_averaging_edits(
    spec: TradeSpec, live: LiveTrade, reading: AveragingReading | None, rates: Rates | None
) -> Iterator[Finding]:
    """Orders that somebody else added or cancelled, and those that do not stand.

    Args:
        spec: What the file says.
        live: Its trade; the position is open.
        reading: What was read of its orders, or None where its marker counts none and nothing was read.
        rates: Limits of the pair, or None where they were not read.
    """
    if reading is None or reading.doubt or live.reading.marker is None:
        return
    compared = compare_orders(spec, live, reading, rates)
    for kind, text in _describe(compared, live, reading.cancelled_here):
        yield Finding(kind=kind, topic=Topic.AVERAGING, trade=spec.name, live_id=live.id, text=text)


def has_averaging_changes(
    spec: TradeSpec, live: LiveTrade, reading: AveragingReading | None, rates: Rates | None
) -> bool:
    """Whether `plan` has orders to send or to cancel; arguments as for `find_averaging_edits`."""
    marker = live.reading.marker
    if live.phase is not Phase.OPEN or spec.state is not DesiredState.OPEN or marker is None:
        return False
    if reading is None:
        return bool(spec.averaging) and not marker.averaging_sent
    compared = compare_orders(spec, live, reading, rates)
    return not reading.doubt and bool(compared.unsent or (compared.surplus and not compared.foreign))


def sum_filled(reading: AveragingReading) -> Decimal:
    """What averaging orders have added to a position, in base currency."""
    return sum((sent.filled_units for sent in reading.orders), Decimal(0))


def find_entered_besides(live: LiveTrade, reading: AveragingReading | None) -> Decimal | None:
    """What averaging orders of a trade have added, or None where that is not known."""
    marker = live.reading.marker
    if marker is not None and marker.averaging_sent and (reading is None or reading.doubt):
        return None
    return sum_filled(reading or NOTHING_SENT)


def _describe(
    compared: OrderComparison, live: LiveTrade, cancelled_here: Collection[int]
) -> Iterator[tuple[FindingKind, str]]:
    if compared.missing:
        text = "its note counts more averaging orders than 3Commas lists: reconciler plan says what to look at"
        yield FindingKind.LOSS, text
    if compared.foreign:
        orders = f"{compared.foreign} averaging order{'s' if compared.foreign > 1 else ''}"
        waiting = ", ".join(write_order_text(sent.order) for sent in compared.surplus)
        listed = f"; waiting and not in the file: {waiting}" if waiting else ""
        yield FindingKind.DRIFT, f"{orders} more than were sent from here{listed}"
    for sent in compared.lost:
        if sent.id in cancelled_here:
            # It left the file once and came back, which plan tells.
            continue
        kind = FindingKind.LOSS if sent.status == "failed" else FindingKind.DRIFT
        yield (
            kind,
            f"averaging order {write_order_text(sent.order)} {live.terms.base} is {sent.status}, and the file lists it",
        )
