"""Reasons as JSON values."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from reconciler.codec.reasons import write_reason
from reconciler.model.drift_codes import DriftCode
from reconciler.model.reasons import Amount, ReasonValue, reason


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("text", "text"),
        (7, 7),
        (True, True),
        (Amount(Decimal("0.0100"), "BTC"), {"value": "0.01", "unit": "BTC"}),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), {"at": "2026-01-02T03:04:05Z"}),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))), {"at": "2026-01-02T01:04:05Z"}),
        ((7, "a"), [7, "a"]),
        (reason(DriftCode.MARKER_ABSENT), {"code": "marker_absent", "values": {}}),
    ],
)
def test_a_value_is_written_by_its_type(value: ReasonValue, written: object) -> None:
    document = write_reason(reason(DriftCode.MARKER_LOST, x=value))
    assert document == {"code": "marker_lost", "values": {"x": written}}
    assert json.loads(json.dumps(document)) == document


def test_a_value_that_is_missing_is_left_out() -> None:
    assert write_reason(reason(DriftCode.MARKER_LOST, x=None)) == {"code": "marker_lost", "values": {}}
