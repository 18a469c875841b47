"""Guardrails in the document of a plan: all limits in use, with what the plan makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from reconciler.codec.body import Body
from reconciler.codec.json_fields import as_list, as_object
from reconciler.codec.numbers import plain, to_decimal
from reconciler.codec.reasons import read_reason, write_reason
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.rendering.reasons import describe, find_code


def write_guardrails(guardrails: Iterable[Guardrail]) -> list[Body]:
    """Write the limits in use, in their order; all keys are always there."""
    return [_write_guardrail(each) for each in guardrails]


def read_guardrails(value: object) -> tuple[Guardrail, ...]:
    """Read the limits in use; those of a plan of an older version, which had passed ones only, are left out.

    Raises:
        ValueError: Something is wrong in it.
        TypeError: Something has another type.
        KeyError: A key is missing.
    """
    found = [as_object(each, "guardrails[]") for each in as_list(value, "guardrails")]
    return tuple(_read_guardrail(each) for each in found if "state" in each)


def _write_guardrail(guardrail: Guardrail) -> Body:
    why = guardrail.reason
    return {
        "name": guardrail.name,
        "level": guardrail.level.value,
        "value": _write_number(guardrail.value),
        "before": _write_number(guardrail.before),
        "limit": _write_number(guardrail.limit),
        "limit_base": _write_number(guardrail.limit_base),
        "is_least": guardrail.is_least,
        "unit": guardrail.unit,
        "scope": guardrail.scope,
        "trades": list(guardrail.trades),
        "holds": list(guardrail.holds),
        "state": guardrail.state.value,
        "is_breach": guardrail.is_breach,
        "reason": None if why is None else {**write_reason(why), "text": describe(why)},
        "acknowledge": guardrail.acknowledge,
        "acknowledged": guardrail.acknowledged,
        "is_raised": guardrail.is_raised,
    }


def _read_guardrail(found: Mapping[str, object]) -> Guardrail:
    why = found["reason"]
    read = None if why is None else read_reason(why, find_code)
    if read is not None:
        # Its sentence can be written.
        describe(read)
    return Guardrail(
        name=str(found["name"]),
        level=GuardrailLevel(str(found["level"])),
        value=_read_number(found["value"]),
        before=_read_number(found["before"]),
        limit=_read_number(found["limit"]),
        limit_base=_read_number(found["limit_base"]),
        is_least=found["is_least"] is True,
        unit=str(found["unit"]),
        scope=str(found["scope"]),
        trades=_read_names(found["trades"]),
        holds=_read_names(found["holds"]),
        state=GuardrailState(str(found["state"])),
        reason=read,
        acknowledge=str(found["acknowledge"]),
        acknowledged=found["acknowledged"] is True,
        is_raised=found["is_raised"] is True,
    )


def _write_number(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _read_number(value: object) -> Decimal | None:
    return None if value is None else to_decimal(value)


def _read_names(value: object) -> tuple[str, ...]:
    return tuple(str(name) for name in as_list(value, "names"))
