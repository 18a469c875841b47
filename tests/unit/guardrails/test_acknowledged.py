"""An acknowledgement is a part of the plan that it fits, and has no effect on another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.guardrails.acknowledged import acknowledge, find_refused, find_useless
from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.rendering.reasons import describe
from tests.support import builders

CLOSES = Guardrail(
    name="closes",
    value=Decimal(2),
    limit=Decimal(0),
    trades=("a", "b"),
    holds=("a", "b"),
    state=GuardrailState.OVER,
    acknowledge="closes=2",
)
LOSS = Guardrail(
    name="loss_at_stop_total",
    unit="USDT",
    value=Decimal("1519.5"),
    limit=Decimal(500),
    trades=("a",),
    holds=("a",),
    state=GuardrailState.OVER,
    acknowledge="loss_at_stop_total=1519.5",
)
PLAN = replace(builders.plan(), guardrails=(CLOSES, LOSS))
BOTH = {"closes": Decimal(2), "loss_at_stop_total": Decimal(1520)}


def test_counts_fit_exactly_and_amounts_as_an_upper_bound() -> None:
    plan = acknowledge(PLAN, BOTH)
    assert plan.acknowledged == BOTH
    assert [each.acknowledged for each in plan.guardrails] == [True, True]
    assert plan.is_applicable
    assert plan.notices == ()


@pytest.mark.parametrize(
    "given",
    [
        {"closes": Decimal(1)},
        {"closes": Decimal(3)},
        {"loss_at_stop_total": Decimal(1519)},
        {"unprotects": Decimal(1)},
    ],
)
def test_what_fits_nothing_has_no_effect_and_says_so(given: Mapping[str, Decimal]) -> None:
    plan = acknowledge(PLAN, given)
    assert plan.acknowledged == {}
    assert not any(each.acknowledged for each in plan.guardrails)
    (warning,) = plan.notices
    assert f"--acknowledge {next(iter(given))}=" in describe(warning.reason)
    assert "has no effect" in describe(warning.reason)


def test_the_words_that_would_fit_are_said() -> None:
    (why,) = find_useless(PLAN, {"closes": Decimal(1)})
    assert "closes=2" in describe(why).partition("has no effect")[2]


def test_what_is_acknowledged_already_is_not_useless() -> None:
    assert find_useless(acknowledge(PLAN, BOTH), BOTH) == ()


def test_apply_takes_what_the_plan_holds_and_what_the_run_adds() -> None:
    plan = acknowledge(PLAN, {"closes": Decimal(2)})
    now = PLAN.guardrails
    assert [each.name for each in find_refused(now, PLAN, {})] == ["closes", "loss_at_stop_total"]
    assert [each.name for each in find_refused(now, plan, {})] == ["loss_at_stop_total"]
    assert find_refused(now, plan, {"loss_at_stop_total": Decimal(1520)}) == ()


def test_apply_holds_to_what_only_the_change_under_review_let_pass() -> None:
    raised = replace(CLOSES, limit=Decimal(50), limit_base=Decimal(0), state=GuardrailState.OK, is_raised=True)
    plan = replace(PLAN, guardrails=(raised,))
    # By the limits of now nothing is passed.
    assert [each.name for each in find_refused((), plan, {})] == ["closes"]
    assert find_refused((), acknowledge(plan, {"closes": Decimal(2)}), {}) == ()


def test_a_limit_that_is_over_by_more_when_the_plan_is_applied_is_refused() -> None:
    plan = acknowledge(PLAN, BOTH)
    more = replace(LOSS, value=Decimal(1521))
    assert [each.name for each in find_refused((more,), plan, {})] == ["loss_at_stop_total"]
