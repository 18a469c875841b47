"""Instants as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from reconciler.codec.instants import write_instant


def test_an_instant_is_written_in_utc_to_the_second() -> None:
    assert write_instant(datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)) == "2026-01-02T03:04:05Z"
    assert write_instant(datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))) == "2026-01-02T01:04:05Z"
