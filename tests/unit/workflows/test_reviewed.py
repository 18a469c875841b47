"""A new plan is carried out as far as it is what was reviewed; all else is refused by its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.errors import SavedPlanError
from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState
from reconciler.saved_plan.files import check_context, check_origin
from reconciler.workflows.plan_context import describe_context
from reconciler.workflows.reviewed import compare_plans
from tests.support.world import World, open_position, trade

A, B, C = trade("a"), trade("b", price=59000), trade("c", price=58900)


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def test_what_was_reviewed_is_kept_and_the_rest_is_named(world: World) -> None:
    again = compare_plans(world.plan(A, replace(B, generation=2), C), world.plan(A, B), {})
    assert [each.trade for each in again.plan.operations] == ["a"]
    assert [each.trade for each in again.refused] == ["b", "c"]


def test_a_part_of_what_was_reviewed_is_kept(world: World) -> None:
    reviewed = world.plan(A, B)
    world.converge(A)
    again = compare_plans(world.plan(A, B), reviewed, {})
    assert [each.trade for each in again.plan.operations] == ["b"]
    assert again.refused == ()


def test_an_operation_is_not_sent_more_often_than_it_was_reviewed(world: World) -> None:
    plan = world.plan(A)
    again = compare_plans(replace(plan, operations=plan.operations * 2), plan, {})
    assert (len(again.plan.operations), len(again.refused)) == (0, 2)


def test_what_executes_at_market_is_held_against_the_reviewed_prices(world: World) -> None:
    open_position(world)
    closed = trade(state=DesiredState.CLOSED)
    reviewed = world.plan(closed)
    world.price("USDT_BTC", 62000)
    (operation,) = compare_plans(world.plan(closed), reviewed, {}).plan.operations
    assert operation.reviewed_prices == reviewed.operations[0].reviewed_prices


def acknowledge(plan: Plan, value: int) -> Plan:
    closes = Guardrail(
        name="closes",
        value=Decimal(value),
        limit=Decimal(0),
        state=GuardrailState.OVER,
        acknowledge=f"closes={value}",
    )
    return replace(plan, guardrails=(closes,), acknowledged={"closes": Decimal(value)})


def test_an_acknowledgement_counts_only_for_the_same_value(world: World) -> None:
    world.converge(A, B)
    world.price("USDT_BTC", 58950)
    closed = [replace(each, state=DesiredState.CLOSED) for each in (A, B)]
    reviewed = acknowledge(world.plan(*closed), 2)
    again = compare_plans(world.plan(*closed), reviewed, {})
    assert again.plan.acknowledged["closes"] == 2
    assert again.plan.is_applicable
    one = compare_plans(world.plan(closed[0]), reviewed, {})
    assert [each.trade for each in one.plan.operations] == ["a"]
    assert "closes" not in one.plan.acknowledged
    assert not one.plan.is_applicable


@pytest.mark.parametrize(("number", "is_kept"), [("1189", False), ("1190", True), ("2000", True)])
def test_an_acknowledged_amount_is_an_upper_bound_of_what_it_is_now(world: World, number: str, is_kept: bool) -> None:
    # 600 and 590 USDT.
    plan = world.plan(A, B)
    passed = Guardrail(
        name="notional_total",
        unit="USDT",
        value=Decimal(1180),
        limit=Decimal(500),
        state=GuardrailState.OVER,
        acknowledge="notional_total=1180",
    )
    bound = {"notional_total": Decimal(number)}
    reviewed = replace(plan, guardrails=(passed,), acknowledged=bound)
    again = compare_plans(plan, reviewed, {"notional_total": {"USDT": 500}})
    assert again.plan.acknowledged == (bound if is_kept else {})
    assert again.plan.is_applicable is is_kept
    # A limit that was not passed at the review was not acknowledged.
    other = replace(reviewed, guardrails=(replace(passed, unit="EUR"),))
    assert not compare_plans(plan, other, {"notional_total": {"USDT": 500}}).plan.acknowledged


def test_what_only_the_change_let_pass_stays_refused(world: World) -> None:
    raised = Guardrail(name="closes", value=Decimal(1), limit=Decimal(1), is_raised=True)
    reviewed = replace(world.plan(A), guardrails=(raised,))
    assert raised in compare_plans(world.plan(A), reviewed, {}).plan.guardrails


def test_an_expired_plan_is_of_the_same_origin_and_one_of_another_target_is_not(world: World) -> None:
    plan = world.plan(A)
    later = describe_context(world.settings, plan.context.expires_at)
    check_origin(plan, later)
    with pytest.raises(SavedPlanError, match="expired"):
        check_context(plan, later)
    with pytest.raises(SavedPlanError, match="accounts"):
        check_origin(plan, replace(later, accounts={"main": 7}))
