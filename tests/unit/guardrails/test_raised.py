"""What only the limits of a change let pass is marked, with the limit of the base beside it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.guardrails.raised import mark_raised
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.rendering.reasons import describe

BASE = Guardrail(
    name="notional_total",
    unit="USDT",
    value=Decimal(800),
    limit=Decimal(500),
    trades=("a", "b"),
    holds=("a",),
    state=GuardrailState.OVER,
    acknowledge="notional_total=800",
)
RAISED = replace(BASE, limit=Decimal(1000), state=GuardrailState.NEAR, holds=(), acknowledge="")


def test_a_raised_limit_that_the_plan_makes_use_of_is_a_breach() -> None:
    (found,) = mark_raised([RAISED], [[BASE]])
    assert (found.limit, found.limit_base, found.is_raised, found.is_breach) == (
        Decimal(1000),
        Decimal(500),
        True,
        True,
    )
    assert (found.acknowledge, found.holds, found.trades) == ("notional_total=800", ("a",), ("a", "b"))
    assert found.reason is not None
    assert describe(found.reason) == "passes only by the limit of this change"


def test_a_raised_limit_without_use_only_shows_that_of_the_base() -> None:
    unused = replace(BASE, value=Decimal(400), state=GuardrailState.NEAR, holds=())
    (found,) = mark_raised([replace(unused, limit=Decimal(1000))], [[unused]])
    assert (found.limit_base, found.is_raised, found.is_breach) == (Decimal(500), False, False)


def test_a_removed_limit_is_held_by_that_of_the_base() -> None:
    (found,) = mark_raised([], [[BASE]])
    assert (found.limit, found.limit_base, found.is_breach) == (None, Decimal(500), True)


def test_a_limit_that_became_a_warning_is_held_by_that_of_the_base() -> None:
    warning = replace(BASE, level=GuardrailLevel.WARN)
    found = mark_raised([warning], [[BASE]])
    assert [(each.level, each.is_breach) for each in found] == [
        (GuardrailLevel.WARN, False),
        (GuardrailLevel.LIMIT, True),
    ]


def test_a_lowered_limit_refuses_by_itself_and_is_not_raised() -> None:
    lowered = replace(BASE, limit=Decimal(100))
    (found,) = mark_raised([lowered], [[replace(BASE, limit=Decimal(1000), state=GuardrailState.OK, holds=())]])
    assert (found.limit_base, found.is_raised, found.is_breach) == (Decimal(1000), False, True)


def test_of_two_values_that_both_refuse_the_worse_must_be_acknowledged() -> None:
    lower = replace(BASE, value=Decimal(700), holds=("b",), acknowledge="notional_total=700")
    for now, base in ((lower, BASE), (BASE, lower)):
        (found,) = mark_raised([now], [[base]])
        assert (found.value, found.acknowledge, found.is_breach) == (Decimal(800), "notional_total=800", True)
        assert {"a"} <= set(found.holds) <= {"a", "b"}
    unknown = replace(BASE, value=None, state=GuardrailState.UNKNOWN, acknowledge="")
    (found,) = mark_raised([lower], [[unknown]])
    assert (found.value, found.acknowledge, found.is_breach) == (None, "", True)
    ratio = replace(BASE, name="reward_risk", unit="", is_least=True, limit=Decimal(3), value=Decimal(2))
    (found,) = mark_raised([ratio], [[replace(ratio, value=Decimal(1), acknowledge="reward_risk=1")]])
    assert (found.value, found.acknowledge) == (Decimal(1), "reward_risk=1")


def test_a_total_that_was_over_and_is_not_raised_by_the_plan_is_no_breach() -> None:
    before = replace(BASE, state=GuardrailState.OVER_BEFORE, holds=())
    (found,) = mark_raised([RAISED], [[before]])
    assert not found.is_breach


def test_another_currency_or_pair_is_another_limit() -> None:
    found = mark_raised([replace(RAISED, unit="EUR")], [[BASE], [replace(BASE, scope="USDT_BTC")]])
    assert [(each.unit, each.scope, each.is_breach) for each in found] == [
        ("EUR", "", False),
        ("USDT", "", True),
        ("USDT", "USDT_BTC", True),
    ]


def test_the_strictest_of_several_bases_decides() -> None:
    lax = replace(RAISED, limit=Decimal(2000))
    (found,) = mark_raised([RAISED], [[lax], [BASE]])
    assert (found.limit_base, found.is_breach) == (Decimal(500), True)


def test_an_unknown_value_is_a_breach_of_the_base_too() -> None:
    unknown = replace(BASE, value=None, state=GuardrailState.UNKNOWN, acknowledge="notional_total.unknown=1")
    (found,) = mark_raised([], [[unknown]])
    assert found.is_breach
    assert found.acknowledge == "notional_total.unknown=1"


def test_both_ends_of_a_range_stay_beside_each_other() -> None:
    most = replace(BASE, name="stop_distance_pct", unit="%", scope="a")
    least = replace(most, is_least=True, state=GuardrailState.OK, holds=())
    found = mark_raised([most, least], [[replace(most, state=GuardrailState.OK, holds=()), least]])
    assert [(each.is_least, each.is_breach) for each in found] == [(False, True), (True, False)]
    found = mark_raised([most, least], [[]])
    assert [each.is_breach for each in found] == [True, False]


def test_the_limit_of_now_is_shown_if_another_trade_is_the_worst_by_it() -> None:
    other = replace(RAISED, scope="larger")
    found = mark_raised([other], [[replace(BASE, scope="a")]])
    assert [(each.scope, each.limit, each.limit_base, each.is_breach) for each in found] == [
        ("larger", Decimal(1000), None, False),
        ("a", Decimal(1000), Decimal(500), True),
    ]
