"""Limits in use: breaches first, what is near marked, what is not touched only counted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.rendering.guardrail_table import guardrail_lines
from reconciler.rendering.style import Style
from tests.support import builders

CLOSES = Guardrail(name="closes", value=Decimal(1), limit=Decimal(1), state=GuardrailState.AT_LIMIT, trades=("doge",))
OVER = Guardrail(
    name="unprotects",
    value=Decimal(1),
    limit=Decimal(0),
    state=GuardrailState.OVER,
    trades=("a", "b", "c"),
    acknowledge="unprotects=1",
)
NEAR = Guardrail(
    name="loss_at_stop_total",
    unit="USDT",
    value=Decimal("1289.08"),
    limit=Decimal(1500),
    state=GuardrailState.NEAR,
)
UNUSED = Guardrail(name="creates", value=Decimal(0), limit=Decimal(20))


def lines(*guardrails: Guardrail) -> list[str]:
    return list(guardrail_lines(replace(builders.plan(), guardrails=guardrails), Style()))


def test_breaches_come_first_and_untouched_limits_are_counted() -> None:
    assert lines(UNUSED, NEAR, CLOSES, OVER) == [
        "   GUARDRAIL                    PLAN     LIMIT  USED       BY",
        "!  unprotects                      1         0  OVER       a, b and 1 more",
        "   closes                          1         1  at limit   doge",
        "   loss_at_stop_total USDT  1,289.08  1,500.00  86 % near",
        "   1 more limit not near",
    ]


def test_without_a_limit_in_use_there_is_no_table() -> None:
    assert lines(UNUSED) == []


def test_an_unknown_value_is_shown_as_such_and_a_warning_is_no_breach() -> None:
    unknown = replace(NEAR, value=None, state=GuardrailState.UNKNOWN, scope="USDT_BTC", holds=("a",))
    (_, first, second) = lines(unknown, replace(unknown, level=GuardrailLevel.WARN))
    assert first == "!  loss_at_stop_total USDT_BTC USDT     -  1,500.00  UNKNOWN"
    assert second.startswith("   loss_at_stop_total")
    assert lines(replace(unknown, state=GuardrailState.OVER_BEFORE))[1].endswith("unknown before")


def test_an_acknowledged_breach_says_so() -> None:
    assert "OVER, acknowledged" in lines(replace(OVER, acknowledged=True))[1]


def test_a_ratio_that_must_be_large_has_no_share() -> None:
    ratio = Guardrail(name="reward_risk", value=Decimal(2), limit=Decimal("1.5"), is_least=True)
    assert lines(ratio)[1].split() == ["reward_risk", "2", "1.5", "ok"]


def test_no_line_is_wider_than_a_terminal() -> None:
    names = tuple(f"a-trade-with-a-long-name-{number}" for number in range(3))
    assert all(len(line) <= 80 for line in lines(replace(NEAR, trades=names, state=GuardrailState.OVER)))
