from __future__ import annotations

import pytest

from reconciler.sandbox.values.instants import format_instant, read_instant


@pytest.mark.parametrize(
    ("at_ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1767225600000, "2026-01-01T00:00:00.000Z"),
        (1767225600007, "2026-01-01T00:00:00.007Z"),
    ],
)
def test_an_instant_is_written_with_milliseconds_and_read_back(at_ms: int, text: str) -> None:
    assert format_instant(at_ms) == text
    assert read_instant(text) == at_ms


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("1970-01-02", 86400000),
        ("1970-01-01T01:00:00", 3600000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_text_without_an_offset_is_utc(text: str, at_ms: int | None) -> None:
    assert read_instant(text) == at_ms
