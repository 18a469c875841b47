"""The averaging orders of a trade as the journal knows them, so that they need not be read trade by trade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from reconciler.applying.averaging_count import count_sent
from reconciler.codec.digests import entry_digest
from reconciler.model.averaging import AveragingOrder, AveragingReading, SentOrder
from reconciler.model.journal import Intent, IntentState, WriteKind
from reconciler.model.live import LiveTrade
from reconciler.model.specs import TradeSpec
from reconciler.model.statuses import OrderStatus
from reconciler.model.terms import Side

# Writes after which the size of a position says nothing about averaging orders.
_OTHERS = frozenset({WriteKind.REDUCE_FUNDS, WriteKind.CANCEL_AVERAGING, WriteKind.CANCEL_ORDER, WriteKind.UNKNOWN})
# The journal does not know the ids of orders.
_NO_ID = 0


def derive_reading(live: LiveTrade, spec: TradeSpec, writes: Sequence[Intent]) -> AveragingReading | None:
    """Derive the averaging orders of a trade from what was sent and from the size of the position.

    Orders fill from the nearest price on. What is not filled may have been cancelled outside: only reading shows that.

    Args:
        live: The trade; its position is open.
        spec: The trade in its file.
        writes: All writes of the journal on it, oldest first.

    Returns:
        The reading; None if the journal does not know all orders of the file, or if they do not explain the size.
    """
    marker = live.reading.marker
    sent = [each for each in writes if each.write.kind is WriteKind.ADD_FUNDS and each.state is not IntentState.FAILED]
    orders = [each.write.averaging for each in sent if each.write.averaging is not None]
    is_known = live.is_size_known and all(each.state is IntentState.APPLIED for each in sent)
    is_plain = len(orders) == len(sent) == count_sent(live) and not any(each.write.kind in _OTHERS for each in writes)
    if marker is None or entry_digest(spec.terms) != marker.entry.applied or not (is_known and is_plain):
        return None
    if Counter(orders) != Counter(spec.averaging) or live.terms.skip_enter_step:
        return None
    return _fill(orders, live.entered_units - spec.terms.entry.units, is_long=spec.terms.entry.side is Side.BUY)


def is_over(reading: AveragingReading) -> bool:
    """Return whether all orders were executed, so that nothing can happen to them any more."""
    return all(sent.is_executed for sent in reading.orders)


def _fill(orders: Sequence[AveragingOrder], filled: Decimal, *, is_long: bool) -> AveragingReading | None:
    """Divide what was added among orders, the nearest first; None if it does not fill whole orders."""
    found: list[SentOrder] = []
    left = filled
    for order in sorted(orders, key=lambda each: each.price, reverse=is_long):
        is_filled = left >= order.units
        left -= order.units if is_filled else 0
        found.append(_describe(order, is_filled=is_filled))
        if not is_filled and left:
            return None
    return AveragingReading(orders=tuple(found)) if left == 0 else None


def _describe(order: AveragingOrder, *, is_filled: bool) -> SentOrder:
    return SentOrder(
        id=_NO_ID,
        order=order,
        status=OrderStatus.FINISHED if is_filled else OrderStatus.ORDER_PLACED,
        filled_units=order.units if is_filled else Decimal(0),
        cancelable=False,
    )
