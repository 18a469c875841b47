"""Limits in use: breaches first, what is near marked, what is far in few words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.rendering.guardrail_table import guardrail_lines
from reconciler.rendering.style import Style
from tests.support import builders, planning

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
    create = planning.only(planning.plan([builders.spec()], []))
    return list(guardrail_lines(builders.plan([create], guardrails=guardrails), Style()))


def test_breaches_come_first_and_limits_that_are_far_are_named_below() -> None:
    assert lines(UNUSED, NEAR, CLOSES, OVER) == [
        "   GUARDRAIL                    PLAN     LIMIT  USED       BY",
        "!  unprotects                      1         0  OVER       a, b and 1 more",
        "   closes                          1         1  at limit   doge",
        "   loss_at_stop_total USDT  1,289.08  1,500.00  86 % near",
        "   Far from: creates 0 of 20",
    ]


def test_if_no_limit_is_near_one_line_names_them_all() -> None:
    ratio = Guardrail(name="reward_risk", value=None, limit=Decimal("1.5"), is_least=True)
    total = replace(NEAR, value=Decimal(0), state=GuardrailState.OK)
    pairs = Guardrail(name="pairs", value=None, limit=None)
    assert lines(UNUSED, ratio, total, pairs) == [
        "Guardrails, none near: creates 0 of 20, reward_risk - of least 1.5,",
        "  loss_at_stop_total 0.00 of 1,500.00 USDT, pairs ok",
    ]


def test_a_plan_without_operations_names_only_limits_that_count_something() -> None:
    plan = builders.plan(guardrails=(UNUSED,))
    assert list(guardrail_lines(plan, Style())) == []
    assert len(list(guardrail_lines(replace(plan, guardrails=(UNUSED, CLOSES)), Style()))) == 3


def test_a_built_in_warning_has_a_line_of_its_own_only_from_near_on() -> None:
    creates = replace(UNUSED, value=Decimal(2), level=GuardrailLevel.WARN)
    assert lines(creates) == ["Guardrails, none near: creates 2 of 20"]
    (_, own) = lines(replace(creates, limit=Decimal(30)))
    assert own.split() == ["creates", "(warn)", "2", "30", "7", "%"]
    (_, near) = lines(replace(creates, value=Decimal(17), state=GuardrailState.NEAR))
    assert near.split() == ["creates", "(warn)", "17", "20", "85", "%", "near"]


def test_an_unknown_value_is_shown_as_such_and_a_warning_is_no_breach() -> None:
    unknown = replace(NEAR, value=None, state=GuardrailState.UNKNOWN, scope="USDT_BTC", holds=("a",))
    (_, first, second) = lines(unknown, replace(unknown, level=GuardrailLevel.WARN))
    assert first.split() == ["!", "loss_at_stop_total", "USDT_BTC", "USDT", "-", "1,500.00", "UNKNOWN"]
    assert second.split() == ["loss_at_stop_total", "USDT_BTC", "USDT", "(warn)", "-", "1,500.00", "UNKNOWN"]
    assert "unknown before" in lines(replace(unknown, state=GuardrailState.OVER_BEFORE))[1]


def test_an_acknowledged_breach_says_so() -> None:
    assert "OVER, acknowledged" in lines(replace(OVER, acknowledged=True))[1]


def test_what_only_passes_by_a_raised_limit_is_over() -> None:
    assert lines(replace(NEAR, is_raised=True))[1].split()[-2:] == ["OVER,", "raised"]


def test_a_ratio_that_must_be_large_has_no_share() -> None:
    ratio = Guardrail(name="reward_risk", value=Decimal(2), limit=Decimal("1.5"), is_least=True)
    assert lines(ratio)[1].split() == ["reward_risk", "2", "1.5", "ok"]


def test_no_line_is_wider_than_a_terminal() -> None:
    names = tuple(f"a-trade-with-a-long-name-{number}" for number in range(3))
    assert all(len(line) <= 80 for line in lines(replace(NEAR, trades=names, state=GuardrailState.OVER)))
