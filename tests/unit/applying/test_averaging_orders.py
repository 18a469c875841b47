"""Averaging orders through the life of a trade: sent once it is open, changed, executed, cancelled, taken along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reconciler.codec.body import read_terms, write_body
from reconciler.model.fires import AVERAGING_FIRES
from reconciler.model.operations import Action, Effect
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import NoticeKind
from reconciler.model.specs import DesiredState
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe, describe_all
from reconciler.saved_plan.files import read_plan, write_plan
from tests.support.averaging_orders import BASE, averaged, found_orders, open_trade, order
from tests.support.world import World, kinds, trade

TWO = averaged(order(57000), order(54000, "0.01"))
PLACED = [("54000.0", "0.01", "order_placed"), ("57000.0", "0.005", "order_placed")]


@pytest.fixture
def world() -> Iterator[World]:
    with World(limits={"closes": 1}) as made:
        yield made


def note(world: World) -> str:
    return str(world.trades()[0]["note"])


def test_nothing_is_sent_while_the_entry_waits_and_the_plan_says_so(world: World) -> None:
    world.converge(TWO)
    plan = world.plan(TWO)
    assert plan.is_empty
    assert plan.unchanged == 1
    assert [notice.kind for notice in plan.notices] == [NoticeKind.LATER]
    assert "825 USDT" in describe(plan.notices[0].reason)
    assert found_orders(world) == []


def test_once_open_each_order_is_sent_and_counted_and_the_plan_is_empty(world: World) -> None:
    open_trade(world, TWO)
    plan = world.plan(TWO)
    assert [(op.action, op.effect) for op in plan.operations] == [(Action.ADD_FUNDS, Effect.COMMITS)] * 2
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED] * 2
    assert found_orders(world) == PLACED
    assert note(world).endswith(" a2]")
    assert world.plan(TWO).is_empty


def test_the_count_is_written_before_each_order_leaves(world: World) -> None:
    open_trade(world)
    world.connect()
    world.converge(TWO)
    assert [path.rpartition("/")[2] for _, path in world.wire.writes] == ["set_note", "add_funds"] * 2


@pytest.mark.parametrize("prices", [(56900, 53900, 63100, 66100), (56900, 63100, 53900, 49900), (56900, 49900)])
def test_what_prices_do_to_the_orders_is_progress(world: World, prices: tuple[int, ...]) -> None:
    open_trade(world, TWO)
    world.converge(TWO)
    for price in prices:
        world.price("USDT_BTC", price)
        assert world.plan(TWO).is_empty, price


def test_an_executed_order_may_stay_in_the_file_or_leave_it(world: World) -> None:
    open_trade(world, TWO)
    world.converge(TWO)
    world.price("USDT_BTC", 56900)
    assert found_orders(world)[1][2] == "finished"
    assert world.plan(TWO).is_empty
    assert world.plan(averaged(order(54000, "0.01"))).is_empty


def test_an_order_that_leaves_the_file_is_cancelled_and_frees_what_it_binds(world: World) -> None:
    open_trade(world, TWO)
    world.converge(TWO)
    plan = world.plan(averaged(order(57000)))
    (cancel,) = plan.operations
    assert (cancel.action, cancel.effect, describe_all(cancel.money)) == (
        Action.CANCEL_AVERAGING,
        Effect.FREES,
        "540 USDT",
    )
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]
    assert found_orders(world)[0][2] == "cancelled"
    assert world.plan(averaged(order(57000))).is_empty


def test_with_the_whole_list_gone_all_pending_orders_are_cancelled(world: World) -> None:
    open_trade(world, TWO)
    world.converge(TWO)
    assert kinds(world.converge(BASE)) == [OutcomeKind.APPLIED] * 2
    assert [status for _, _, status in found_orders(world)] == ["cancelled"] * 2
    assert world.plan(BASE).is_empty


@pytest.mark.parametrize("changed", [order(56000), order(57000, "0.006")])
def test_a_changed_order_is_cancelled_and_sent_anew(world: World, changed: Any) -> None:
    open_trade(world, averaged(order(57000)))
    world.converge(averaged(order(57000)))
    plan = world.plan(averaged(changed))
    assert [op.action for op in plan.operations] == [Action.CANCEL_AVERAGING, Action.ADD_FUNDS]
    world.apply(plan)
    assert sorted(status for _, _, status in found_orders(world)) == ["cancelled", "order_placed"]
    assert note(world).endswith(" a2]")
    assert world.plan(averaged(changed)).is_empty


def test_a_cancelled_order_is_history_and_is_not_sent_again(world: World) -> None:
    open_trade(world, TWO)
    world.converge(TWO)
    world.converge(BASE)
    plan = world.plan(TWO)
    assert plan.is_empty
    assert ["is not sent a second time" in describe(notice.reason) for notice in plan.notices] == [True, True]


def test_orders_come_after_everything_else_also_that_of_other_trades(world: World) -> None:
    open_trade(world)
    other = trade("other", price=40000, stop=39000)
    plan = world.plan(replace(TWO, terms=trade(stop=51000).terms), other)
    assert [op.action for op in plan.operations][:1] == [Action.UPDATE]
    assert [op.action for op in plan.operations][-2:] == [Action.ADD_FUNDS] * 2
    world.apply(plan)
    assert world.plan(replace(TWO, terms=trade(stop=51000).terms), other).is_empty


def test_a_stop_moved_later_keeps_the_count(world: World) -> None:
    open_trade(world, TWO)
    world.converge(TWO)
    moved = replace(TWO, terms=trade(stop=51000).terms, note="tighter")
    assert kinds(world.converge(moved)) == [OutcomeKind.APPLIED]
    assert " a2] tighter" in note(world)
    assert world.plan(moved).is_empty


@pytest.mark.parametrize("state", [DesiredState.CLOSED, DesiredState.ABANDONED])
def test_the_end_of_the_trade_takes_pending_orders_along(world: World, state: DesiredState) -> None:
    open_trade(world, TWO)
    world.converge(TWO)
    assert kinds(world.converge(replace(TWO, state=state))) == [OutcomeKind.APPLIED]
    assert [status for _, _, status in found_orders(world)] == ["cancelled"] * 2
    assert world.plan(replace(TWO, state=state)).is_empty


def test_orders_are_read_only_where_a_marker_counts_some(world: World) -> None:
    open_trade(world)
    world.connect()
    world.plan(TWO)
    assert not [path for _, path in world.wire.seen if path.endswith("/trades")]
    world.converge(TWO)
    world.connect()
    world.plan(TWO)
    assert len([path for _, path in world.wire.seen if path.endswith("/trades")]) == 1


def test_an_order_that_the_price_has_reached_is_shown_to_execute(world: World) -> None:
    open_trade(world)
    reached = averaged(order(59950))
    plan = world.plan(reached)
    assert (plan.operations[0].effect, plan.operations[0].fires) == (Effect.EXECUTES, (AVERAGING_FIRES,))
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]
    assert found_orders(world) == [("59950.0", "0.005", "finished")]
    assert world.plan(reached).is_empty


def test_an_order_that_would_execute_at_once_only_since_the_review_is_not_sent(world: World) -> None:
    open_trade(world)
    plan = world.plan(TWO)
    world.price("USDT_BTC", 56000)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE, OutcomeKind.NOT_STARTED]
    assert "executes at once" in describe_outcome(result.outcomes[0])
    assert found_orders(world) == []
    assert " a" not in note(world)


def test_a_refused_order_is_not_counted(world: World) -> None:
    def hide_limits(method: str, path: str, body: Any) -> Any:
        return body | {"minTotal": None} if "currency_rates" in path else body

    open_trade(world)
    world.wire.alter = hide_limits
    small = averaged(order(57000, "0.00001"))
    result = world.converge(small)
    assert kinds(result) == [OutcomeKind.FAILED]
    assert "must be greater than or equal to 5.0" in describe_outcome(result.outcomes[0])
    assert " a" not in note(world)
    assert [op.action for op in world.plan(small).operations] == [Action.ADD_FUNDS]


def test_an_order_that_the_account_cannot_pay_fails_and_is_not_sent_again(world: World) -> None:
    open_trade(world)
    dear = averaged(order(57000, "0.1"))
    with world.sandbox.transaction() as state:
        state.wallet(1).spend("USDT", Decimal(9_995_000))
    assert kinds(world.converge(dear)) == [OutcomeKind.FAILED]
    plan = world.plan(dear)
    assert plan.is_empty
    assert "is failed and is not sent a second time" in describe(plan.notices[0].reason)


@pytest.mark.parametrize(
    ("price", "units", "reason"),
    [
        ("57000.001", "0.005", "averaging[0].price 57000.001 is not a multiple of the tick 0.01"),
        ("57000", "0.0050001", "averaging[0].units 0.0050001 BTC is not a multiple of the lot 0.00001"),
        ("57000", "0.00002", "averaging[0] is 0.00002 BTC = 1.14 USDT, below the smallest order of 5 USDT"),
    ],
)
def test_what_the_exchange_would_refuse_is_told_before_the_entry_and_blocked_after_it(
    world: World, price: str, units: str, reason: str
) -> None:
    spec = averaged(order(price, units))
    warning = world.plan(spec).notices[-1]
    assert warning.kind is NoticeKind.WARNING
    assert reason in describe(warning.reason)
    open_trade(world, spec)
    plan = world.plan(spec)
    assert not plan.operations
    assert reason in describe(plan.blocked[0].reason)


def test_orders_added_by_hand_are_not_taken_for_ours(world: World) -> None:
    open_trade(world, TWO)
    world.converge(TWO)
    live_id = world.trades()[0]["id"]
    assert isinstance(live_id, int)
    body = {"order_type": "limit", "units": {"value": "0.01"}, "price": {"value": "52000"}}
    world.api.add_funds(live_id, body)
    assert [describe(blocked.reason) for blocked in world.plan(TWO).blocked] == [
        "the trade has 1 averaging order more than were sent from here"
    ]
    known = averaged(*TWO.averaging, order(52000, "0.01"))
    assert world.plan(known).is_empty


def test_an_order_added_by_hand_before_any_was_counted_is_adopted_where_the_file_has_it(world: World) -> None:
    open_trade(world)
    live_id = world.trades()[0]["id"]
    assert isinstance(live_id, int)
    world.api.add_funds(live_id, {"order_type": "limit", "units": {"value": "0.005"}, "price": {"value": "57000"}})
    assert kinds(world.converge(TWO)) == [OutcomeKind.ALREADY_DONE, OutcomeKind.APPLIED]
    assert found_orders(world) == PLACED
    assert world.plan(TWO).is_empty


def test_a_saved_plan_with_averaging_orders_says_and_does_the_same(world: World) -> None:
    open_trade(world, averaged(order(57000)))
    world.converge(averaged(order(57000)))
    plan = world.plan(averaged(order(56000)))
    saved = read_plan(write_plan(plan))
    assert saved.operations == plan.operations
    assert kinds(world.apply(saved, is_saved=True)) == [OutcomeKind.APPLIED] * 2
    assert kinds(world.apply(saved, is_saved=True)) == [OutcomeKind.ALREADY_DONE] * 2
    assert len(found_orders(world)) == 2


def test_an_order_that_was_executed_since_the_review_makes_its_cancellation_stale(world: World) -> None:
    open_trade(world, averaged(order(57000)))
    world.converge(averaged(order(57000)))
    plan = world.plan(averaged(order(56000)))
    world.price("USDT_BTC", 56900)
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.STALE, OutcomeKind.NOT_STARTED]
    assert len(found_orders(world)) == 1


def test_an_order_that_fills_while_it_is_cancelled_is_not_replaced_unasked(world: World) -> None:
    open_trade(world, averaged(order(57000)))
    world.converge(averaged(order(57000)))
    plan = world.plan(averaged(order(56000)))
    world.sandbox.schedule("fill_on_cancel", value="100", trade_id=30000001)
    assert kinds(world.apply(plan)) == [OutcomeKind.FILLED_WHILE_CANCELLING, OutcomeKind.NOT_STARTED]
    assert found_orders(world) == [("57000.0", "0.005", "finished")]


def test_where_cancelled_orders_are_listed_no_more_a_new_one_is_still_sent(world: World) -> None:
    def hide(method: str, path: str, body: Any) -> Any:
        return [sub for sub in body if sub["status"] != "cancelled"] if path.endswith("/trades") else body

    open_trade(world, averaged(order(57000)))
    world.converge(averaged(order(57000)))
    world.wire.alter = hide
    assert kinds(world.converge(averaged(order(56000)))) == [OutcomeKind.APPLIED] * 2
    assert found_orders(world) == [("56000.0", "0.005", "order_placed")]
    assert world.plan(averaged(order(56000))).is_empty


def test_a_list_without_even_the_entry_proves_nothing(world: World) -> None:
    open_trade(world, TWO)
    world.converge(averaged(order(57000)))
    world.wire.alter = lambda method, path, body: [] if path.endswith("/trades") else body
    for spec in (TWO, BASE):
        plan = world.plan(spec)
        assert not plan.operations
        assert "its entry is missing" in describe(plan.blocked[0].reason)


def test_a_position_of_own_funds_is_averaged_too(world: World) -> None:
    own = averaged(order(57000), spec=trade("own", stop=50000, is_own_funds=True))
    world.converge(own)
    assert [op.action for op in world.plan(own).operations] == [Action.ADD_FUNDS]
    assert kinds(world.converge(own)) == [OutcomeKind.APPLIED]
    for price in (59900, 56900, 63100):
        world.price("USDT_BTC", price)
        assert world.plan(own).is_empty


def test_a_short_is_averaged_above_its_entry(world: World) -> None:
    body = write_body(trade(steps=((55000, 100),), stop=70000).terms)
    body["position"] = {**body["position"], "type": "sell"}  # type: ignore[dict-item] # raw JSON
    short = averaged(order(63000), spec=replace(BASE, terms=read_terms(body)))
    world.converge(short)
    world.price("USDT_BTC", 60100)
    (send,) = world.plan(short).operations
    assert describe_all(send.money) == "0.005 BTC more, 0.005 BTC at 63000"
    assert kinds(world.converge(short)) == [OutcomeKind.APPLIED]
    for price in (62000, 63100, 56000, 54900):
        world.price("USDT_BTC", price)
        assert world.plan(short).is_empty, price
    assert found_orders(world) == [("63000.0", "0.005", "finished")]


def test_the_estimate_of_requests_is_about_what_is_sent(world: World) -> None:
    open_trade(world, TWO)
    world.converge(averaged(order(57000)))
    plan = world.plan(TWO)
    sent = world.api.session.budget.sent
    world.apply(plan, is_saved=True)
    assert plan.requests_needed - 2 <= world.api.session.budget.sent - sent <= plan.requests_needed


def test_a_breakeven_stop_that_was_put_at_the_old_average_is_no_drift_after_averaging(world: World) -> None:
    stop = replace(trade(stop=50000).terms.stop_loss, breakeven=True)  # type: ignore[type-var] # trade() has a stop
    terms = replace(trade(steps=((61000, 50), (70000, 50))).terms, stop_loss=stop)
    spec = averaged(spec=replace(BASE, terms=terms))
    open_trade(world, spec)
    world.price("USDT_BTC", 61500)
    more = replace(spec, averaging=(order(61800, "0.02"),))
    assert world.plan(spec).is_empty
    assert kinds(world.converge(more)) == [OutcomeKind.APPLIED]
    assert found_orders(world)[0][2] == "finished"
    assert world.plan(more).is_empty


def test_a_lost_order_is_told_with_what_to_do(world: World) -> None:
    open_trade(world, TWO)
    world.api.set_note(30000001, note(world).replace("]", " a1]"))
    (blocked,) = world.plan(TWO).blocked
    assert describe(blocked.reason) == (
        "its note counts 1 averaging order and 3Commas lists 0:"
        " one may have been sent and not be visible, so none is sent again"
    )
    assert [change.wanted for change in blocked.changes] == ["0.005 at 57000", "0.01 at 54000"]
    world.api.set_note(30000001, note(world).replace(" a1]", "]"))
    assert kinds(world.converge(TWO)) == [OutcomeKind.APPLIED] * 2
    assert world.plan(TWO).is_empty


def test_nothing_is_added_to_a_position_whose_stop_is_about_to_act(world: World) -> None:
    # A stop fires in the tick in which the entry fills, so one that waits is needed.
    stop = replace(TWO.terms.stop_loss, timeout_s=60)  # type: ignore[type-var] # it has a stop
    waits = replace(TWO, terms=replace(TWO.terms, stop_loss=stop))
    world.converge(waits)
    world.price("USDT_BTC", 49000)
    plan = world.plan(waits)
    assert not plan.operations
    assert describe(plan.blocked[0].reason) == "the price has passed the stop: nothing is added at 49000"
    world.price("USDT_BTC", 59000)
    assert [op.action for op in world.plan(waits).operations] == [Action.ADD_FUNDS] * 2


def test_an_order_planned_before_the_price_passed_the_stop_is_not_sent(world: World) -> None:
    world.converge(TWO)
    world.price("USDT_BTC", 59900)
    plan = world.plan(TWO)
    world.wire.alter = lambda method, path, body: (
        body | {"data": body["data"] | {"current_price": {"bid": "49000.0", "ask": "49000.1", "last": "49000.0"}}}
        if path == "/v2/smart_trades/30000001"
        else body
    )
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE, OutcomeKind.NOT_STARTED]
    assert "has passed the stop" in describe_outcome(result.outcomes[0])


def test_a_position_that_is_blocked_for_another_reason_is_not_added_to(world: World) -> None:
    open_trade(world)
    other_entry = replace(TWO, terms=trade(price=60100, stop=50000).terms)
    plan = world.plan(other_entry)
    assert not plan.operations
    assert "another entry" in describe(plan.blocked[0].reason)
    assert [describe(notice.reason) for notice in plan.notices] == [
        "its averaging orders are left unchanged while something else about it is blocked"
    ]
