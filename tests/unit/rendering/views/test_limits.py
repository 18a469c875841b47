"""Guardrails in use."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.model.phrases import Tone
from reconciler.rendering.views.limits import view_limit, view_limits
from tests.support import builders

NEAR = Guardrail(
    name="notional_total",
    unit="USDT",
    value=Decimal("33561.46"),
    limit=Decimal(40000),
    state=GuardrailState.NEAR,
    trades=("a",),
)


def test_a_limit_has_its_value_its_share_and_that_of_the_base() -> None:
    view = view_limit(replace(NEAR, limit_base=Decimal(30000), is_raised=True))
    assert (view.value, view.limit, view.base) == ("33,561.46", "40,000.00", "30,000.00")
    assert view.used == "84 % near, raised"
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


def test_untouched_limits_are_counted() -> None:
    unused = Guardrail(name="creates", value=Decimal(0), limit=Decimal(20))
    view = view_limits(replace(builders.plan(), guardrails=(unused, NEAR)))
    assert [row.name for row in view.rows] == ["notional_total"]
    assert view.rest == 1
