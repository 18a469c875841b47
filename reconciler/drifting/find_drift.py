"""What is to be said about each trade: loss, drift, a matter of the files, or progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.drifting.absent_trade import AbsentTrade, check_absent
from reconciler.drifting.active_trade import ComparedTrade, check_active
from reconciler.drifting.strays import find_strays
from reconciler.drifting.survey import Survey
from reconciler.matching.sighting import owned_marker
from reconciler.matching.similarity import find_like, may_be
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.marker import MarkerState
from reconciler.model.specs import DesiredState, TradeSpec

_MARKER_WORDS = {
    MarkerState.ABSENT: "carries no marker",
    MarkerState.DAMAGED: "has a damaged marker",
    MarkerState.UNKNOWN_VERSION: "has a marker of another version",
    MarkerState.VALID: "carries the marker of another workspace",
}
_ORDER = {kind: place for place, kind in enumerate(FindingKind)}


def find_drift(survey: Survey) -> tuple[Finding, ...]:
    """Everything that is to be said, losses first, within each kind in the order of the files."""
    strays = find_strays(survey.index, survey.specs, survey.applied)
    found: list[Finding] = []
    for spec in survey.specs:
        found += _describe_news(survey, spec.name)
        found += _judge_spec(survey, spec, strays.get(spec.name))
    named = {spec.name for spec in survey.specs}
    for name in dict.fromkeys(each.trade for each in survey.news if each.trade not in named):
        found += _describe_news(survey, name)
    if survey.is_whole:
        for name, lives in survey.index.by_name.items():
            if name not in survey.all_names:
                found += [finding for live in lives for finding in _judge_live(survey, name, None, live)]
    found += map(_describe_outside, survey.outside)
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.kind]))


def _judge_spec(survey: Survey, spec: TradeSpec, stray: LiveTrade | None) -> Iterator[Finding]:
    lives = survey.index.by_name.get(spec.name, ())
    if lives:
        if len(lives) > 1:
            yield _describe_duplicate(spec.name, lives)
        for live in lives:
            yield from _judge_live(survey, spec.name, spec, live)
        return
    newest = survey.history.newest.get(spec.name)
    if newest is not None and newest.phase is not Phase.ENDED and owned_marker(newest).generation >= spec.generation:
        yield from _judge_live(survey, spec.name, spec, newest)
        return
    if spec.state is not DesiredState.OPEN:
        return
    applied = survey.applied.get(spec.name)
    is_settled = newest is not None and owned_marker(newest).generation >= spec.generation
    is_sure = stray is not None
    if stray is None and not is_settled:
        stray = _find_alike(survey, spec)
    if stray is not None:
        yield _describe_stray(spec.name, stray, applied, is_sure=is_sure)
        yield from _judge_live(survey, spec.name, spec, stray)
        return
    ids = {newest.id if newest else None, applied.live_id if applied else None} - {None}
    absent = AbsentTrade(
        spec=spec,
        newest=newest,
        applied=applied,
        unmarked=survey.by_id.get(applied.live_id) if applied else None,
        is_gone=applied is not None and applied.live_id in survey.gone,
        doubt=survey.history.doubts.get(spec.name, ""),
        is_told=any(each.live_id in ids for each in survey.news),
    )
    yield from check_absent(absent)


def _describe_news(survey: Survey, name: str) -> Iterator[Finding]:
    """The bad news about one trade; a change that waits behind it is a matter of the files."""
    for news in survey.news:
        if news.trade != name:
            continue
        kind, topic = FindingKind.LOSS, news.topic
        if topic is Topic.BUSY:
            kind, topic = FindingKind.FILE, Topic.CHANGED
        yield Finding(kind=kind, topic=topic, trade=name, live_id=news.live_id, text=str(news))


def _describe_outside(live: LiveTrade) -> Finding:
    text = f"#{live.id} is on account {live.terms.account_id}, which this target does not name; it is left unchanged"
    name = owned_marker(live).name
    return Finding(kind=FindingKind.INFORMATION, topic=Topic.OUTSIDE, trade=name, live_id=live.id, text=text)


def _judge_live(survey: Survey, name: str, spec: TradeSpec | None, live: LiveTrade) -> Iterator[Finding]:
    subject = ComparedTrade(
        name=name,
        spec=spec,
        live=live,
        applied=survey.applied.get(name),
        rates=survey.rates.get((live.terms.account_id, live.terms.pair)),
        averaging=survey.averaging.get(live.id),
    )
    yield from check_active(subject)


def _find_alike(survey: Survey, spec: TradeSpec) -> LiveTrade | None:
    """An active trade that nothing names and that has the entry of a missing one."""
    unmarked = find_like(spec.terms, survey.index.unmarked, survey.foreign)
    nameless = {each.live_id for each in survey.index.illegible if each.name is None}
    damaged = (live for live in survey.index.damaged if live.id in nameless and may_be(live, spec.terms))
    return unmarked or next(damaged, None)


def _describe_duplicate(name: str, lives: Sequence[LiveTrade]) -> Finding:
    ids = " and ".join(f"#{live.id}" for live in lives)
    text = f"{ids} both carry this name"
    return Finding(kind=FindingKind.DRIFT, topic=Topic.DUPLICATE, trade=name, live_id=lives[0].id, text=text)


def _describe_stray(name: str, live: LiveTrade, applied: AppliedTrade | None, *, is_sure: bool) -> Finding:
    what = _MARKER_WORDS[live.reading.state]
    text = f"#{live.id} {what}, so nothing can be applied to it"
    if not is_sure:
        text = f"#{live.id} {what} and has the entry of this trade, which is not live; if it is another one, list it in"
        text += f" reconciler.yaml: `foreign: [{live.id}]`"
    if applied is not None and applied.note is not None:
        text += f"; write it back in 3Commas: {applied.note}"
    return Finding(
        kind=FindingKind.LOSS,
        topic=Topic.MARKER_GONE,
        trade=name,
        live_id=live.id,
        text=text,
        path="note",
        applied=applied.note if applied else None,
        live=live.note,
    )
