"""Progress in words: what the market or the server did to a live trade."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.terms import Terms


def find_progress(name: str, live: LiveTrade, wanted: Terms | None, stated: Terms | None) -> Iterator[Finding]:
    """What the market did to a trade.

    Args:
        name: Name of the trade.
        live: The trade; not ended.
        wanted: What it was made to be, or None where that is not known.
        stated: Its inputs with progress undone, likewise: what differs there is no progress.
    """
    for topic, text in _describe(live, wanted, stated):
        yield Finding(kind=FindingKind.PROGRESS, topic=topic, trade=name, live_id=live.id, text=text)


def _describe(live: LiveTrade, wanted: Terms | None, stated: Terms | None) -> Iterator[tuple[Topic, str]]:
    base = live.terms.base
    if live.phase is Phase.FILLING:
        yield Topic.FILLING, f"{plain(live.entered_units)} {base} of its entry filled"
    if live.phase is Phase.OPEN and live.entered_units:
        at = f" at {plain(live.average_price)}" if live.average_price is not None else ""
        yield Topic.ENTERED, f"{plain(live.entered_units)} {base} entered{at}"
    hit = len(live.finished_steps)
    if hit:
        yield Topic.STEPS_HIT, f"{hit} of {len(live.steps)} steps hit"
    now, before, undone = _find_trigger(live.terms), _find_trigger(wanted), _find_trigger(stated)
    if now is not None and before is not None and now != before == undone:
        yield Topic.STOP_MOVED, f"its stop moved to {plain(now)} from {plain(before)}"
    if wanted is not None and _count_set(live.terms) > _count_set(wanted):
        yield Topic.LEVELS_SET, "levels in percent became prices"


def _find_trigger(terms: Terms | None) -> Decimal | None:
    return terms.stop_loss.trigger.value if terms and terms.stop_loss else None


def _count_set(terms: Terms) -> int:
    """How many levels are known as prices."""
    levels = [step.level for step in terms.steps] + ([terms.stop_loss.trigger] if terms.stop_loss else [])
    return sum(level.value is not None for level in levels)
