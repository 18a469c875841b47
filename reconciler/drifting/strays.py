"""Active trades that have lost their marker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.matching.sighting import Index
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Terms


def find_strays(index: Index, specs: Iterable[TradeSpec], applied: Mapping[str, AppliedTrade]) -> dict[str, LiveTrade]:
    """Active trades whose marker is gone or damaged, by the name of the trade that they were.

    Args:
        index: The active trades.
        specs: The trades that are looked for.
        applied: What the journal knows: it knows the id of a trade whose marker is gone.
    """
    damaged = {each.live_id: each.name for each in index.illegible}
    others = (index.unmarked.lives, *index.elsewhere.values(), index.damaged)
    by_id = {live.id: live for lives in others for live in lives}
    named = {name: by_id[live_id] for live_id, name in damaged.items() if name is not None and live_id in by_id}
    strays: dict[str, LiveTrade] = {}
    for spec in specs:
        if index.by_name.get(spec.name) or spec.state is not DesiredState.OPEN:
            continue
        known = applied.get(spec.name)
        live = by_id.get(known.live_id) if known is not None and not known.is_ended else None
        if live is not None and known is not None and not _is_same_place(live.terms, known.terms or spec.terms):
            live = None
        live = live or named.get(spec.name)
        if live is not None:
            strays[spec.name] = live
    return strays


def _is_same_place(found: Terms, wanted: Terms) -> bool:
    """A sandbox that was set back gives ids a second time."""
    return (found.account_id, found.pair, found.entry.side) == (wanted.account_id, wanted.pair, wanted.entry.side)
