"""What is to be said about each trade: loss, drift, a matter of the files, or progress."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.codec.note import MarkerState
from reconciler.drifting.absent_trade import Absent, judge_absent
from reconciler.drifting.active_trade import Subject, judge_active
from reconciler.matching.sighting import History, Index, owned_marker
from reconciler.matching.similarity import find_like, may_be
from reconciler.model.averaging import AveragingReading
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.news import News
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Terms

PairKey = tuple[int, str]
_MARKER_WORDS = {
    MarkerState.ABSENT: "carries no marker",
    MarkerState.DAMAGED: "has a damaged marker",
    MarkerState.UNKNOWN_VERSION: "has a marker of another version",
    MarkerState.VALID: "carries the marker of another workspace",
}
_ORDER = {kind: place for place, kind in enumerate(FindingKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All that one look at the world saw.

    Attributes:
        specs: What the files say of the trades that are looked for.
        all_names: Names in all files of the workspace.
        is_whole: Whether trades in no file are looked at, too.
        index: The active trades.
        history: What was found of trades that are not active.
        applied: Name to what the journal knows; empty without one.
        by_id: Trades that were read by their id, since they carry no marker and are not active.
        gone: Ids that do not exist any more.
        rates: Limits of pairs in question.
        foreign: SmartTrade ids that are known not to belong to this workspace.
        averaging: SmartTrade id to what was read of its averaging orders, where its marker counts some.
        news: Bad news, as `find_bad_news` has it.
        outside: Trades of this workspace on accounts that the target does not name.
    """

    specs: Sequence[TradeSpec]
    all_names: Collection[str]
    is_whole: bool
    index: Index
    history: History
    applied: Mapping[str, AppliedTrade] = field(default_factory=dict)
    by_id: Mapping[int, LiveTrade] = field(default_factory=dict)
    gone: Collection[int] = ()
    rates: Mapping[PairKey, Rates] = field(default_factory=dict)
    foreign: Collection[int] = ()
    averaging: Mapping[int, AveragingReading] = field(default_factory=dict)
    news: Sequence[News] = ()
    outside: Sequence[LiveTrade] = ()


def judge(sight: Sight) -> tuple[Finding, ...]:
    """Everything that is to be said, losses first, within each kind in the order of the files."""
    strays = find_strays(sight.index, sight.specs, sight.applied)
    found: list[Finding] = []
    for spec in sight.specs:
        found += _describe_news(sight, spec.name)
        found += _judge_spec(sight, spec, strays.get(spec.name))
    named = {spec.name for spec in sight.specs}
    for name in dict.fromkeys(each.trade for each in sight.news if each.trade not in named):
        found += _describe_news(sight, name)
    if sight.is_whole:
        for name, lives in sight.index.by_name.items():
            if name not in sight.all_names:
                found += [finding for live in lives for finding in _judge_live(sight, name, None, live)]
    found += map(_describe_outside, sight.outside)
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.kind]))


def find_averaged(index: Index, specs: Iterable[TradeSpec]) -> tuple[LiveTrade, ...]:
    """The trades whose averaging orders are to be read: open positions whose marker counts some."""
    lives = [live for spec in specs for live in index.by_name.get(spec.name, ())]
    return tuple(live for live in lives if live.phase is Phase.OPEN and owned_marker(live).averaging_sent)


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


def _judge_spec(sight: Sight, spec: TradeSpec, stray: LiveTrade | None) -> Iterator[Finding]:
    lives = sight.index.by_name.get(spec.name, ())
    if lives:
        if len(lives) > 1:
            yield _describe_duplicate(spec.name, lives)
        for live in lives:
            yield from _judge_live(sight, spec.name, spec, live)
        return
    newest = sight.history.newest.get(spec.name)
    if newest is not None and newest.phase is not Phase.ENDED and owned_marker(newest).generation >= spec.generation:
        yield from _judge_live(sight, spec.name, spec, newest)
        return
    if spec.state is not DesiredState.OPEN:
        return
    applied = sight.applied.get(spec.name)
    is_settled = newest is not None and owned_marker(newest).generation >= spec.generation
    is_sure = stray is not None
    if stray is None and not is_settled:
        stray = _find_alike(sight, spec)
    if stray is not None:
        yield _describe_stray(spec.name, stray, applied, is_sure=is_sure)
        yield from _judge_live(sight, spec.name, spec, stray)
        return
    ids = {newest.id if newest else None, applied.live_id if applied else None} - {None}
    absent = Absent(
        spec=spec,
        newest=newest,
        applied=applied,
        unmarked=sight.by_id.get(applied.live_id) if applied else None,
        is_gone=applied is not None and applied.live_id in sight.gone,
        doubt=sight.history.doubts.get(spec.name, ""),
        is_told=any(each.live_id in ids for each in sight.news),
    )
    yield from judge_absent(absent)


def _describe_news(sight: Sight, name: str) -> Iterator[Finding]:
    """The bad news about one trade; a change that waits behind it is a matter of the files."""
    for news in sight.news:
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


def _judge_live(sight: Sight, name: str, spec: TradeSpec | None, live: LiveTrade) -> Iterator[Finding]:
    subject = Subject(
        name=name,
        spec=spec,
        live=live,
        applied=sight.applied.get(name),
        rates=sight.rates.get((live.terms.account_id, live.terms.pair)),
        averaging=sight.averaging.get(live.id),
    )
    yield from judge_active(subject)


def _find_alike(sight: Sight, spec: TradeSpec) -> LiveTrade | None:
    """An active trade that nothing names and that has the entry of a missing one."""
    unmarked = find_like(spec.terms, sight.index.unmarked, sight.foreign)
    nameless = {each.live_id for each in sight.index.illegible if each.name is None}
    damaged = (live for live in sight.index.damaged if live.id in nameless and may_be(live, spec.terms))
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
