"""Which notifications are due: once when something appears, becomes worse, or is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from reconciler.model.alerts import Alert, AlertChange, AlertEvent, Due, KnownAlert, digest_text

# The shortest time between two notifications of the same alert, in seconds.
LEAST_PAUSE_S = 60.0


@dataclass(slots=True, kw_only=True)
class Comparison:
    """The difference to what was notified before.

    Attributes:
        due: What to notify of.
        sent: What is known once that was sent, by fingerprint.
        quiet: What is known in any case, by fingerprint: alerts that are less bad than before.
    """

    due: list[Due] = field(default_factory=list)
    sent: dict[str, KnownAlert] = field(default_factory=dict)
    quiet: dict[str, KnownAlert] = field(default_factory=dict)


def compare_alerts(
    found: Iterable[Alert], known: Mapping[str, KnownAlert], now: float, covers: Callable[[KnownAlert], bool]
) -> Comparison:
    """Compare alerts with those that were notified before.

    A change within a minute after a notification of the same alert waits for a later check.

    Args:
        found: What is there now.
        known: What was notified before, by fingerprint.
        now: The present, in seconds since 1970.
        covers: Returns whether a known alert is over if it was not found; a check of some trades covers no others.
    """
    result = Comparison()
    present = {alert.key: alert for alert in found}
    for key, alert in present.items():
        _compare(result, key, alert, known.get(key), now)
    for key, before in known.items():
        if before.is_present and key not in present and covers(before) and not _is_recent(before, now):
            result.due.append(_make_due(AlertChange.CLEARED, before))
            result.sent[key] = replace(before, is_present=False, sent_at=now)
    result.due.sort(key=lambda due: (list(AlertChange).index(due.change) // 2, list(AlertEvent).index(due.event)))
    return result


def _compare(result: Comparison, key: str, alert: Alert, before: KnownAlert | None, now: float) -> None:
    after = KnownAlert(
        event=alert.event,
        subject=alert.subject,
        text=alert.text,
        weight=alert.weight,
        detail=digest_text(alert.detail),
        is_present=True,
        sent_at=now,
    )
    change = _find_change(before, after)
    if not alert.is_lasting:
        result.due.append(_make_due(AlertChange.APPEARED, after))
    elif change is None:
        if before is not None and (before.detail, before.weight) != (after.detail, after.weight):
            result.quiet[key] = replace(after, sent_at=before.sent_at)
    elif before is None or not _is_recent(before, now):
        result.due.append(_make_due(change, after))
        result.sent[key] = after


def _find_change(before: KnownAlert | None, after: KnownAlert) -> AlertChange | None:
    if before is None or not before.is_present:
        return AlertChange.APPEARED
    if after.weight > before.weight:
        return AlertChange.WORSENED
    is_other = before.detail and after.detail and after.detail != before.detail
    return AlertChange.WORSENED if is_other and after.weight == before.weight else None


def _is_recent(known: KnownAlert, now: float) -> bool:
    # A clock that was set back must not keep alerts quiet.
    return 0 <= now - known.sent_at < LEAST_PAUSE_S


def _make_due(change: AlertChange, known: KnownAlert) -> Due:
    return Due(change=change, event=known.event, subject=known.subject, text=known.text)
