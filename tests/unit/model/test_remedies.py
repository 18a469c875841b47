"""The codes of remedies."""

from __future__ import annotations

from reconciler.model.remedies import Remedy
from tests.support.used_members import find_used


def test_every_remedy_is_given_by_a_finding_or_by_bad_news() -> None:
    assert find_used(Remedy, "drifting", "attention") == set(Remedy.__members__)
