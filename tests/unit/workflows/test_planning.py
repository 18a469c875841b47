"""What the plan reads of trades that are between two states."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.operations import Action, Cause
from reconciler.model.plan import NoticeKind, Plan
from reconciler.rendering.reasons import describe
from reconciler.workflows.plan_files import PlanFiles, select_all
from tests.support.world import World, trade


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def plan_patiently(world: World) -> Plan:
    """The plan as apply makes it."""
    from reconciler.workflows.planning import make_plan

    return make_plan(world.session, select_all(PlanFiles(specs=(trade(),))), waits_for_busy=True)


def test_a_stop_that_is_being_armed_is_no_loss(world: World) -> None:
    world.converge(trade())
    world.sandbox.configure("pending_reads", "4")
    world.price("USDT_BTC", 59900)
    assert world.plan(trade()).is_empty


def test_many_stops_that_are_being_armed_are_read_by_the_page(world: World) -> None:
    specs = [trade(f"t{number}") for number in range(30)]
    world.converge(*specs)
    world.sandbox.configure("pending_reads", "2")
    world.price("USDT_BTC", 59900)
    before = len(world.wire.seen)
    assert world.plan(*specs).is_empty
    assert len(world.wire.seen) - before <= 8


def test_a_stop_that_stays_unarmed_is_a_loss(world: World) -> None:
    world.converge(trade())
    world.sandbox.configure("pending_reads", "1000")
    world.price("USDT_BTC", 59900)
    plan = world.plan(trade())
    assert [operation.cause for operation in plan.operations] == [Cause.LOSS]
    assert [notice.kind for notice in plan.notices] == [NoticeKind.LOSS]


def test_a_busy_trade_is_told_by_plan_and_waited_for_by_apply(world: World) -> None:
    world.sandbox.configure("pending_reads", "5")
    world.api.create(_body())
    assert [notice.kind for notice in world.plan(trade()).notices] == [NoticeKind.BUSY]
    assert plan_patiently(world).notices == ()


def _body() -> dict[str, object]:
    from reconciler.codec.body import write_body
    from reconciler.codec.note import write_note
    from reconciler.planning.operations import wanted_marker

    return {**write_body(trade().terms), "note": write_note(wanted_marker("test", trade()), "")}


def test_a_replace_that_apply_would_refuse_for_want_of_proof_is_blocked_in_the_plan(world: World) -> None:
    world.price("USDT_BTC", 61000)
    world.converge(trade())
    world.converge(trade(), trade("other", price=50000, stop=49000))
    newest = int(str(world.trades()[0]["id"]))
    world.api.set_note(newest, "[reconciler:1 test/")
    plan = world.plan(trade(order_type="market", stop=50000, steps=((70000, 100),)))

    assert not plan.operations
    assert "it is not proven that it does not exist yet" in describe(plan.blocked[0].reason)
    world.api.set_note(newest, "repaired")
    assert [operation.action for operation in world.plan(trade(order_type="market")).operations] == [Action.REPLACE]
