"""What is to be said about a trade that is not among the active ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.matching.sighting import owned_marker, was_replaced
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade
from reconciler.model.specs import TradeSpec

# What the market or the server ends by itself. Source: SmartTradesV2 page and public clients, statuses.
_MARKET_ENDINGS = {
    "finished": "finished",
    "stop_loss_finished": "stopped out",
    "settled": "settled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentTrade:
    """A desired trade without an active one.

    Attributes:
        spec: What the file wants.
        newest: The newest ended trade of its name, or None.
        applied: What the journal knows, or None.
        unmarked: The ended trade that the journal knows by its id, whose marker is gone; else None.
        is_gone: Whether the trade that the journal knows does not exist any more.
        doubt: Why the history does not prove its absence, else empty.
        is_told: Whether its end is bad news, and said as such.
    """

    spec: TradeSpec
    newest: LiveTrade | None
    applied: AppliedTrade | None
    unmarked: LiveTrade | None
    is_gone: bool
    doubt: str
    is_told: bool = False


def check_absent(absent: AbsentTrade) -> Iterator[Finding]:
    """Everything that is to be said about a desired trade that is not active."""
    spec, newest, applied = absent.spec, absent.newest, absent.applied
    if newest is not None and owned_marker(newest).generation >= spec.generation:
        if not absent.is_told:
            yield _judge_ended(absent, newest)
    elif absent.unmarked is not None:
        text = f"#{absent.unmarked.id} carries no marker any more and has ended ({absent.unmarked.status})"
        yield _describe(spec, FindingKind.LOSS, Topic.MARKER_GONE, text, absent.unmarked.id)
    elif absent.is_gone and applied is not None and applied.generation == spec.generation:
        if not absent.is_told:
            text = f"#{applied.live_id} does not exist any more"
            yield _describe(spec, FindingKind.LOSS, Topic.VANISHED, text, applied.live_id)
    elif absent.doubt:
        text = f"it is not live, and may be lost: {absent.doubt}"
        yield _describe(spec, FindingKind.LOSS, Topic.UNPROVEN, text)
    elif applied is None or not applied.was_ended_by_us or applied.generation < spec.generation:
        yield _describe(spec, FindingKind.FILE, Topic.NOT_LIVE, "in the file and not live")


def _judge_ended(absent: AbsentTrade, live: LiveTrade) -> Finding:
    """A trade that ended as the market, the files or a command of this program would have it; all else is bad news."""
    spec, reason = absent.spec, f" ({live.error})" if live.error else ""
    if live.status not in _MARKET_ENDINGS and was_replaced(live, spec):
        text = "it was cancelled to make way for a new one, which is not live: apply settles it"
        return _describe(spec, FindingKind.FILE, Topic.UNDER_WAY, text, live.id)
    ending = _MARKET_ENDINGS.get(live.status, f"{live.status}, and taken over or asked for")
    if absent.applied is not None and absent.applied.was_ended_by_us:
        ending = _MARKET_ENDINGS.get(live.status, f"{live.status}, by reconciler")
    return _describe(spec, FindingKind.PROGRESS, Topic.ENDED, ending + reason, live.id)


def _describe(spec: TradeSpec, kind: FindingKind, topic: Topic, text: str, live_id: int | None = None) -> Finding:
    return Finding(kind=kind, topic=topic, trade=spec.name, live_id=live_id, text=text)
