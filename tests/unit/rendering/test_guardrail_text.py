"""Guardrails as text."""

from __future__ import annotations

from reconciler.model.plan import GuardrailFinding
from reconciler.model.review import RaisedLimit
from reconciler.rendering.guardrail_text import describe_finding, describe_raised


def test_a_finding_says_count_limit_and_remedy() -> None:
    finding = GuardrailFinding(name="closes", count=2, limit=0, trades=("a", "b"))

    assert describe_finding(finding) == ("closes: 2, over the limit of 0 (a, b). To allow this: --acknowledge closes=2")


def test_an_acknowledged_finding_asks_for_nothing() -> None:
    finding = GuardrailFinding(name="closes", count=1, limit=0, trades=("a",))

    assert describe_finding(finding, is_acknowledged=True) == "closes: 1, over the limit of 0 (a); acknowledged"


def test_a_raised_limit_says_count_limit_and_default() -> None:
    raised = RaisedLimit(name="omissions", count=7, limit=9, default=5, trades=("a", "b"))

    assert describe_raised(raised) == "omissions: 7 (a, b), limit 9 (default 5)"
