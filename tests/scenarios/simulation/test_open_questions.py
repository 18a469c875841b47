"""Plans carried out whichever way an open question of the documents is answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.values.options import CancelAnswer, UnknownTrade, WrongStatus
from tests.support.world import World, kinds, trade

pytestmark = pytest.mark.slow

APPLIED = OutcomeKind.APPLIED
OTHER = trade("other", price=50000, stop=49000)
ONE = "/v2/smart_trades/*"
CLOSE = "POST /v2/smart_trades/{id}/close_by_market"
CANCEL = "DELETE /v2/smart_trades/{id}"


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        made.price("USDT_BTC", 61000)
        yield made


@pytest.mark.parametrize("answer", CancelAnswer)
def test_cancels_of_every_kind_are_confirmed_by_reading(world: World, answer: CancelAnswer) -> None:
    world.sandbox.configure("cancel_answer", answer)
    world.converge(trade())

    assert kinds(world.converge(trade(order_type="market", stop=58000))) == [APPLIED]
    dropped = trade(order_type="market", stop=58000, steps=((66000, 50),), unallocated=50)
    assert kinds(world.converge(dropped)) == [APPLIED, APPLIED]
    assert kinds(world.converge(dropped, OTHER)) == [APPLIED]
    plan = world.plan(dropped)
    assert [operation.action for operation in plan.operations] == [Action.CANCEL]
    assert kinds(world.apply(plan)) == [APPLIED]
    assert world.plan(dropped).is_empty


@pytest.mark.parametrize("answer", UnknownTrade)
def test_a_trade_that_is_gone_is_told_and_the_next_plan_starts_anew(world: World, answer: UnknownTrade) -> None:
    world.sandbox.configure("unknown_trade", answer)
    world.converge(trade())
    plan = world.plan(trade(price=60500))
    world.sandbox.reset()
    world.price("USDT_BTC", 61000)

    saved = world.apply(plan, is_saved=True)
    assert kinds(saved) == [OutcomeKind.STALE]
    assert "does not exist for this key and mode" in describe_outcome(saved.outcomes[0])
    assert kinds(world.apply(plan)) == [OutcomeKind.FAILED]
    assert kinds(world.converge(trade(price=60500))) == [APPLIED]
    assert world.plan(trade(price=60500)).is_empty


@pytest.mark.parametrize("answer", WrongStatus)
@pytest.mark.parametrize(("method", "act"), [("PATCH", CLOSE), ("PATCH", CANCEL), ("DELETE", CANCEL)])
def test_a_refusal_because_somebody_was_faster_fails_one_trade_only(
    world: World, answer: WrongStatus, method: str, act: str
) -> None:
    world.sandbox.configure("wrong_status", answer)
    first, second = trade(), trade("second", price=60100)
    world.converge(first, second)
    if act == CLOSE:
        world.price("USDT_BTC", 59900)
    world.sandbox.add_fault(Fault(kind=FaultKind.ACT, method=method, path=ONE, request=act))
    wanted = [] if method == "DELETE" else [trade(stop=58000), trade("second", price=60100, stop=58000)]
    result = world.converge(*wanted)

    assert sorted(kinds(result)) == sorted([OutcomeKind.FAILED, APPLIED])
    assert result.error is None
    assert all(
        "not allowed in the current status" in describe_outcome(each)
        for each in result.outcomes
        if describe_outcome(each)
    )


@pytest.mark.parametrize("answer", WrongStatus)
def test_a_close_that_somebody_else_began_is_refused_and_done_at_the_next_look(
    world: World, answer: WrongStatus
) -> None:
    world.sandbox.configure("wrong_status", answer)
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.sandbox.add_fault(Fault(kind=FaultKind.ACT, method="POST", path=f"{ONE}/close_by_market", request=CLOSE))
    closed = trade(state=DesiredState.CLOSED)

    assert kinds(world.converge(closed)) == [OutcomeKind.FAILED]
    assert world.plan(closed).is_empty
