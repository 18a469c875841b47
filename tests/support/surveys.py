"""Surveys of a few trades, and the drift in them: by marker, file and journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.attention.bad_news import find_bad_news
from reconciler.attention.evidence import Evidence
from reconciler.codec.note import write_note
from reconciler.drifting.find_drift import find_drift
from reconciler.drifting.survey import Survey
from reconciler.matching.sighting import History, Illegible, index_active
from reconciler.model.drift import Finding, FindingKind
from reconciler.model.journal import AppliedTrade
from reconciler.model.lifecycle import Ignored, Lifecycle
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.reasons import Amount
from reconciler.model.specs import TradeSpec
from reconciler.planning.operations import wanted_marker
from tests.support import builders

SPEC = builders.spec()


def make_survey(
    specs: Sequence[TradeSpec], active: Sequence[LiveTrade], applied: Mapping[str, AppliedTrade] | None = None
) -> Survey:
    """All that is known of some trades of the files and some live ones."""
    return Survey(
        specs=specs,
        all_names={spec.name for spec in specs},
        is_whole=True,
        index=index_active(active, {builders.WORKSPACE}, ()),
        history=History(newest={}, doubts={}),
        applied=applied or {},
    )


def check(
    specs: Sequence[TradeSpec],
    active: Sequence[LiveTrade] = (),
    *,
    ended: Sequence[LiveTrade] = (),
    applied: Mapping[str, AppliedTrade] | None = None,
    by_id: Sequence[LiveTrade] = (),
    gone: Sequence[int] = (),
    doubts: Mapping[str, str] | None = None,
    is_whole: bool = True,
    unreadable: Sequence[Illegible] = (),
    foreign: Sequence[int] = (),
) -> tuple[Finding, ...]:
    """All findings about some trades of the files and some live ones."""
    newest = {live.reading.marker.name: live for live in ended if live.reading.marker}
    index = index_active(active, {builders.WORKSPACE}, unreadable)
    evidence = Evidence(
        specs=specs,
        index=index,
        newest=newest,
        applied=applied or {},
        foreign=foreign,
        is_whole=is_whole,
        all_names={spec.name for spec in specs},
    )
    survey = Survey(
        specs=specs,
        all_names={spec.name for spec in specs},
        is_whole=is_whole,
        index=index,
        history=History(newest=newest, doubts=doubts or {}),
        applied=applied or {},
        by_id={live.id: live for live in by_id},
        gone=gone,
        rates={(builders.ACCOUNT, builders.PAIR): builders.rates()},
        foreign=foreign,
        news=find_bad_news(evidence),
    )
    return find_drift(survey)


def topics(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Topic and path of everything but progress."""
    return [(each.topic.value, each.path) for each in findings if each.kind is not FindingKind.PROGRESS]


def kept(
    spec: TradeSpec = SPEC, *, live_id: int = 7, note: str | None = None, is_ended: bool = False, is_ours: bool = False
) -> dict[str, AppliedTrade]:
    """A journal that knows a spec as last applied."""
    known = AppliedTrade(
        live_id=live_id,
        generation=spec.generation,
        terms=spec.terms,
        note=write_note(builders.marker(spec), spec.note) if note is None else note,
        is_ended=is_ended,
        was_ended_by_us=is_ours,
        was_abandoned=is_ours,
    )
    return {spec.name: known}


def shown(phase: Phase = Phase.OPEN, *, applied: TradeSpec = SPEC, **changes: object) -> LiveTrade:
    """A live trade after a spec was applied and somebody changed some of its terms."""
    edited = replace(applied.terms, **changes)  # type: ignore[arg-type] # a test names fields of the class
    return builders.live(applied, phase, shown=edited)


def ignoring(*fields: Ignored, spec: TradeSpec = SPEC) -> TradeSpec:
    return replace(spec, lifecycle=Lifecycle(ignored=frozenset(fields)))


def shown_as(spec: TradeSpec, **changes: object) -> LiveTrade:
    """An open trade that was applied from a file that ignores fields, and then edited."""
    edited = replace(spec.terms, **changes)  # type: ignore[arg-type] # a test names fields of the class
    return builders.live(spec, Phase.OPEN, shown=edited, note=ignoring_note(spec))


def ignoring_note(spec: TradeSpec) -> str:
    return write_note(wanted_marker(builders.WORKSPACE, spec), spec.note)


def btc(number: str) -> Amount:
    return Amount(Decimal(number), "BTC")


def usdt(number: int) -> Amount:
    return Amount(Decimal(number), "USDT")
