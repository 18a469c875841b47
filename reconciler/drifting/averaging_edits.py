"""Averaging orders that were added or cancelled outside the files; executed ones are progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from reconciler.diffing.averaging_orders import NOTHING_SENT, OrderComparison, compare_orders
from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.matching.sighting import Index, owned_marker
from reconciler.model.averaging import AveragingOrder, AveragingReading
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.remedies import Remedy
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.statuses import OrderStatus
from reconciler.model.terms import Terms


def find_averaged(index: Index, specs: Iterable[TradeSpec]) -> tuple[LiveTrade, ...]:
    """Select the trades whose averaging orders must be read: open positions whose marker counts some."""
    lives = [live for spec in specs for live in index.by_name.get(spec.name, ())]
    return tuple(live for live in lives if live.phase is Phase.OPEN and owned_marker(live).averaging_sent)


def find_averaging_edits(trade: ComparedTrade, spec: TradeSpec) -> Iterator[Finding]:
    """Orders that somebody else added or cancelled, and orders that failed.

    Args:
        trade: The trade; its position is open.
        spec: The trade in its file.
    """
    reading = trade.averaging
    if reading is None or reading.doubt or trade.live.reading.marker is None:
        return
    compared = compare_orders(spec, trade.live, reading, trade.rates)
    if compared.missing:
        unlisted, hint = reason(DriftCode.AVERAGING_UNLISTED), reason(Remedy.PLAN_SHOWS_CHECKS)
        yield trade.make_finding(FindingKind.LOSS, Topic.AVERAGING, unlisted, hint)
    if compared.foreign:
        yield trade.make_finding(FindingKind.DRIFT, Topic.AVERAGING, _describe_added(compared, trade.live.terms))
    for sent in compared.lost:
        # Cancelled here: it was removed from the file and added again; `plan` reports that.
        if sent.id not in reading.cancelled_here:
            kind = FindingKind.LOSS if sent.status == OrderStatus.FAILED else FindingKind.DRIFT
            order = _describe_order(sent.order, trade.live.terms)
            over = reason(DriftCode.AVERAGING_CANCELLED, order=order, status=sent.status)
            yield trade.make_finding(kind, Topic.AVERAGING, over)


def has_averaging_changes(trade: ComparedTrade) -> bool:
    """Return whether `plan` has averaging orders to send or to cancel for a trade."""
    spec, reading, marker = trade.spec, trade.averaging, trade.live.reading.marker
    is_open = trade.live.phase is Phase.OPEN and spec is not None and spec.state is DesiredState.OPEN
    if spec is None or marker is None or not is_open:
        return False
    if reading is None:
        return bool(spec.averaging) and not marker.averaging_sent
    compared = compare_orders(spec, trade.live, reading, trade.rates)
    return not reading.doubt and bool(compared.unsent or (compared.surplus and not compared.foreign))


def find_averaged_units(live: LiveTrade, reading: AveragingReading | None) -> Decimal | None:
    """Return the size that averaging orders have added to a trade, in base currency, or None if it is not known."""
    marker = live.reading.marker
    if marker is not None and marker.averaging_sent and (reading is None or reading.doubt):
        return None
    return sum((sent.filled_units for sent in (reading or NOTHING_SENT).orders), Decimal(0))


def _describe_added(compared: OrderComparison, terms: Terms) -> Reason:
    waiting = tuple(_describe_order(sent.order, terms) for sent in compared.surplus)
    return reason(DriftCode.AVERAGING_ADDED, count=compared.foreign, waiting=waiting or None)


def _describe_order(order: AveragingOrder, terms: Terms) -> Reason:
    units, price = Amount(order.units, terms.unit), Amount(order.price, terms.quote)
    return reason(DriftCode.AVERAGING_ORDER, units=units, price=price)
