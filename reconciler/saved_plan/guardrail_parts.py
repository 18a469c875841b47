"""Guardrails in a saved plan, written and read back."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.codec.body import Body
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.rendering.risk_json import write_described, write_number
from reconciler.saved_plan.fields import (
    read_described,
    read_optional_number,
    read_texts,
)


def write_guardrail(guardrail: Guardrail) -> Body:
    """Write one limit in use."""
    return {
        "name": guardrail.name,
        "level": guardrail.level.value,
        "value": write_number(guardrail.value),
        "before": write_number(guardrail.before),
        "limit": write_number(guardrail.limit),
        "limit_base": write_number(guardrail.limit_base),
        "is_least": guardrail.is_least,
        "unit": guardrail.unit,
        "scope": guardrail.scope,
        "trades": list(guardrail.trades),
        "holds": list(guardrail.holds),
        "state": guardrail.state.value,
        "reason": write_described(guardrail.reason) if guardrail.reason else None,
        "acknowledge": guardrail.acknowledge,
        "acknowledged": guardrail.acknowledged,
        "is_raised": guardrail.is_raised,
        "is_breach": guardrail.is_breach,
    }


def read_guardrail(guardrail: Mapping[str, object]) -> Guardrail:
    """Read one limit in use; whether it is a breach is not believed but decided again."""
    found = guardrail["reason"]
    return Guardrail(
        name=str(guardrail["name"]),
        level=GuardrailLevel(str(guardrail["level"])),
        value=read_optional_number(guardrail["value"]),
        before=read_optional_number(guardrail["before"]),
        limit=read_optional_number(guardrail["limit"]),
        limit_base=read_optional_number(guardrail["limit_base"]),
        is_least=guardrail["is_least"] is True,
        unit=str(guardrail["unit"]),
        scope=str(guardrail["scope"]),
        trades=read_texts(guardrail["trades"]),
        holds=read_texts(guardrail["holds"]),
        state=GuardrailState(str(guardrail["state"])),
        reason=None if found is None else read_described(found),
        acknowledge=str(guardrail["acknowledge"]),
        acknowledged=guardrail["acknowledged"] is True,
        is_raised=guardrail["is_raised"] is True,
    )
