"""Plans carried out on the sandbox: what is sent, what comes of it, and that the next plan is empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.codec.live_trades import read_trade
from reconciler.live.update_body import update_body
from reconciler.model.operations import Action, Cause, Effect
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from tests.support.world import World, kinds, trade

APPLIED = OutcomeKind.APPLIED


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def actions(plan: Plan) -> list[Action]:
    return [operation.action for operation in plan.operations]


def assert_converged(world: World, *specs: TradeSpec) -> None:
    plan = world.plan(*specs)
    assert plan.is_empty, plan


def test_a_create_is_confirmed_and_then_nothing_is_left_to_do(world: World) -> None:
    result = world.converge(trade())
    assert kinds(result) == [APPLIED]
    assert world.wire.writes == [("POST", "/v2/smart_trades")]
    assert_converged(world, trade())


def test_fifty_creates_are_confirmed_by_one_reading(world: World) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(50)]
    plan = world.plan(*specs)
    before = len(world.wire.seen)
    result = world.apply(plan)
    assert kinds(result) == [APPLIED] * 50
    sent = world.wire.seen[before:]
    # One proof of absence, one look at the accounts, one price, one confirmation.
    assert len(sent) == 50 + 4
    assert_converged(world, *specs)


def test_a_waiting_entry_is_moved_by_one_update(world: World) -> None:
    world.converge(trade())
    changed = trade(price=60500)
    plan = world.plan(changed)
    assert actions(plan) == [Action.UPDATE]
    assert kinds(world.apply(plan)) == [APPLIED]
    assert len(world.trades()) == 1
    assert_converged(world, changed)


def test_another_order_type_replaces_a_waiting_trade(world: World) -> None:
    world.converge(trade())
    changed = trade(order_type="market", stop=58000, steps=((70000, 100),))
    plan = world.plan(changed)
    assert actions(plan) == [Action.REPLACE]
    assert plan.count_changes() == (1, 0, 1)
    assert kinds(world.apply(plan)) == [APPLIED]
    assert_converged(world, changed)
    newest, oldest = world.trades()
    assert (newest["id"], oldest["id"]) == (30000002, 30000001)


def test_a_stop_of_an_open_trade_moves_by_an_update_that_echoes_the_rest(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    moved = trade(stop=59000)
    plan = world.plan(moved)
    assert [(operation.action, operation.effect) for operation in plan.operations] == [(Action.UPDATE, Effect.PROTECTS)]
    assert kinds(world.apply(plan)) == [APPLIED]
    assert_converged(world, moved)


def test_a_stop_that_moves_away_counts_as_unprotecting(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    plan = world.plan(trade(stop=58000))
    assert [operation.effect for operation in plan.operations] == [Effect.UNPROTECTS]
    assert [each.name for each in plan.breaches] == ["unprotects"]


def test_steps_and_stop_of_an_open_trade_change_together(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    changed = trade(stop=59000, steps=((64000, 30), (65000, 30), (66000, 40)))
    assert kinds(world.converge(changed)) == [APPLIED]
    assert_converged(world, changed)


def test_dropping_a_step_with_its_share_unallocated_is_one_delete_of_that_step(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    dropped = trade(steps=((66000, 50),), unallocated=50)
    plan = world.plan(dropped)
    assert actions(plan) == [Action.CANCEL_STEP, Action.SET_NOTE]
    assert kinds(world.apply(plan)) == [APPLIED, APPLIED]
    assert [method for method, _ in world.wire.writes[-2:]] == ["DELETE", "POST"]
    assert_converged(world, dropped)


def test_a_step_that_somebody_cancelled_first_excuses_no_other_edit(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    plan = world.plan(trade(steps=((66000, 50),), unallocated=50))
    live = read_trade(world.trades()[0])
    stop = live.terms.stop_loss
    assert stop is not None
    moved = replace(live.terms, stop_loss=replace(stop, trigger=replace(stop.trigger, value=Decimal(57500))))
    world.api.update(live.id, update_body(live.entity, moved, ["stop_loss.conditional.price.value"]))
    step = next(step for step in read_trade(world.trades()[0]).open_steps if step.terms.level.value != 66000)
    world.api.cancel_trade(live.id, step.id)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.ALREADY_DONE, OutcomeKind.STALE]
    assert "57500" in describe_outcome(result.outcomes[1])


def test_dropping_a_step_and_moving_the_stop_does_both_in_the_order_that_works(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    changed = trade(stop=59000, steps=((66000, 50),), unallocated=50)
    plan = world.plan(changed)
    assert actions(plan) == [Action.UPDATE, Action.CANCEL_STEP, Action.SET_NOTE]
    assert kinds(world.apply(plan)) == [APPLIED] * 3
    assert_converged(world, changed)


def test_dropping_all_steps_switches_the_group_off_and_never_deletes_one(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    bare = trade(steps=())
    assert kinds(world.converge(bare)) == [APPLIED]
    assert "DELETE" not in [method for method, _ in world.wire.writes]
    assert_converged(world, bare)


def test_one_of_two_equal_steps_goes_and_the_other_stays(world: World) -> None:
    world.converge(trade(steps=((66000, 25), (66000, 25), (67000, 50))))
    world.price("USDT_BTC", 59900)
    dropped = trade(steps=((66000, 25), (67000, 50)), unallocated=25)
    assert kinds(world.converge(dropped)) == [APPLIED, APPLIED]
    assert_converged(world, dropped)


def test_a_trade_in_no_file_is_cancelled_while_it_waits(world: World) -> None:
    world.converge(trade("old"), trade("kept", price=59000))
    plan = world.plan(trade("kept", price=59000))
    assert [(operation.action, operation.cause) for operation in plan.operations] == [(Action.CANCEL, Cause.OMISSION)]
    assert kinds(world.apply(plan)) == [APPLIED]
    assert_converged(world, trade("kept", price=59000))


def test_a_position_in_no_file_is_never_touched(world: World) -> None:
    world.converge(trade("old"), trade("kept", price=50000))
    world.price("USDT_BTC", 59900)
    plan = world.plan(trade("kept", price=50000))
    assert not plan.operations
    assert [blocked.trade for blocked in plan.blocked] == ["old"]


def test_state_closed_cancels_a_waiting_trade_and_closes_an_open_one(world: World) -> None:
    world.converge(trade("waits", price=50000), trade("holds"))
    world.price("USDT_BTC", 59900)
    closed = [trade("waits", price=50000, state=DesiredState.CLOSED), trade("holds", state=DesiredState.CLOSED)]
    plan = world.plan(*closed)
    assert actions(plan) == [Action.CANCEL, Action.CLOSE]
    assert [each.name for each in plan.breaches] == ["closes"]
    assert kinds(world.apply(plan)) == [APPLIED, APPLIED]
    assert_converged(world, *closed)


def test_state_abandoned_keeps_the_coins_and_counts_as_unprotecting(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    abandoned = trade(state=DesiredState.ABANDONED)
    plan = world.plan(abandoned)
    assert [(operation.action, operation.effect) for operation in plan.operations] == [
        (Action.CANCEL, Effect.UNPROTECTS)
    ]
    assert kinds(world.apply(plan)) == [APPLIED]
    assert_converged(world, abandoned)


def test_state_released_takes_the_marker_off(world: World) -> None:
    world.converge(trade(note="mine"))
    released = trade(note="mine", state=DesiredState.RELEASED)
    assert kinds(world.converge(released)) == [APPLIED]
    assert [entity["note"] for entity in world.trades()] == ["mine"]
    assert_converged(world, released)


def test_another_note_is_written_without_touching_the_trade(world: World) -> None:
    world.converge(trade(note="first"))
    assert kinds(world.converge(trade(note="second"))) == [APPLIED]
    assert world.wire.writes[-1] == ("POST", "/v2/smart_trades/30000001/set_note")
    assert_converged(world, trade(note="second"))


def test_a_finished_trade_is_not_opened_again_by_itself(world: World) -> None:
    world.converge(trade(steps=((63000, 100),)))
    world.price("USDT_BTC", 59900)
    world.price("USDT_BTC", 63100)
    plan = world.plan(trade(steps=((63000, 100),)))
    assert plan.is_empty
    assert [describe(notice.reason) for notice in plan.notices] == ["finished"]
    again = trade(steps=((63000, 100),), generation=2, price=62000)
    assert kinds(world.converge(again)) == [APPLIED]
    assert_converged(world, again)


def test_a_create_that_fails_at_the_exchange_is_a_failed_operation_and_is_not_repeated(world: World) -> None:
    specs = [trade(name, units="75") for name in ("first", "second", "third")]
    result = world.converge(*specs)
    assert kinds(result) == [APPLIED, APPLIED, OutcomeKind.FAILED]
    assert "failed" in describe_outcome(result.outcomes[2])
    plan = world.plan(*specs)
    assert plan.is_empty
    assert "raise generation to 2" in describe(plan.notices[0].reason)


def test_a_create_that_the_api_refuses_says_why_and_the_others_go_on(world: World) -> None:
    result = world.converge(trade("short", steps=((63000, 50),)), trade("good"))
    assert kinds(result) == [OutcomeKind.FAILED, APPLIED]
    assert "422" in describe_outcome(result.outcomes[0])


def test_an_entry_that_would_execute_at_once_since_the_price_moved_is_not_sent(world: World) -> None:
    plan = world.plan(trade())
    world.price("USDT_BTC", 59000)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE]
    assert world.wire.writes == []


def test_a_stop_that_would_execute_at_once_since_the_price_moved_is_not_sent(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    plan = world.plan(trade(stop=59500))
    world.price("USDT_BTC", 59400)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE]
    assert "the stop" in describe_outcome(result.outcomes[0])


def test_an_edit_by_hand_between_plan_and_apply_makes_the_operation_stale(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(price=60500))
    world.api.set_note(30000001, "hands off")
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE]
    assert ("PATCH", "/v2/smart_trades/30000001") not in world.wire.writes


def test_an_entry_that_filled_between_plan_and_apply_is_not_cancelled(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(state=DesiredState.CLOSED))
    world.price("USDT_BTC", 59900)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE]
    assert "DELETE" not in [method for method, _ in world.wire.writes]


def test_a_plan_applied_twice_does_nothing_the_second_time(world: World) -> None:
    plan = world.plan(trade("a", price=50000), trade("b", price=51000))
    world.apply(plan, is_saved=True)
    before = len(world.wire.writes)
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.ALREADY_DONE] * 2
    assert len(world.wire.writes) == before


def test_a_plan_of_every_operation_applied_twice_does_nothing_the_second_time(world: World) -> None:
    old = [
        trade("updated", price=50000),
        trade("cancelled", price=50001),
        trade("replaced", price=50002),
        trade("noted", price=50003, note="a"),
        trade("stepped"),
        trade("closed"),
    ]
    world.converge(*old)
    world.price("USDT_BTC", 59900)
    new = [
        trade("updated", price=50100),
        trade("cancelled", price=50001, state=DesiredState.CLOSED),
        trade("replaced", price=3000, stop=2900, steps=((3300, 100),), pair="USDT_ETH", units="1"),
        trade("noted", price=50003, note="b"),
        trade("stepped", steps=((66000, 50),), unallocated=50),
        trade("closed", state=DesiredState.CLOSED),
    ]
    plan = world.plan(*new)
    first = world.apply(plan, is_saved=True)
    assert set(kinds(first)) == {APPLIED}
    before = len(world.wire.writes)
    second = world.apply(plan, is_saved=True)
    assert set(kinds(second)) == {OutcomeKind.ALREADY_DONE}, [describe_outcome(outcome) for outcome in second.outcomes]
    assert len(world.wire.writes) == before
    assert_converged(world, *new)


def test_a_step_that_was_executed_is_not_said_to_execute_again(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.price("USDT_BTC", 63500)
    plan = world.plan(trade(stop=60000))
    assert [operation.fires for operation in plan.operations] == [()]
    assert kinds(world.apply(plan)) == [APPLIED]
    assert_converged(world, trade(stop=60000))


def test_steps_that_do_not_add_up_any_more_hold_back_no_stop(world: World) -> None:
    world.converge(trade(steps=((63000, 30), (64000, 30), (66000, 40))))
    world.price("USDT_BTC", 59900)
    world.price("USDT_BTC", 63500)
    dropped = trade(steps=((63000, 30), (66000, 40)), unallocated=30)
    world.converge(dropped)
    moved = trade(stop=60000, steps=((63000, 30), (66000, 40)), unallocated=30)
    assert kinds(world.converge(moved)) == [APPLIED]
    assert_converged(world, moved)
