"""Realised losses and usual sizes, from the history of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.errors import GuardrailError
from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.workflows.applying import ApplyOptions, apply_plan
from tests.support.world import World, kinds, trade

STATED = {"loss_realised": {"USDT": 10, "within": "24h"}, "size_multiple": 3, "closes": 9}


@pytest.fixture
def world() -> Iterator[World]:
    with World(limits=STATED) as made:
        yield made


def lose(world: World, name: str = "old") -> TradeSpec:
    """Open a trade and let its stop take it."""
    spec = trade(name)
    plan = world.plan(spec)
    apply_plan(world.session, plan, {each.acknowledge.partition("=")[0]: Decimal(1) for each in plan.breaches})
    world.price("USDT_BTC", 59900)
    world.price("USDT_BTC", 58000)
    return replace(spec, state=DesiredState.CLOSED)


def find(plan: Plan, name: str) -> Guardrail:
    return next(each for each in plan.guardrails if each.name == name)


def test_a_loss_holds_back_what_binds_money_and_says_who_lost(world: World) -> None:
    closed = lose(world)
    plan = world.plan(closed, trade("next", price=50000, stop=49000, steps=((53000, 100),)))
    found = find(plan, "loss_realised")
    assert (found.state, found.trades, found.holds) == (GuardrailState.OVER, ("old",), ("next",))
    assert found.value is not None
    assert 10 < found.value < 40
    with pytest.raises(GuardrailError, match="loss_realised"):
        apply_plan(world.session, plan, {})


def test_an_acknowledged_loss_lets_the_plan_pass_up_to_that_amount(world: World) -> None:
    closed = lose(world)
    plan = world.plan(closed, trade("next", price=50000, stop=49000, steps=((53000, 100),)))
    done = apply_plan(world.session, plan, {"loss_realised": Decimal(40)})
    assert kinds(done) == ["applied"]


def test_losses_since_the_plan_hold_back_what_binds_money(world: World) -> None:
    wanted = trade("next", price=50000, stop=49000, steps=((53000, 100),))
    first = trade("old")
    plan = world.plan(first)
    apply_plan(world.session, plan, {"size_multiple.unknown": Decimal(1)})
    plan = world.plan(first, wanted)
    assert plan.breaches == ()
    world.price("USDT_BTC", 59900)
    world.price("USDT_BTC", 58000)
    done = apply_plan(world.session, plan, {}, ApplyOptions(is_partial=True))
    assert kinds(done) == ["stale"]
    (held,) = done.outcomes
    assert held.reason is not None
    assert held.reason["name"] == "loss_realised"


def test_the_usual_size_is_that_of_the_trades_seen(world: World) -> None:
    lose(world)
    plan = world.plan(trade("next", units="0.04", price=50000, stop=49000, steps=((53000, 100),)))
    found = find(plan, "size_multiple")
    assert found.value is not None
    assert Decimal("3.3") < found.value < Decimal("3.4")
    assert found.is_breach


def test_a_plan_that_binds_no_money_reads_no_history_for_its_losses(world: World) -> None:
    spec = trade("kept")
    apply_plan(world.session, world.plan(spec), {"size_multiple.unknown": Decimal(1)})
    before = world.session.api.session.budget.sent
    plan = world.plan(spec)
    assert plan.past is not None
    assert not plan.past.is_whole
    world.settings = replace(world.settings, limits={})
    middle = world.session.api.session.budget.sent
    world.plan(spec)
    assert world.session.api.session.budget.sent - middle == middle - before
