"""Guardrails in use."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.model.phrases import Tone, plain_text
from reconciler.model.plan_view import LimitsView
from reconciler.rendering.views.limits import view_limit, view_limits
from tests.support import builders, planning

NEAR = Guardrail(
    name="notional_total",
    unit="USDT",
    value=Decimal("33561.46"),
    limit=Decimal(40000),
    state=GuardrailState.NEAR,
    trades=("a",),
)
UNUSED = Guardrail(name="creates", value=Decimal(0), limit=Decimal(20))


def test_a_limit_has_its_value_its_share_and_that_of_the_base() -> None:
    view = view_limit(replace(NEAR, limit_base=Decimal(30000), is_raised=True))
    assert (view.value, view.limit, view.base) == ("33,561.46", "40,000.00", "30,000.00")
    assert view.used == "OVER, raised"
    assert view.tone is Tone.DANGER
    assert view_limit(replace(NEAR, limit_base=Decimal(40000))).base == ""


def test_a_scope_is_said_only_if_no_trade_says_it() -> None:
    assert view_limit(replace(NEAR, scope="a")).scope == ""
    assert view_limit(replace(NEAR, scope="USDT_BTC")).scope == "USDT_BTC"


def test_states_have_words_and_tones() -> None:
    assert view_limit(replace(NEAR, state=GuardrailState.OVER_BEFORE)).used == "over before"
    assert view_limit(replace(NEAR, state=GuardrailState.OVER_BEFORE)).tone is Tone.WARNING
    assert view_limit(replace(NEAR, state=GuardrailState.OVER, acknowledged=True)).used == "OVER, acknowledged"
    assert view_limit(replace(NEAR, level=GuardrailLevel.WARN)).used == "84 % near, warning"
    assert view_limit(replace(NEAR, value=None, state=GuardrailState.UNKNOWN)).value == "-"
    percent = replace(NEAR, unit="%", value=Decimal("12.346"), state=GuardrailState.OK)
    assert (view_limit(percent).value, view_limit(percent).unit) == ("12.35 %", "")
    ratio = replace(NEAR, unit="", is_least=True, state=GuardrailState.OK)
    assert view_limit(ratio).used == "ok"


def view(*guardrails: Guardrail) -> LimitsView:
    create = planning.only(planning.plan([builders.spec()], []))
    return view_limits(builders.plan([create], guardrails=guardrails))


def test_limits_that_are_far_are_named_in_few_words() -> None:
    ratio = Guardrail(name="reward_risk", value=None, limit=Decimal("1.5"), is_least=True)
    total = replace(NEAR, value=Decimal(0), state=GuardrailState.OK)
    pairs = Guardrail(name="pairs", value=None, limit=None)
    found = view(UNUSED, NEAR, ratio, total, pairs)
    assert [row.name for row in found.rows] == ["notional_total"]
    assert [plain_text(each) for each in found.rest] == [
        "creates 0 of 20",
        "reward_risk - of least 1.5",
        "notional_total 0.00 of 40,000.00 USDT",
        "pairs ok",
    ]


def test_a_plan_without_operations_names_only_limits_that_count_something() -> None:
    plan = builders.plan(guardrails=(UNUSED,))
    assert view_limits(plan) == LimitsView()
    assert len(view_limits(replace(plan, guardrails=(UNUSED, NEAR))).rest) == 1


def test_a_built_in_warning_has_a_row_of_its_own_only_from_near_on() -> None:
    creates = replace(UNUSED, value=Decimal(2), level=GuardrailLevel.WARN)
    assert [plain_text(each) for each in view(creates).rest] == ["creates 2 of 20"]
    assert view(replace(creates, limit=Decimal(30))).rows[0].used == "7 %, warning"
    assert view(replace(creates, value=Decimal(17), state=GuardrailState.NEAR)).rows[0].used == "85 % near, warning"


def test_what_was_not_known_before_the_plan_is_said() -> None:
    unknown = replace(NEAR, value=None, state=GuardrailState.OVER_BEFORE)
    assert view_limit(unknown).used == "unknown before"
