"""Which bad news holds: what `plan`, `drift` and `status` say on every run until somebody has taken over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from reconciler.attention.evidence import Evidence
from reconciler.attention.held_coins import find_held, find_taken_over, held_units
from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.numbers import plain
from reconciler.live.phases import ACTIVE_STATUSES, ENDING_STATUSES
from reconciler.matching.match import Matching
from reconciler.matching.sighting import Index, owned_marker, was_replaced
from reconciler.model.drift import Topic
from reconciler.model.journal import KnownTrade
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.news import News
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Terms

# What a trade ends as that nobody asked for; all other ends are those that a file asks for. Source: SmartTradesV2 page.
_UNEXPECTED = {
    "cancelled": (Topic.CANCELLED_OUTSIDE, "it was cancelled outside the files"),
    "panic_sold": (Topic.CLOSED_OUTSIDE, "it was closed outside the files"),
    "failed": (Topic.FAILED, "it failed"),
    "liquidated": (Topic.LIQUIDATED, "it was liquidated"),
}


def find_bad_news(evidence: Evidence) -> tuple[News, ...]:
    """All bad news, in the order of the files, what is in no file last."""
    taken = find_taken_over(evidence)
    held = {known.live_id: known for known in find_held(evidence) if known.live_id not in taken}
    specs = {spec.name: spec for spec in evidence.specs}
    news = [each for spec in evidence.specs for each in _judge_spec(evidence, spec, held, taken)]
    said = {each.live_id for each in news}
    news += [
        each
        for known in held.values()
        for each in _describe_held(known, specs.get(known.name))
        if each.live_id not in said
    ]
    if evidence.is_whole:
        news += _find_unfiled(evidence)
    return tuple(each for each in news if each.live_id not in evidence.foreign)


def _find_unfiled(evidence: Evidence) -> Iterator[News]:
    """Bad news about trades that no file names."""
    names = evidence.all_names
    for name, lives in evidence.index.by_name.items():
        for live in lives if name not in names else ():
            yield from _judge_active(evidence, name, None, live)
    yield from (_describe_vanished(name, each, None) for name, each in evidence.vanished.items() if name not in names)
    yield from (_describe_unread(name, each) for name, each in evidence.unread.items() if name not in names)


def find_watched(specs: Iterable[TradeSpec], index: Index) -> frozenset[str]:
    """The names of trades that shall be closed and are not active: only the history says how they ended."""
    return frozenset(
        spec.name for spec in specs if spec.state is DesiredState.CLOSED and not index.by_name.get(spec.name)
    )


def find_opening(matching: Matching) -> tuple[Terms, ...]:
    """Terms of the trades that a plan opens; what it cannot open after all is blocked, and said so."""
    return tuple(
        match.spec.terms for match in matching.matches if match.live is None and match.spec.state is DesiredState.OPEN
    )


def find_unmanaged(index: Index, accounts: Collection[int], named: Collection[int | None]) -> tuple[int, ...]:
    """SmartTrade ids of live trades that nothing manages: they carry no marker and are named nowhere.

    Args:
        index: The active trades.
        accounts: The accounts of the target.
        named: SmartTrade ids that are known as foreign, or about which something is said.
    """
    lives = index.unmarked.lives
    return tuple(sorted(live.id for live in lives if live.terms.account_id in accounts and live.id not in named))


def find_outside(index: Index, foreign: Collection[int]) -> tuple[LiveTrade, ...]:
    """Live trades of the workspace on accounts that the target does not name, but for foreign ones."""
    lives = (live for trades in index.outside.values() for live in trades if live.id not in foreign)
    return tuple(sorted(lives, key=lambda live: live.id))


def _judge_spec(
    evidence: Evidence, spec: TradeSpec, held: Mapping[int, KnownTrade], taken_over: Collection[int]
) -> Iterator[News]:
    lives = evidence.index.by_name.get(spec.name, ())
    for live in lives:
        yield from _judge_active(evidence, spec.name, spec, live)
    if lives:
        return
    if spec.name in evidence.vanished:
        yield _describe_vanished(spec.name, evidence.vanished[spec.name], spec)
    if spec.name in evidence.unread:
        yield _describe_unread(spec.name, evidence.unread[spec.name])
    newest = evidence.newest.get(spec.name)
    if newest is None or newest.phase is not Phase.ENDED or newest.id in taken_over:
        return
    if newest.id in held:
        yield from _describe_held(held[newest.id], spec)
    else:
        yield from _judge_ended(evidence, spec, newest)


def _judge_ended(evidence: Evidence, spec: TradeSpec, live: LiveTrade) -> Iterator[News]:
    """Whether a trade ended though its file says that it is open, and nothing was asked for that ends it."""
    generation, applied = owned_marker(live).generation, evidence.applied.get(spec.name)
    is_ours = applied is not None and applied.was_ended_by_us and applied.live_id == live.id
    is_over = spec.state is not DesiredState.OPEN or generation < spec.generation
    if live.status not in _UNEXPECTED or is_over or is_ours or was_replaced(live, spec):
        return
    topic, text = _UNEXPECTED[live.status]
    reason = f" ({live.error})" if live.error else ""
    hint = f"raise generation to {generation + 1} to open it again, or say `state: closed`, or remove it from its file"
    yield News(topic=topic, trade=spec.name, live_id=live.id, text=text + reason, hint=hint)


def _judge_active(evidence: Evidence, name: str, spec: TradeSpec | None, live: LiveTrade) -> Iterator[News]:
    if live.id in evidence.unlisted:
        yield _describe_unlisted(name, live)
    yield from _judge_busy(name, spec, live)


def _judge_busy(name: str, spec: TradeSpec | None, live: LiveTrade) -> Iterator[News]:
    """Whether a change in the files waits behind a trade between two phases."""
    is_wanted = spec is not None and spec.state is DesiredState.OPEN
    if live.phase is not Phase.BUSY or (live.status in ENDING_STATUSES and not is_wanted):
        return
    if spec is None or _has_changed(spec, live):
        what = "no file names it any more" if spec is None else "its file has changed"
        is_known = live.status in ACTIVE_STATUSES
        yield News(
            topic=Topic.BUSY if is_known else Topic.UNKNOWN_STATUS,
            trade=name,
            live_id=live.id,
            text=f"{what}, and nothing can be done while its status is {live.status}",
            hint="plan again later"
            if is_known
            else "this status is not known; check the trade in 3Commas, then plan again",
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


def _describe_held(known: KnownTrade, spec: TradeSpec | None) -> Iterator[News]:
    """Coins that an ended trade has left behind."""
    live = known.ended
    if live is None:
        return
    reason = f" ({live.error})" if live.error else ""
    text = f"it ended ({live.status}{reason}) with {plain(held_units(live))} {live.terms.base} that no stop protects"
    is_filed = spec is not None and known.generation >= spec.generation
    hint = "take them over by a trade with own funds (`skip_enter_step: true`) in a file, "
    hint += "say `state: abandoned` in its file, " if is_filed else ""
    hint += f"or list it in reconciler.yaml: `foreign: [{live.id}]`"
    yield News(topic=Topic.COINS_HELD, trade=known.name, live_id=live.id, text=text, hint=hint, live=live)


def _describe_unlisted(name: str, live: LiveTrade) -> News:
    text = f"lists do not show #{live.id}, which the journal knows as open; read by its id it is {live.status}"
    hint = "check it in 3Commas, then plan again later"
    return News(topic=Topic.UNLISTED, trade=name, live_id=live.id, text=text, hint=hint, live=live)


def _describe_unread(name: str, live_id: int) -> News:
    text = f"lists do not show #{live_id}, which the journal knows as open, and many more trades"
    return News(topic=Topic.UNLISTED, trade=name, live_id=live_id, text=text, hint="plan again later")


def _describe_vanished(name: str, live_id: int, spec: TradeSpec | None) -> News:
    text = f"#{live_id}, which the journal knows as open, does not exist any more"
    is_raisable = spec is not None and spec.state is DesiredState.OPEN
    hint = f"check 3Commas; if it is gone, {'raise its generation, or ' if is_raisable else ''}list it in"
    hint += f" reconciler.yaml: `foreign: [{live_id}]`"
    return News(topic=Topic.VANISHED, trade=name, live_id=live_id, text=text, hint=hint)
