"""Requests that a gateway may still hold back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reconciler.applying.gateway_delay import describe_delay, find_pending, is_delayed, name_kind
from reconciler.model.journal import Intent, IntentState, Write, WriteKind
from reconciler.rendering.reasons import describe

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def intent(age_s: float, kind: WriteKind = WriteKind.CREATE) -> Intent:
    return Intent(
        id=1,
        run_id=4,
        write=Write(kind=kind, trade="old", generation=1),
        intended_at=NOW - timedelta(seconds=age_s),
        state=IntentState.PENDING,
        text="",
    )


@pytest.mark.parametrize(
    ("age_s", "delay_s", "is_held"),
    [(10, 300, True), (299, 300, True), (300, 300, False), (-5, 300, True), (0, 0, False)],
)
def test_a_request_may_arrive_until_the_delay_is_over(age_s: float, delay_s: float, is_held: bool) -> None:
    assert is_delayed(intent(age_s), NOW, delay_s) is is_held


def test_only_creates_may_still_open_a_trade_under_its_present_name() -> None:
    found = find_pending([intent(10), intent(10, WriteKind.ADD_FUNDS)], {"old": "new"}, NOW, 300)
    assert list(found) == ["new"]
    assert describe(found["new"]) == (
        "run 4 sent a create at 11:59:50 UTC whose answer was lost; a gateway may hold it back until 12:04:50 UTC, so"
        " nothing is sent again before then"
    )


def test_a_request_of_the_future_counts_as_sent_now() -> None:
    assert "at 12:00:00 UTC" in describe(describe_delay(intent(-60), NOW, 300))


def test_kinds_are_named_in_words() -> None:
    assert name_kind(WriteKind.ADD_FUNDS) == "add funds"
