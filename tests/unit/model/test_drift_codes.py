"""The codes of drift."""

from __future__ import annotations

from reconciler.model.drift_codes import DriftCode
from tests.support.used_members import find_used


def test_drift_makes_a_finding_of_every_code() -> None:
    assert find_used(DriftCode, "drifting") == set(DriftCode.__members__)
