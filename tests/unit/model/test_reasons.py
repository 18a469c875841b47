"""Reasons: codes with values."""

from __future__ import annotations

import pytest

from reconciler.model.drift_codes import DriftCode
from reconciler.model.reasons import reason


def test_a_reason_has_its_values_by_name_whatever_their_order() -> None:
    one = reason(DriftCode.STEP_INACTIVE, step=1, status="failed")
    assert one == reason(DriftCode.STEP_INACTIVE, status="failed", step=1)
    assert (one["step"], one["status"]) == (1, "failed")


def test_a_value_that_is_none_is_left_out() -> None:
    one = reason(DriftCode.STOP_INACTIVE, status=None)
    assert one.values == ()
    with pytest.raises(KeyError, match="status"):
        one["status"]
