"""Guardrails of operations whose risk is not known: those that count them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.guardrails.evaluate import evaluate
from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.trade_changes import gather_facts
from reconciler.model.guardrails import Guardrail
from reconciler.model.operations import Operation
from reconciler.model.risk import WorkspaceRisk

NOTHING_STATED: Mapping[str, object] = {}


def judge(operations: Iterable[Operation], stated: Mapping[str, object] = NOTHING_STATED) -> tuple[Guardrail, ...]:
    """All limits in use."""
    return evaluate(gather_facts(tuple(operations), WorkspaceRisk(), {}), read_limits(stated))


def count_breaches(operations: Iterable[Operation], stated: Mapping[str, object] = NOTHING_STATED) -> dict[str, int]:
    """The breaches, with what was counted."""
    return {each.name: int(each.value or 0) for each in judge(operations, stated) if each.is_breach}
