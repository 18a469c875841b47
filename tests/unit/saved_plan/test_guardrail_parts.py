"""Guardrails in a saved plan."""

from __future__ import annotations

from reconciler.saved_plan.guardrail_parts import read_guardrail, write_guardrail
from tests.support.guardrails import CREATE, LOOSEN, judge


def test_every_limit_in_use_is_read_back_as_it_was_written() -> None:
    limits = judge([CREATE, LOOSEN], {"notional_total": {"USDT": 5}, "reward_risk": 2, "pairs": ["EUR_*"]})
    assert len(limits) > 5
    assert [read_guardrail(write_guardrail(each)) for each in limits] == list(limits)
