"""Guardrails as text."""

from __future__ import annotations

from reconciler.model.plan import GuardrailFinding
from reconciler.model.review import RaisedLimit


def describe_finding(finding: GuardrailFinding) -> str:
    """Return what was counted, the limit, and what to do."""
    return (
        f"{finding.name}: {finding.count}, over the limit of {finding.limit} ({', '.join(finding.trades)}). "
        f"To allow this: --acknowledge {finding.name}={finding.count}"
    )


def describe_raised(raised: RaisedLimit) -> str:
    """Return what was counted, and the limit beside the built-in one."""
    return (
        f"{raised.name}: {raised.count} ({', '.join(raised.trades)}), limit {raised.limit} (default {raised.default})"
    )
