"""Coins that ended trades have left behind and no later trade has taken over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.attention.evidence import Evidence
from reconciler.matching.sighting import owned_marker
from reconciler.matching.similarity import Place, place_of
from reconciler.model.journal import KnownTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Side, Terms

# A trade that ended so may still hold coins. Source: cancel page, what was bought is kept.
_KEEPING_STATUSES = (TradeStatus.CANCELLED, TradeStatus.FAILED)
# A trade takes coins over if it covers all but this share of them: fees and lots make it smaller.
_COVER_TOLERANCE = Decimal("0.02")
_GIVEN_UP = (DesiredState.ABANDONED, DesiredState.RELEASED)


@dataclass(slots=True, kw_only=True)
class _Taker:
    """A trade of the workspace with own funds, which takes over coins of an earlier trade.

    Attributes:
        live_id: SmartTrade id, or None if the plan opens it.
        units: The size that it can still take over, in base currency.
    """

    live_id: int | None
    units: Decimal


def left_units(live: LiveTrade) -> Decimal:
    """Return the size that an ended trade has left behind, in base currency; own funds count as entered."""
    if live.status not in _KEEPING_STATUSES or (live.terms.instant and live.terms.entry.side is Side.SELL):
        return Decimal(0)
    if live.terms.skip_enter_step and live.status == TradeStatus.CANCELLED:
        # The API may show only what was entered beside the own funds.
        return max(live.opened_units, live.terms.entry.units) - live.closed_units
    return live.held_units


def find_held(evidence: Evidence) -> tuple[KnownTrade, ...]:
    """Ended trades that have left coins behind and that no file gives up."""
    files = {spec.name: spec for spec in evidence.specs}
    newest = (
        KnownTrade(name=name, generation=owned_marker(live).generation, live_id=live.id, ended=live)
        for name, live in evidence.newest.items()
        if name in files and live.phase is Phase.ENDED
    )
    found: dict[int, KnownTrade] = {}
    for known in (*newest, *evidence.left):
        is_held = known.ended is not None and left_units(known.ended) > 0
        if is_held and not _is_given_up(evidence, files.get(known.name), known):
            found.setdefault(known.live_id, known)
    return tuple(found.values())


def _is_given_up(evidence: Evidence, spec: TradeSpec | None, known: KnownTrade) -> bool:
    """Return whether the user has declared that the coins are not managed here."""
    if known.live_id in evidence.foreign:
        return True
    applied = evidence.applied.get(known.name)
    if applied is not None and applied.was_abandoned and applied.live_id == known.live_id:
        return True
    return spec is not None and spec.state in _GIVEN_UP and known.generation >= spec.generation


def find_taken_over(evidence: Evidence) -> frozenset[int]:
    """Ids of ended trades whose coins later trades of the workspace have taken over; the oldest are covered first."""
    takers: dict[Place, list[_Taker]] = {}
    for live_id, terms, units in _find_takers(evidence):
        takers.setdefault(place_of(terms), []).append(_Taker(live_id=live_id, units=units))
    taken: set[int] = set()
    lives = [known.ended for known in find_held(evidence) if known.ended is not None]
    for live in sorted(lives, key=lambda live: live.id):
        if _take_over(live, takers.get(place_of(live.terms), ())):
            taken.add(live.id)
    return frozenset(taken)


def _take_over(ended: LiveTrade, takers: Sequence[_Taker]) -> bool:
    """Assign the coins of an ended trade to later trades; return whether these cover them."""
    later = [taker for taker in takers if taker.live_id is None or taker.live_id > ended.id]
    left = left_units(ended)
    if sum(taker.units for taker in later) < left - left * _COVER_TOLERANCE:
        return False
    for taker in later:
        part = min(left, taker.units)
        taker.units -= part
        left -= part
    return True


def _find_takers(evidence: Evidence) -> Iterator[tuple[int | None, Terms, Decimal]]:
    """Own-funds trades of the workspace that are live, ended or about to be opened: id, terms and size."""
    active = (live for lives in evidence.index.by_name.values() for live in lives)
    ended = (known.ended for known in evidence.left if known.ended is not None)
    found: dict[int | None, tuple[Terms, Decimal]] = {
        applied.live_id: (applied.terms, applied.terms.entry.units)
        for applied in evidence.applied.values()
        if applied.terms is not None and applied.terms.skip_enter_step
    }
    for live in (*active, *evidence.newest.values(), *ended):
        if live.terms.skip_enter_step and live.status != TradeStatus.FAILED:
            found[live.id] = (live.terms, max(live.entered_units, live.terms.entry.units))
        else:
            found.pop(live.id, None)
    yield from ((live_id, terms, units) for live_id, (terms, units) in found.items())
    yield from ((None, terms, terms.entry.units) for terms in evidence.opening if terms.skip_enter_step)
