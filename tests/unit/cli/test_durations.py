"""Durations as they are typed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.cli.durations import read_duration
from reconciler.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("1.5m", 90), ("2h", 7200), ("1d", 86400), ("0.25s", Decimal("0.25"))],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: Decimal) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5x", "-1s", "1h30m", "1e3", "٣s"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="is not a duration: expected for example 90s"):
        read_duration(text)
