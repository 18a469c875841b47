"""Guardrails in a saved plan."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.saved_plan.guardrail_parts import read_guardrail, write_guardrail
from tests.support.guardrails import CREATE, LOOSEN, judge

OVER = Guardrail(
    name="closes",
    value=Decimal(1),
    limit=Decimal(0),
    holds=("a",),
    state=GuardrailState.OVER,
    acknowledge="closes=1",
)


def test_what_is_written_is_read_back() -> None:
    assert read_guardrail(write_guardrail(OVER)) == OVER


def test_a_file_cannot_say_that_a_breach_is_none() -> None:
    assert read_guardrail({**write_guardrail(OVER), "is_breach": False}).is_breach


def test_an_unknown_value_is_null() -> None:
    unknown = Guardrail(name="notional_total", unit="USDT", value=None, limit=Decimal(5), state=GuardrailState.UNKNOWN)
    assert write_guardrail(unknown)["value"] is None
    assert read_guardrail(write_guardrail(unknown)) == unknown


def test_every_limit_in_use_is_read_back_as_it_was_written() -> None:
    limits = judge([CREATE, LOOSEN], {"notional_total": {"USDT": 5}, "reward_risk": 2, "pairs": ["EUR_*"]})
    assert len(limits) > 5
    assert [read_guardrail(write_guardrail(each)) for each in limits] == list(limits)
