"""Guardrails as text."""

from __future__ import annotations

from reconciler.model.plan import GuardrailFinding
from reconciler.model.review import RaisedLimit


def describe_finding(finding: GuardrailFinding, *, is_acknowledged: bool = False) -> str:
    """Return what was counted, the limit, and what to do.

    Args:
        finding: A guardrail that the plan trips.
        is_acknowledged: Whether exactly this count was acknowledged already.
    """
    counted = f"{finding.name}: {finding.count}, over the limit of {finding.limit} ({', '.join(finding.trades)})"
    if is_acknowledged:
        return f"{counted}; acknowledged"
    return f"{counted}. To allow this: --acknowledge {finding.name}={finding.count}"


def describe_raised(raised: RaisedLimit) -> str:
    """Return what was counted, and the limit beside the built-in one."""
    return (
        f"{raised.name}: {raised.count} ({', '.join(raised.trades)}), limit {raised.limit} (default {raised.default})"
    )
