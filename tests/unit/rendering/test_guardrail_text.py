"""Guardrails as a reader sees them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailReason, GuardrailState
from reconciler.model.phrases import plain_text
from reconciler.model.reasons import reason
from reconciler.rendering.guardrail_text import describe_guardrail, is_above_default, say_above_default

CLOSES = Guardrail(
    name="closes",
    value=Decimal(2),
    limit=Decimal(0),
    trades=("a", "b"),
    holds=("a", "b"),
    state=GuardrailState.OVER,
    acknowledge="closes=2",
)
TOTAL = Guardrail(
    name="loss_at_stop_total",
    value=Decimal("1519.123456789"),
    limit=Decimal(1000),
    unit="USDT",
    trades=("a", "b", "c"),
    holds=("a",),
    state=GuardrailState.OVER,
    acknowledge="loss_at_stop_total=1519.12345679",
)
UNKNOWN = Guardrail(
    name="notional_total",
    value=None,
    limit=Decimal(500),
    unit="USDT",
    holds=("a",),
    trades=("a",),
    state=GuardrailState.UNKNOWN,
    reason=reason(GuardrailReason.PART_UNKNOWN, trades=("a", "b"), more=4),
    acknowledge="notional_total.unknown=1",
)


@pytest.mark.parametrize(
    ("guardrail", "expected"),
    [
        (CLOSES, "closes: 2, over the limit of 0 (a, b). To allow this: --acknowledge closes=2"),
        (
            TOTAL,
            (
                "loss_at_stop_total: 1519.12345679 USDT, over the limit of 1000 USDT (a, b, c). Held back: a. To allow"
                " this: --acknowledge loss_at_stop_total=1519.12345679"
            ),
        ),
        (
            UNKNOWN,
            (
                "notional_total: not known, limit 500 USDT (a). Not known of a, b and 4 more. To allow this:"
                " --acknowledge notional_total.unknown=1"
            ),
        ),
    ],
)
def test_a_passed_limit_says_its_value_what_is_held_back_and_what_allows_it(
    guardrail: Guardrail, expected: str
) -> None:
    assert describe_guardrail(guardrail) == expected


def test_a_warning_asks_for_nothing() -> None:
    warning = Guardrail(
        name="reward_risk",
        level=GuardrailLevel.WARN,
        value=Decimal("0.5"),
        limit=Decimal(1),
        is_least=True,
        unit="x",
        trades=("a",),
        holds=("a",),
        state=GuardrailState.OVER,
        acknowledge="reward_risk=0.5",
    )
    assert describe_guardrail(warning) == "reward_risk: 0.5 x, below the least of 1 x (a). This is a warning only."


def test_a_limit_above_the_built_in_one_is_shown_if_the_plan_makes_use_of_it() -> None:
    used = Guardrail(name="omissions", value=Decimal(7), limit=Decimal(9), trades=("a", "b"))
    unused = Guardrail(name="omissions", value=Decimal(0), limit=Decimal(9))
    assert is_above_default(used)
    assert not is_above_default(unused)
    assert not is_above_default(CLOSES)
    assert plain_text(say_above_default(used)) == "omissions: 7 (a, b), limit 9 (default 5)"
