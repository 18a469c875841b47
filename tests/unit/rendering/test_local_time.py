"""Instants in the time zone of the reader."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from reconciler.rendering.local_time import format_local

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    with pytest.MonkeyPatch.context():
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "2026-01-01 12:00 UTC"),
        ("XXX-5:30", "2026-01-01 17:30 +05:30"),
        ("XXX+8", "2026-01-01 04:00 -08:00"),
    ],
)
def test_an_instant_is_shown_as_the_clock_of_the_reader_shows_it(
    monkeypatch: pytest.MonkeyPatch, zone: str, text: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert format_local(NOON) == text
