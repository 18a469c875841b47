"""What refuses a plan before anything is sent, and what holds a part of it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from reconciler.errors import Frozen, GuardrailError, SavedPlanError, StalePlanError
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.plan import Plan
from reconciler.workflows.refusals import Holds, refuse_inapplicable
from tests.support.guardrails import CREATE, TIGHTEN, named
from tests.support.world import World, trade

ONE = Decimal(1)


@pytest.fixture
def world() -> Iterator[World]:
    with World(limits={"creates": 0}) as made:
        yield made


@pytest.fixture
def mixed(world: World) -> Plan:
    """A plan that opens a trade, and makes the stop of another one safer."""
    return replace(world.plan(trade()), operations=(named(CREATE, "a"), named(TIGHTEN, "b")))


def test_nothing_is_held_back_of_a_plan_that_passes_no_limit(world: World, mixed: Plan) -> None:
    assert refuse_inapplicable(world.session, mixed, {"creates": ONE}) == Holds()
    assert refuse_inapplicable(world.session, replace(mixed, acknowledged={"creates": ONE}), {}) == Holds()


def test_the_part_that_waits_is_named_with_its_limit(world: World, mixed: Plan) -> None:
    holds = refuse_inapplicable(world.session, mixed, {})
    assert [each.name for each in holds.breaches] == ["creates"]
    assert [(each.operation.trade, each.guardrails) for each in holds.held] == [("a", holds.breaches)]


def test_a_plan_of_which_nothing_may_be_sent_is_refused(world: World, mixed: Plan) -> None:
    with pytest.raises(GuardrailError, match="Guardrail: creates: 1"):
        refuse_inapplicable(world.session, replace(mixed, operations=mixed.operations[:1]), {})
    settings = replace(world.settings, limits={}, freezes=(Freeze(source=FreezeSource.VARIABLE, reason="x"),))
    with pytest.raises(Frozen, match="Held back: a \\(commits\\); nothing was sent"):
        refuse_inapplicable(
            replace(world.session, settings=settings), replace(mixed, operations=mixed.operations[:1]), {}
        )


def test_no_value_of_a_limit_begins_a_line_of_the_error(world: World, mixed: Plan) -> None:
    settings = replace(world.settings, limits={"pairs": frozenset({"USDT_ETH\n::error::x"})})
    creates = replace(mixed, operations=mixed.operations[:1])
    with pytest.raises(GuardrailError, match=r"Guardrail: pairs: .*USDT_ETH\\x0a::error::x"):
        refuse_inapplicable(replace(world.session, settings=settings), creates, {})


def test_a_plan_without_operations_passes(world: World, mixed: Plan) -> None:
    assert refuse_inapplicable(world.session, replace(mixed, operations=()), {}) == Holds()


def test_a_plan_for_something_else_or_too_old_is_refused_as_a_whole(world: World, mixed: Plan) -> None:
    with pytest.raises(SavedPlanError):
        refuse_inapplicable(world.session, replace(mixed, context=replace(mixed.context, workspace="other")), {})
    old = replace(mixed.context, expires_at=world.clock.now() - timedelta(seconds=1))
    with pytest.raises(StalePlanError):
        refuse_inapplicable(world.session, replace(mixed, context=old), {})
