"""Find bad news: what `plan`, `drift` and `status` report on every run until somebody has dealt with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from reconciler.attention.evidence import Evidence
from reconciler.attention.held_coins import find_held, find_taken_over, left_units
from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.phases import ACTIVE_STATUSES, ENDING_STATUSES
from reconciler.matching.sighting import owned_marker, was_replaced
from reconciler.model.drift import Topic
from reconciler.model.journal import KnownTrade
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.news import News
from reconciler.model.news_codes import NewsCode
from reconciler.model.reasons import Amount, reason
from reconciler.model.remedies import Remedy
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.statuses import TradeStatus

# Endings that no file asks for. Source: SmartTradesV2 page.
_UNEXPECTED: Mapping[str, tuple[Topic, NewsCode]] = {
    TradeStatus.CANCELLED: (Topic.CANCELLED_OUTSIDE, NewsCode.CANCELLED_OUTSIDE),
    TradeStatus.PANIC_SOLD: (Topic.CLOSED_OUTSIDE, NewsCode.CLOSED_OUTSIDE),
    TradeStatus.FAILED: (Topic.FAILED, NewsCode.FAILED),
    TradeStatus.LIQUIDATED: (Topic.LIQUIDATED, NewsCode.LIQUIDATED),
}


def find_bad_news(evidence: Evidence) -> tuple[News, ...]:
    """Find all bad news, in the order of the files; trades in no file come last."""
    taken = find_taken_over(evidence)
    held = {known.live_id: known for known in find_held(evidence) if known.live_id not in taken}
    specs = {spec.name: spec for spec in evidence.specs}
    news = [each for spec in evidence.specs for each in _check_spec(evidence, spec, held, taken)]
    reported = {each.live_id for each in news}
    news += [
        each
        for known in held.values()
        for each in _report_held(known, specs.get(known.name))
        if each.live_id not in reported
    ]
    if evidence.is_whole:
        news += _check_unfiled(evidence)
    return tuple(each for each in news if each.live_id not in evidence.foreign)


def _check_unfiled(evidence: Evidence) -> Iterator[News]:
    """Bad news about trades that no file names."""
    names = evidence.all_names
    for name, lives in evidence.index.by_name.items():
        for live in lives if name not in names else ():
            yield from _check_active(evidence, name, None, live)
    yield from (_report_vanished(name, each, None) for name, each in evidence.vanished.items() if name not in names)
    yield from (_report_unread(name, each) for name, each in evidence.unread.items() if name not in names)


def _check_spec(
    evidence: Evidence, spec: TradeSpec, held: Mapping[int, KnownTrade], taken_over: Collection[int]
) -> Iterator[News]:
    lives = evidence.index.by_name.get(spec.name, ())
    for live in lives:
        yield from _check_active(evidence, spec.name, spec, live)
    if lives:
        return
    if spec.name in evidence.vanished:
        yield _report_vanished(spec.name, evidence.vanished[spec.name], spec)
    if spec.name in evidence.unread:
        yield _report_unread(spec.name, evidence.unread[spec.name])
    newest = evidence.newest.get(spec.name)
    if newest is None or newest.phase is not Phase.ENDED or newest.id in taken_over:
        return
    if newest.id in held:
        yield from _report_held(held[newest.id], spec)
    else:
        yield from _check_ended(evidence, spec, newest)


def _check_ended(evidence: Evidence, spec: TradeSpec, live: LiveTrade) -> Iterator[News]:
    """Report a trade that ended although its file wants it open and no request that was sent ends it."""
    generation, applied = owned_marker(live).generation, evidence.applied.get(spec.name)
    was_ended_here = applied is not None and (
        (applied.was_ended_by_us and applied.live_id == live.id) or live.id in applied.ended_ids
    )
    is_over = spec.state is not DesiredState.OPEN or generation < spec.generation
    if live.status not in _UNEXPECTED or is_over or was_ended_here or was_replaced(live, spec):
        return
    topic, code = _UNEXPECTED[live.status]
    yield News(
        topic=topic,
        trade=spec.name,
        live_id=live.id,
        reason=reason(code, error=live.error or None),
        hint=reason(Remedy.REOPEN_OR_END_IN_FILE, generation=generation + 1),
    )


def _check_active(evidence: Evidence, name: str, spec: TradeSpec | None, live: LiveTrade) -> Iterator[News]:
    if live.id in evidence.unlisted:
        yield _report_unlisted(name, live)
    yield from _check_busy(name, spec, live)


def _check_busy(name: str, spec: TradeSpec | None, live: LiveTrade) -> Iterator[News]:
    """Report a change in the files that waits for a trade between two phases."""
    is_wanted = spec is not None and spec.state is DesiredState.OPEN
    if live.phase is not Phase.BUSY or (live.status in ENDING_STATUSES and not is_wanted):
        return
    if spec is None or _has_changed(spec, live):
        is_known = live.status in ACTIVE_STATUSES
        code = NewsCode.BUSY_AND_IN_NO_FILE if spec is None else NewsCode.BUSY_AND_CHANGED
        yield News(
            topic=Topic.BUSY if is_known else Topic.UNKNOWN_STATUS,
            trade=name,
            live_id=live.id,
            reason=reason(code, status=live.status),
            hint=reason(Remedy.PLAN_AGAIN_LATER if is_known else Remedy.CHECK_UNKNOWN_STATUS),
        )


def _has_changed(spec: TradeSpec, live: LiveTrade) -> bool:
    marker, ignored = owned_marker(live), spec.lifecycle.ignored
    exits = (exits_digest(spec.terms, ignored), exits_digest(spec.terms))
    return (
        spec.state is not DesiredState.OPEN
        or spec.generation != marker.generation
        or entry_digest(spec.terms) != marker.entry.target
        or marker.exits.target not in exits
        or (Ignored.NOTE not in ignored and spec.note.strip() != live.reading.text)
    )


def _report_held(known: KnownTrade, spec: TradeSpec | None) -> Iterator[News]:
    """Report coins that an ended trade has left behind."""
    live = known.ended
    if live is None:
        return
    units = Amount(left_units(live), live.terms.unit)
    is_filed = spec is not None and known.generation >= spec.generation
    remedy = Remedy.TAKE_COINS_OVER_OR_ABANDON if is_filed else Remedy.TAKE_COINS_OVER
    yield News(
        topic=Topic.COINS_HELD,
        trade=known.name,
        live_id=live.id,
        reason=reason(NewsCode.COINS_HELD, status=live.status, error=live.error or None, units=units),
        hint=reason(remedy, live_id=live.id),
        live=live,
    )


def _report_unlisted(name: str, live: LiveTrade) -> News:
    unlisted, hint = reason(NewsCode.UNLISTED, live_id=live.id, status=live.status), reason(Remedy.CHECK_AND_PLAN_LATER)
    return News(topic=Topic.UNLISTED, trade=name, live_id=live.id, reason=unlisted, hint=hint, live=live)


def _report_unread(name: str, live_id: int) -> News:
    unread, hint = reason(NewsCode.UNLISTED_UNREAD, live_id=live_id), reason(Remedy.PLAN_AGAIN_LATER)
    return News(topic=Topic.UNLISTED, trade=name, live_id=live_id, reason=unread, hint=hint)


def _report_vanished(name: str, live_id: int, spec: TradeSpec | None) -> News:
    can_be_raised = spec is not None and spec.state is DesiredState.OPEN
    remedy = Remedy.RAISE_OR_LIST_VANISHED if can_be_raised else Remedy.LIST_VANISHED
    vanished, hint = reason(NewsCode.VANISHED, live_id=live_id), reason(remedy, live_id=live_id)
    return News(topic=Topic.VANISHED, trade=name, live_id=live_id, reason=vanished, hint=hint)
