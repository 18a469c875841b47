"""What a watch of drift shows: each finding once, when it changes and when it goes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from reconciler.cli.watch.drift_changes import DriftWatcher
from reconciler.cli.watch.interval import Watch
from reconciler.clock import ManualClock
from reconciler.errors import (
    AccessRefused,
    ApiError,
    ReconcilerError,
)
from reconciler.model.drift import DriftReport, Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.reasons import reason
from tests.support import builders


class StoppedClock(ManualClock):
    """A clock on which somebody presses Ctrl-C after some waits."""

    def __init__(self, waits: int) -> None:
        super().__init__(builders.NOW)
        self.slept: list[float] = []
        self._waits = waits

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        super().sleep(seconds)
        if len(self.slept) >= self._waits:
            raise KeyboardInterrupt


def watch(
    looks: list[Callable[[], DriftReport]], *, is_json: bool = False, requests: int = 0, interval_s: float = 300
) -> tuple[list[str], list[str], StoppedClock, DriftWatcher]:
    """Looks that come one after the other; what was shown and told, and how long it waited."""
    shown: list[str] = []
    told: list[str] = []
    clock = StoppedClock(len(looks))
    left = iter(looks)

    def look() -> DriftReport:
        return next(left)()

    watcher = DriftWatcher(look, clock, shown.append, told.append, is_json=is_json)
    sent = iter(range(0, 10**6, max(requests, 1)))
    watching = Watch(
        interval_s=interval_s,
        limit_per_minute=60,
        clock=clock,
        count_sent=lambda: next(sent) if requests else 0,
        report=told.append,
    )
    with pytest.raises(KeyboardInterrupt):
        watching.run(watcher.check, watcher.report_error)
    return shown, told, clock, watcher


def seen(*findings: Finding) -> Callable[[], DriftReport]:
    report = DriftReport(
        context=builders.context(), has_journal=True, findings=findings, pairs={}, checked=1, requests=2
    )
    return lambda: report


def fails(error: ReconcilerError) -> Callable[[], DriftReport]:
    def look() -> DriftReport:
        raise error

    return look


def trigger(live: str) -> Finding:
    return Finding(
        kind=FindingKind.DRIFT,
        topic=Topic.FIELD,
        trade="btc-dip",
        live_id=7,
        reason=reason(DriftCode.FIELD_EDITED),
        path="stop_loss.conditional.price.value",
        applied="58500",
        filed="58500",
        live=live,
    )


MOVED = Finding(
    kind=FindingKind.PROGRESS,
    topic=Topic.LEVELS_SET,
    trade="btc-dip",
    live_id=7,
    reason=reason(DriftCode.LEVELS_BECAME_PRICES),
)


def test_a_watch_tells_each_finding_once_and_when_it_changes_or_goes() -> None:
    looks = [seen(MOVED), seen(trigger("58000"), MOVED), seen(trigger("58000")), seen(trigger("57000")), seen()]
    shown, told, clock, watcher = watch(looks)
    line = "drift  btc-dip #7  stop_loss.conditional.price  58500 ->"
    assert shown == [
        f"2026-01-01T12:00:00Z  found  {line} 58000",
        f"2026-01-01T12:00:00Z  found  {line} 57000",
        f"2026-01-01T12:00:00Z  gone   {line} 57000",
    ]
    assert (told, clock.slept, watcher.present) == ([], [300] * 5, {})


def test_a_watch_goes_on_through_errors_that_pass_and_says_so() -> None:
    looks = [seen(trigger("58000")), fails(ApiError("no answer")), seen(trigger("58000"))]
    shown, told, _, watcher = watch(looks)
    assert len(shown) == 1
    assert told == ["2026-01-01T12:05:00Z  no answer", "2026-01-01T12:00:00Z  the live trades can be read again"]
    assert len(watcher.present) == 1


def test_a_watch_ends_at_an_error_that_does_not_pass() -> None:
    watcher = DriftWatcher(fails(AccessRefused("no")), ManualClock(builders.NOW), print, print, is_json=False)
    watching = Watch(
        interval_s=1, limit_per_minute=60, clock=ManualClock(builders.NOW), count_sent=lambda: 0, report=print
    )
    with pytest.raises(AccessRefused):
        watching.run(watcher.check, watcher.report_error)


def test_a_watch_in_json_is_one_object_a_line() -> None:
    looks = [seen(trigger("58000")), fails(ApiError("no answer")), seen()]
    shown, told, _, _ = watch(looks, is_json=True)
    events = [json.loads(line) for line in shown]
    assert [event["event"] for event in events] == ["found", "error", "sees_again", "gone"]
    assert (events[0]["live"], events[0]["path"]) == ("58000", "stop_loss.conditional.price.value")
    assert told == []
    assert not any("\n" in line for line in shown)


def test_a_watch_is_never_quicker_than_half_the_pace() -> None:
    _, told, clock, _ = watch([seen(), seen()], requests=10, interval_s=5)
    assert told == ["One check took 10 requests, and 60 a minute are allowed: the next is in 20 s."]
    assert clock.slept == [20, 20]
