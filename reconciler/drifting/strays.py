"""Active trades that have lost their marker, and the trades of the files that they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.drifting.survey import Survey
from reconciler.matching.sighting import Index
from reconciler.matching.similarity import find_like, may_be, place_of
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade
from reconciler.model.marker import MarkerState
from reconciler.model.reasons import Reason, reason
from reconciler.model.remedies import Remedy
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Terms

_MARKER_CODES = {
    MarkerState.ABSENT: DriftCode.MARKER_ABSENT,
    MarkerState.DAMAGED: DriftCode.MARKER_DAMAGED,
    MarkerState.UNKNOWN_VERSION: DriftCode.MARKER_OF_OTHER_VERSION,
    MarkerState.VALID: DriftCode.MARKER_OF_OTHER_WORKSPACE,
}


def find_strays(index: Index, specs: Iterable[TradeSpec], applied: Mapping[str, AppliedTrade]) -> dict[str, LiveTrade]:
    """Active trades whose marker is gone or damaged, by the name that they have in the files.

    Args:
        index: The active trades.
        specs: The selected trades of the files.
        applied: Name to the journal's record, which has the id of a trade whose marker is gone.
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
        if live is not None and known is not None and not _is_same_market(live.terms, known.terms or spec.terms):
            live = None
        live = live or named.get(spec.name)
        if live is not None:
            strays[spec.name] = live
    return strays


def _is_same_market(found: Terms, wanted: Terms) -> bool:
    """Return whether account, pair and side agree: a sandbox that was reset gives ids a second time."""
    return place_of(found) == place_of(wanted)


def find_alike(survey: Survey, spec: TradeSpec) -> LiveTrade | None:
    """Find an active trade that has no readable name and the entry of a missing trade, or None."""
    unmarked = find_like(spec.terms, survey.index.unmarked, survey.foreign)
    nameless = {each.live_id for each in survey.index.illegible if each.name is None}
    damaged = (live for live in survey.index.damaged if live.id in nameless and may_be(live, spec.terms))
    return unmarked or next(damaged, None)


def make_stray_finding(name: str, live: LiveTrade, applied: AppliedTrade | None, *, is_sure: bool) -> Finding:
    """Report the loss of a marker.

    Args:
        name: Name of the trade in the files.
        live: The trade without its marker.
        applied: The journal's record, or None.
        is_sure: Whether it is known to be this trade, and not just similar to it.
    """
    code = DriftCode.MARKER_LOST if is_sure else DriftCode.LIKELY_MARKER_LOST
    note = applied.note if applied else None
    return Finding(
        kind=FindingKind.LOSS,
        topic=Topic.MARKER_GONE,
        trade=name,
        live_id=live.id,
        reason=reason(code, live_id=live.id, marker=reason(_MARKER_CODES[live.reading.state])),
        hint=_find_remedy(live, note, is_sure=is_sure),
        path="note",
        applied=note,
        live=live.note,
    )


def _find_remedy(live: LiveTrade, note: str | None, *, is_sure: bool) -> Reason | None:
    if is_sure:
        return None if note is None else reason(Remedy.RESTORE_NOTE, note=note)
    if note is None:
        return reason(Remedy.LIST_AS_FOREIGN, live_id=live.id)
    return reason(Remedy.LIST_AS_FOREIGN_OR_RESTORE_NOTE, live_id=live.id, note=note)
