"""Find drift: losses, edits outside the files, changes in the files, and progress of each trade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.drifting.absent_trade import AbsentTrade, check_absent
from reconciler.drifting.active_trade import check_active
from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.drifting.strays import find_alike, find_strays, make_stray_finding
from reconciler.drifting.survey import Survey
from reconciler.matching.sighting import owned_marker
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.reasons import reason
from reconciler.model.specs import DesiredState, TradeSpec

_ORDER = {kind: place for place, kind in enumerate(FindingKind)}


def find_drift(survey: Survey) -> tuple[Finding, ...]:
    """Find all findings: losses first, within each kind in the order of the files."""
    strays = find_strays(survey.index, survey.specs, survey.applied)
    found: list[Finding] = []
    for spec in survey.specs:
        found += _report_news(survey, spec.name)
        found += _check_spec(survey, spec, strays.get(spec.name))
    named = {spec.name for spec in survey.specs}
    for name in dict.fromkeys(each.trade for each in survey.news if each.trade not in named):
        found += _report_news(survey, name)
    if survey.is_whole:
        for name, lives in survey.index.by_name.items():
            if name not in survey.all_names:
                found += [finding for live in lives for finding in _check_live(survey, name, None, live)]
    found += map(_report_outside, survey.outside)
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.kind]))


def _check_spec(survey: Survey, spec: TradeSpec, stray: LiveTrade | None) -> Iterator[Finding]:
    lives = survey.index.by_name.get(spec.name, ())
    if len(lives) > 1:
        yield _report_duplicate(spec.name, lives)
    for live in lives:
        yield from _check_live(survey, spec.name, spec, live)
    if lives:
        return
    newest = survey.history.newest.get(spec.name)
    is_newest = newest is not None and owned_marker(newest).generation >= spec.generation
    if newest is not None and is_newest and newest.phase is not Phase.ENDED:
        yield from _check_live(survey, spec.name, spec, newest)
    elif spec.state is DesiredState.OPEN:
        yield from _check_missing(survey, spec, stray, newest, has_ended=is_newest)


def _check_missing(
    survey: Survey, spec: TradeSpec, stray: LiveTrade | None, newest: LiveTrade | None, *, has_ended: bool
) -> Iterator[Finding]:
    """Find the findings about a trade that should be open and that no active trade names.

    Args:
        survey: All that is known.
        spec: The trade in its file.
        stray: The active trade that has lost the marker of this trade, or None.
        newest: The newest ended trade of its name, or None.
        has_ended: Whether `newest` is of the wanted generation.
    """
    applied = survey.applied.get(spec.name)
    live = stray if stray is not None or has_ended else find_alike(survey, spec)
    if live is not None:
        yield make_stray_finding(spec.name, live, applied, is_sure=stray is not None)
        yield from _check_live(survey, spec.name, spec, live)
    else:
        yield from check_absent(_describe_absent(survey, spec, newest, applied))


def _describe_absent(
    survey: Survey, spec: TradeSpec, newest: LiveTrade | None, applied: AppliedTrade | None
) -> AbsentTrade:
    ids = {newest.id if newest else None, applied.live_id if applied else None} - {None}
    return AbsentTrade(
        spec=spec,
        newest=newest,
        applied=applied,
        unmarked=survey.by_id.get(applied.live_id) if applied else None,
        is_gone=applied is not None and applied.live_id in survey.gone,
        doubt=survey.history.doubts.get(spec.name, ""),
        is_in_news=any(each.live_id in ids for each in survey.news),
    )


def _check_live(survey: Survey, name: str, spec: TradeSpec | None, live: LiveTrade) -> Iterator[Finding]:
    trade = ComparedTrade(
        name=name,
        spec=spec,
        live=live,
        applied=survey.applied.get(name),
        rates=survey.rates.get((live.terms.account_id, live.terms.pair)),
        averaging=survey.averaging.get(live.id),
    )
    yield from check_active(trade)


def _report_news(survey: Survey, name: str) -> Iterator[Finding]:
    """Find the bad news about one trade; a change of a file that waits for a busy trade is not a loss."""
    for news in survey.news:
        if news.trade != name:
            continue
        kind, topic = FindingKind.LOSS, news.topic
        if topic is Topic.BUSY:
            kind, topic = FindingKind.FILE, Topic.CHANGED
        yield Finding(kind=kind, topic=topic, trade=name, live_id=news.live_id, reason=news.reason, hint=news.hint)


def _report_outside(live: LiveTrade) -> Finding:
    return Finding(
        kind=FindingKind.INFORMATION,
        topic=Topic.OUTSIDE,
        trade=owned_marker(live).name,
        live_id=live.id,
        reason=reason(DriftCode.OUTSIDE_TARGET, live_id=live.id, account_id=live.terms.account_id),
    )


def _report_duplicate(name: str, lives: Sequence[LiveTrade]) -> Finding:
    duplicate = reason(DriftCode.DUPLICATE_NAME, live_ids=tuple(live.id for live in lives))
    return Finding(kind=FindingKind.DRIFT, topic=Topic.DUPLICATE, trade=name, live_id=lives[0].id, reason=duplicate)
