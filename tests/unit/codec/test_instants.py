"""Instants as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from reconciler.codec.instants import read_instant, write_instant


def test_an_instant_is_written_in_utc_to_the_second() -> None:
    assert write_instant(datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)) == "2026-01-02T03:04:05Z"
    assert write_instant(datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))) == "2026-01-02T01:04:05Z"


def test_an_instant_with_an_offset_is_converted_to_utc() -> None:
    instant = read_instant("2026-01-02T03:04:05.600+02:00")
    assert instant == datetime(2026, 1, 2, 1, 4, 5, 600_000, tzinfo=UTC)
    assert instant.tzinfo is UTC


def test_what_is_written_is_read_as_it_was() -> None:
    instant = datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)
    assert read_instant(write_instant(instant, precision="milliseconds")) == instant
    assert write_instant(instant, precision="auto") == "2026-01-02T03:04:05.600000Z"


def test_a_text_without_a_time_zone_is_utc_only_where_that_is_assumed() -> None:
    assert read_instant("2026-01-02T03:04:05", is_utc_assumed=True) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    with pytest.raises(ValueError, match="has no time zone"):
        read_instant("2026-01-02T03:04:05")


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an ISO date|is beyond all dates"):
        read_instant(text)
