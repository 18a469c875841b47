"""Stage 7b: from live trades that were seen to what limits ask of earlier trades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from reconciler.model.guardrails import PastLoss, PastTrades
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.unreadable import Part

# So many sizes of a currency are more than any limit compares.
_MOST_SIZES = 100


def gather_past(lives: Iterable[LiveTrade], *, is_whole: bool, now: datetime) -> PastTrades:
    """Gather losses and sizes of earlier trades.

    Args:
        lives: Trades of the workspace that were seen, ended ones included.
        is_whole: Whether all trades that ever ended are among them.
        now: When they were read.
    """
    newest_first = sorted(lives, key=lambda live: (live.created_at, live.id), reverse=True)
    sizes: dict[str, list[Decimal]] = defaultdict(list)
    for live in newest_first:
        size = find_size(live)
        if size and len(sizes[live.terms.quote]) < _MOST_SIZES:
            sizes[live.terms.quote].append(size)
    return PastTrades(
        losses=tuple(loss for live in newest_first for loss in _find_loss(live)),
        sizes={currency: tuple(found) for currency, found in sizes.items()},
        is_whole=is_whole,
        now=now,
    )


def find_size(live: LiveTrade) -> Decimal | None:
    """Return the notional of a trade: what was entered, else what it asks for; None if it is not known."""
    if live.find_unreadable({Part.FILLS, Part.ENTRY, Part.PAIR}) is not None:
        return None
    entry = live.terms.entry
    if live.entered_total:
        return live.entered_total
    price = live.average_price or entry.price or (entry.condition.price if entry.condition else None)
    return live.terms.market.worth_of(live.opened_units or entry.units, price)


def _find_loss(live: LiveTrade) -> Iterator[PastLoss]:
    if live.phase is not Phase.ENDED or live.was_never_filled:
        return
    is_known = live.profit is not None and live.find_unreadable({Part.FIGURES, Part.FILLS, Part.PAIR}) is None
    if is_known and live.profit is not None and live.profit >= 0:
        return
    marker = live.reading.marker
    yield PastLoss(
        trade=marker.name if marker else str(live.id),
        currency=live.terms.quote,
        amount=-live.profit if is_known and live.profit is not None else None,
        ended_at=live.closed_at,
    )
