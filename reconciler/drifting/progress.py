"""Progress of a live trade: what the market or the server did to it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.terms import Terms


def find_progress(trade: ComparedTrade, wanted: Terms | None, stated: Terms | None) -> Iterator[Finding]:
    """Find the progress of a live trade.

    Args:
        trade: The trade; not ended.
        wanted: Its last applied terms, or None if they are not known.
        stated: Its live terms with progress undone, or None like `wanted`; a difference from `wanted` is an edit.
    """
    live = trade.live
    found = [*_find_fills(live), _find_moved_stop(live.terms, wanted, stated)]
    if wanted is not None and _count_prices(live.terms) > _count_prices(wanted):
        found.append((Topic.LEVELS_SET, reason(DriftCode.LEVELS_BECAME_PRICES)))
    for topic, words in filter(None, found):
        yield trade.make_finding(FindingKind.PROGRESS, topic, words)


def _find_fills(live: LiveTrade) -> Iterator[tuple[Topic, Reason]]:
    """Return the filled part of the entry, and the executed steps."""
    units = Amount(live.entered_units, live.terms.unit)
    if live.phase is Phase.FILLING:
        yield Topic.FILLING, reason(DriftCode.ENTRY_FILLING, units=units)
    if live.phase is Phase.OPEN and live.entered_units:
        price = None if live.average_price is None else Amount(live.average_price, live.terms.quote)
        yield Topic.ENTERED, reason(DriftCode.POSITION_ENTERED, units=units, price=price)
    if live.finished_steps:
        executed = reason(DriftCode.STEPS_EXECUTED, executed=len(live.finished_steps), total=len(live.steps))
        yield Topic.STEPS_HIT, executed


def _find_moved_stop(live: Terms, wanted: Terms | None, stated: Terms | None) -> tuple[Topic, Reason] | None:
    now, before, undone = _find_trigger(live), _find_trigger(wanted), _find_trigger(stated)
    if now is None or before is None or not now != before == undone:
        return None
    prices = {"before": Amount(before, live.quote), "now": Amount(now, live.quote)}
    return Topic.STOP_MOVED, reason(DriftCode.STOP_MOVED, **prices)


def _find_trigger(terms: Terms | None) -> Decimal | None:
    return terms.stop_loss.trigger.value if terms and terms.stop_loss else None


def _count_prices(terms: Terms) -> int:
    """Count the levels that are known as prices."""
    levels = [step.level for step in terms.steps] + ([terms.stop_loss.trigger] if terms.stop_loss else [])
    return sum(level.value is not None for level in levels)
