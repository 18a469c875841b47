"""The codes of bad news."""

from __future__ import annotations

from reconciler.model.news_codes import NewsCode
from tests.support.used_members import find_used


def test_bad_news_is_made_of_every_code() -> None:
    assert find_used(NewsCode, "attention", "model") == set(NewsCode.__members__)
