"""Check a desired trade that is not among the active ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.matching.sighting import owned_marker, was_replaced
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import LiveTrade
from reconciler.model.reasons import Reason, reason
from reconciler.model.remedies import Remedy
from reconciler.model.specs import TradeSpec
from reconciler.model.statuses import TradeStatus

# Endings by the market or the server. Source: SmartTradesV2 page and public clients, statuses.
_MARKET_ENDINGS = (TradeStatus.FINISHED, TradeStatus.STOP_LOSS_FINISHED, TradeStatus.SETTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentTrade:
    """A desired trade without an active one.

    Attributes:
        spec: The trade in its file.
        newest: The newest ended trade of its name, or None.
        applied: The journal's record, or None.
        unmarked: The ended trade that the journal knows by its id and whose marker is gone; else None.
        is_gone: Whether the trade that the journal knows no longer exists.
        doubt: Why the history does not prove its absence, else empty.
        is_in_news: Whether its end is bad news, so that no other finding is needed.
    """

    spec: TradeSpec
    newest: LiveTrade | None
    applied: AppliedTrade | None
    unmarked: LiveTrade | None
    is_gone: bool
    doubt: str
    is_in_news: bool = False


def check_absent(absent: AbsentTrade) -> Iterator[Finding]:
    """Find the findings about a desired trade that is not active: one, or none."""
    spec, newest, applied = absent.spec, absent.newest, absent.applied
    if newest is not None and owned_marker(newest).generation >= spec.generation:
        if not absent.is_in_news:
            yield _check_ended(absent, newest)
    elif absent.unmarked is not None:
        live = absent.unmarked
        lost = reason(DriftCode.ENDED_WITHOUT_MARKER, live_id=live.id, status=live.status)
        yield _make_finding(spec, FindingKind.LOSS, Topic.MARKER_GONE, lost, live_id=live.id)
    elif absent.is_gone and applied is not None and applied.generation == spec.generation:
        if not absent.is_in_news:
            gone = reason(DriftCode.NO_LONGER_EXISTS, live_id=applied.live_id)
            yield _make_finding(spec, FindingKind.LOSS, Topic.VANISHED, gone, live_id=applied.live_id)
    elif absent.doubt:
        unproven = reason(DriftCode.ABSENCE_UNPROVEN, doubt=absent.doubt)
        yield _make_finding(spec, FindingKind.LOSS, Topic.UNPROVEN, unproven)
    elif applied is None or not applied.was_ended_by_us or applied.generation < spec.generation:
        yield _make_finding(spec, FindingKind.FILE, Topic.NOT_LIVE, reason(DriftCode.NOT_LIVE))


def _check_ended(absent: AbsentTrade, live: LiveTrade) -> Finding:
    """Report a trade that ended as the market, a file or a command wanted; other endings are bad news."""
    spec = absent.spec
    if live.status in _MARKET_ENDINGS:
        code = DriftCode.ENDED_BY_MARKET
    elif was_replaced(live, spec):
        missing, hint = reason(DriftCode.REPLACEMENT_MISSING), reason(Remedy.APPLY_COMPLETES_IT)
        return _make_finding(spec, FindingKind.FILE, Topic.UNDER_WAY, missing, hint, live_id=live.id)
    elif absent.applied is not None and absent.applied.was_ended_by_us:
        code = DriftCode.ENDED_BY_RECONCILER
    else:
        code = DriftCode.ENDED_AS_ASKED
    ended = reason(code, status=live.status, error=live.error or None)
    return _make_finding(spec, FindingKind.PROGRESS, Topic.ENDED, ended, live_id=live.id)


def _make_finding(
    spec: TradeSpec,
    kind: FindingKind,
    topic: Topic,
    found: Reason,
    hint: Reason | None = None,
    *,
    live_id: int | None = None,
) -> Finding:
    return Finding(kind=kind, topic=topic, trade=spec.name, live_id=live_id, reason=found, hint=hint)
