"""Tests of reconciler/alerts/compare.py."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.alerts.compare import LEAST_PAUSE_S, Comparison, compare_alerts
from reconciler.model.alerts import Alert, AlertChange, AlertEvent, KnownAlert

LATER = LEAST_PAUSE_S + 1


def edit(weight: int = 0, detail: str = "58000", subject: str = "btc") -> Alert:
    return Alert(event=AlertEvent.DRIFT, subject=subject, text=f"-> {detail}", weight=Decimal(weight), detail=detail)


def compare(
    found: list[Alert], known: Mapping[str, KnownAlert], now: float = LATER, *, covers: bool = True
) -> Comparison:
    return compare_alerts(found, known, now, lambda _: covers)


def changes(result: Comparison) -> list[AlertChange]:
    return [due.change for due in result.due]


def test_an_alert_is_due_once_when_it_appears() -> None:
    first = compare([edit()], {}, 0)
    assert changes(first) == [AlertChange.APPEARED]
    assert changes(compare([edit()], first.sent)) == []


def test_it_is_due_again_when_it_becomes_worse_or_another_and_not_when_it_becomes_less() -> None:
    known = compare([edit(5)], {}, 0).sent
    assert changes(compare([edit(6, "57000")], known)) == [AlertChange.WORSENED]
    assert changes(compare([edit(5, "58100")], known)) == [AlertChange.WORSENED]
    less = compare([edit(4, "58400")], known)
    assert changes(less) == []
    # From the lower level on it counts as worse again.
    assert changes(compare([edit(5)], {**known, **less.quiet})) == [AlertChange.WORSENED]


def test_it_is_due_once_when_it_is_over_and_again_when_it_comes_back() -> None:
    known = compare([edit()], {}, 0).sent
    over = compare([], known)
    assert changes(over) == [AlertChange.CLEARED]
    assert changes(compare([], over.sent, 2 * LATER)) == []
    assert changes(compare([edit()], over.sent, 2 * LATER)) == [AlertChange.APPEARED]


def test_a_change_within_a_minute_waits_for_a_later_check() -> None:
    known = compare([edit(5)], {}, 0).sent
    assert changes(compare([edit(6)], known, LEAST_PAUSE_S - 1)) == []
    assert changes(compare([], known, LEAST_PAUSE_S - 1)) == []
    assert changes(compare([edit(6)], known, LEAST_PAUSE_S)) == [AlertChange.WORSENED]


def test_a_clock_that_was_set_back_keeps_nothing_quiet() -> None:
    known = compare([edit(5)], {}, 1000).sent
    assert changes(compare([edit(6)], known, 10)) == [AlertChange.WORSENED]


def test_what_a_check_does_not_cover_is_not_over() -> None:
    known = compare([edit()], {}, 0).sent
    assert changes(compare([], known, covers=False)) == []


def test_what_does_not_last_is_due_each_time_and_not_remembered() -> None:
    done = Alert(event=AlertEvent.APPLIED, text="2 of 2", is_lasting=False)
    result = compare([done], {}, 0)
    assert (changes(result), result.sent) == ([AlertChange.APPEARED], {})


def test_an_unknown_detail_is_no_change() -> None:
    known = compare([edit(detail="")], {}, 0).sent
    assert changes(compare([edit(detail="58000")], known)) == []


def test_the_most_severe_comes_first_and_what_is_over_last() -> None:
    known = compare([edit(subject="a")], {}, 0).sent
    loss = Alert(event=AlertEvent.LOSS, subject="c", text="gone")
    due = compare([edit(subject="b"), loss], known).due
    assert [each.subject for each in due] == ["c", "b", "a"]
