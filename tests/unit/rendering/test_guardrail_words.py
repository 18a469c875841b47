"""Sentences about passed limits."""

from __future__ import annotations

import pytest

from reconciler.model.guardrails import GuardrailReason
from reconciler.model.reasons import Reason, reason
from reconciler.rendering.reasons import describe


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (reason(GuardrailReason.NO_LIMIT, currency="EUR"), "no limit for EUR"),
        (reason(GuardrailReason.PART_UNKNOWN, trades=("a", "b"), more=None), "not known of a, b"),
        (reason(GuardrailReason.PART_UNKNOWN, trades=("a", "b"), more=3), "not known of a, b and 3 more"),
        (reason(GuardrailReason.NOT_ALLOWED, found=("a",), allowed=("b", "c")), "found a, allowed: b, c"),
    ],
)
def test_why_a_limit_is_passed(found: Reason, expected: str) -> None:
    assert describe(found) == expected
