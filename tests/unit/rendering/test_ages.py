"""The age of a thing in two or three characters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reconciler.rendering.ages import describe_age
from tests.support.builders import NOW


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=59), "0m"),
        (timedelta(minutes=12, seconds=59), "12m"),
        (timedelta(hours=1), "1h"),
        (timedelta(hours=23, minutes=59), "23h"),
        (timedelta(days=3, hours=23), "3d"),
        (timedelta(days=400), "400d"),
        (timedelta(seconds=-5), "0m"),
    ],
)
def test_an_age_is_its_largest_full_unit(age: timedelta, words: str) -> None:
    assert describe_age(NOW - age, NOW) == words
