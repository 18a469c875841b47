"""Limits at the prices right before a write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.fresh_limits import FreshLimits
from reconciler.codec.live_trades import read_trade
from reconciler.guardrails.evaluate import evaluate_plan
from reconciler.model.guardrails import Guardrail, GuardrailState, PastTrades
from reconciler.model.live import Prices
from reconciler.model.operations import Precondition
from reconciler.model.review import ReviewBase
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms
from reconciler.rendering.reasons import describe
from reconciler.workflows.applying import ApplyOptions, apply_plan
from tests.support import builders
from tests.support.averaging_orders import BASE, averaged, open_trade, order
from tests.support.guardrails import CREATE, LOOSEN, TIGHTEN
from tests.support.world import World, kinds, trade

MARKET = builders.terms(entered_by=builders.entry(None), stop_loss=builders.stop(58500))
PLAN = builders.plan([CREATE])


def find(stated: Mapping[str, object], prices: Prices | None, terms: Terms = MARKET, plan: object = PLAN) -> str:
    limits = FreshLimits(plan, stated)  # type: ignore[arg-type]  # a plan
    why = limits.find_passed(replace(CREATE, after=terms), prices)
    return "" if why is None else describe(why)


@pytest.mark.parametrize(("most", "is_passed"), [("610.01", False), ("610", True)])
def test_the_notional_of_a_market_entry_is_that_of_the_present_ask(most: str, is_passed: bool) -> None:
    found = find({"notional_per_trade": {"USDT": most}}, builders.prices(61000))
    assert bool(found) is is_passed
    assert not found or "notional_per_trade is 610.01 USDT now, and the limit is 610 USDT" in found


def test_what_was_acknowledged_passes_up_to_that_amount() -> None:
    passed = Guardrail(
        name="notional_per_trade",
        value=Decimal(600),
        limit=Decimal(500),
        unit="USDT",
        holds=("new",),
        state=GuardrailState.OVER,
        acknowledge="notional_per_trade=600",
    )
    stated = {"notional_per_trade": {"USDT": 500}}
    unacknowledged = replace(PLAN, guardrails=(passed,))
    # What is held back for one trade widens the limit of no other.
    assert find(stated, builders.prices(59000), plan=unacknowledged) != ""
    plan = replace(unacknowledged, acknowledged={"notional_per_trade": Decimal(600)})
    assert find(stated, builders.prices(59000), plan=plan) == ""
    assert find(stated, builders.prices(61000), plan=plan) != ""
    more = replace(plan, acknowledged={"notional_per_trade": Decimal(620)})
    assert find(stated, builders.prices(61000), plan=more) == ""


def test_what_replaces_a_larger_trade_may_still_be_over_the_limit() -> None:
    """Otherwise a trade that was over a new limit could not be made smaller."""
    stated = {"notional_per_trade": {"USDT": 100}}
    larger = builders.terms(entered_by=builders.entry(61500))
    operation = replace(CREATE, after=MARKET, precondition=precondition(larger))
    assert FreshLimits(PLAN, stated).find_passed(operation, builders.prices(61000)) is None
    # At a higher price it would be the larger one.
    assert FreshLimits(PLAN, stated).find_passed(operation, builders.prices(61600)) is not None
    unknown = replace(operation, precondition=precondition(MARKET))
    assert FreshLimits(PLAN, stated).find_passed(unknown, builders.prices(61000)) is not None


def precondition(terms: Terms) -> Precondition:
    return Precondition(live_id=7, status="waiting_position", note="", terms=terms, finished_steps=0)


@pytest.mark.parametrize(("last", "is_passed"), [(75000, False), (76000, True), (50000, False), (46000, True)])
def test_a_waiting_entry_is_measured_from_the_present_price(last: int, is_passed: bool) -> None:
    assert bool(find({"entry_distance_pct": 20}, builders.prices(last), builders.terms())) is is_passed


def test_the_stop_of_a_market_entry_is_measured_from_the_present_price() -> None:
    stated = {"stop_distance_pct": {"min": 1, "max": 5}}
    assert find(stated, builders.prices(61000)) == ""
    assert "stop_distance_pct" in find(stated, builders.prices(65000))
    assert "stop_distance_pct" in find(stated, builders.prices(58700))


@pytest.mark.parametrize("prices", [None, Prices(bid=Decimal(0), ask=Decimal(1), last=Decimal(1))])
def test_without_a_price_it_is_refused(prices: Prices | None) -> None:
    assert "has no price" in find({"entry_distance_pct": 20}, prices)
    assert find({}, prices) == ""


def test_warnings_and_what_opens_nothing_are_not_held_back() -> None:
    assert find({"warn": {"notional_per_trade": {"USDT": 1}}}, builders.prices()) == ""
    limits = FreshLimits(PLAN, {"entry_distance_pct": 0})
    assert [limits.find_passed(each, None) for each in (TIGHTEN, LOOSEN)] == [None, None]


def test_a_price_may_move_only_as_far_as_the_base_allows() -> None:
    base = ReviewBase(name="main", commit="0" * 40, price_moved_pct=Decimal(1))
    assert FreshLimits(PLAN, {}, Decimal(50)).price_moved_pct == 50
    assert FreshLimits(replace(PLAN, base=base), {}, Decimal(50)).price_moved_pct == 1


def test_the_distance_of_the_base_counts_right_before_the_write() -> None:
    with World() as world:
        spec = trade("now", order_type="market", stop=None, steps=())
        plan = world.plan(replace(spec, terms=replace(spec.terms, entry=replace(spec.terms.entry, price=None))))
        world.settings = replace(world.settings, price_moved_pct=Decimal(50))
        base = ReviewBase(name="main", commit="0" * 40, price_moved_pct=Decimal(1))
        world.price("USDT_BTC", 65000)
        options = ApplyOptions(needs_check=False, is_partial=True)
        done = apply_plan(world.session, replace(plan, base=base), {}, options)
        assert kinds(done) == ["stale"]


def far(name: str = "far") -> TradeSpec:
    return trade(name, price=50000, stop=49000, steps=((53000, 100),))


def test_apply_refuses_an_entry_that_is_too_far_away_by_now_and_sends_the_rest() -> None:
    with World(limits={"entry_distance_pct": 25, "closes": 9}) as world:
        plan = world.plan(far(), trade("near", price=63000, stop=62000, steps=((80000, 100),)))
        assert plan.breaches == ()
        world.price("USDT_BTC", 70000)
        sent = world.session.api.session.budget.sent
        done = apply_plan(world.session, plan, {}, ApplyOptions(is_partial=True))
        assert sorted(kinds(done)) == ["applied", "stale"]
        assert world.session.api.session.budget.sent - sent <= plan.requests_needed


def test_a_stop_in_percent_is_measured_too() -> None:
    terms = builders.terms(entered_by=builders.entry(None), stop_loss=builders.stop(None, percent=3))
    assert find({"stop_distance_pct": {"max": 3}}, builders.prices(61000), terms) == ""
    assert "stop_distance_pct is 3 % now" in find({"stop_distance_pct": {"max": 2}}, builders.prices(61000), terms)


def past(*sizes: int) -> PastTrades:
    return PastTrades(sizes={"USDT": tuple(map(Decimal, sizes))} if sizes else {}, is_whole=True, now=builders.NOW)


def test_the_size_of_a_market_entry_is_compared_with_the_usual_at_the_present_ask() -> None:
    plan = replace(PLAN, past=past(100, 200, 300))
    assert find({"size_multiple": "3.1"}, builders.prices(61000), plan=plan) == ""
    assert "size_multiple is 3.05005 now" in find({"size_multiple": 3}, builders.prices(61000), plan=plan)
    assert find({"size_multiple": 3}, builders.prices(61000), builders.terms(), plan) == ""
    assert find({"size_multiple": 3}, builders.prices(61000)) == ""
    limits = FreshLimits(PLAN, {"size_multiple": 3})
    limits.note_past(past(100))
    limits.note_past(past())
    assert limits.find_passed(replace(CREATE, after=MARKET), builders.prices()) is not None


def test_new_money_counts_what_earlier_entries_at_market_have_cost_more() -> None:
    seen = Guardrail(name="commits_per_plan", value=Decimal(1200), limit=Decimal(1212), unit="USDT")
    limits = FreshLimits(replace(PLAN, guardrails=(seen,)), {"commits_per_plan": {"USDT": 1212}})
    first = replace(CREATE, after=MARKET, reviewed_prices=builders.prices(60000))
    assert limits.find_passed(first, builders.prices(61000)) is None
    second = limits.find_passed(replace(first, trade="second"), builders.prices(61000))
    assert second is not None
    assert "commits_per_plan is 1220 USDT now, and the limit is 1212 USDT" in describe(second)


def test_what_was_acknowledged_as_unknown_is_not_asked_again() -> None:
    plan = replace(PLAN, acknowledged={"notional_per_trade.unknown": Decimal(1)})
    assert find({"notional_per_trade": {"USDT": 1}}, builders.prices(61000), plan=plan) == ""


def adds(limits: Mapping[str, object], *, last: int = 59900) -> list[str]:
    """Apply a plan that adds an averaging order at 57000; its limits are stated after it was made."""
    with World() as world:
        open_trade(world)
        plan = world.plan(averaged(order(57000)))
        world.price("USDT_BTC", last)
        fresh = FreshLimits(replace(plan, guardrails=evaluate_plan(plan, {})), limits)
        operation = plan.operations[0]
        live = read_trade(world.api.get(operation.live_id or 0))
        assert live.prices is not None
        why = fresh.find_passed_order(operation, live, (), live.prices)
        return [] if why is None else [describe(why)]


def test_an_averaging_order_is_judged_with_the_position_that_it_adds_to() -> None:
    assert adds({"notional_per_trade": {"USDT": 890}}) == []
    (found,) = adds({"notional_per_trade": {"USDT": 880}})
    assert "notional_per_trade is 885" in found
    assert adds({"entry_distance_pct": 5}) == []
    (found,) = adds({"entry_distance_pct": 5}, last=61000)
    assert "entry_distance_pct is 6.5" in found
    assert adds({"pairs": ["X"]}) == []


def test_an_averaging_order_that_is_too_far_away_by_now_is_not_sent() -> None:
    with World() as world:
        open_trade(world)
        world.settings = replace(world.settings, limits={"entry_distance_pct": 5})
        plan = world.plan(averaged(order(57000)))
        assert [each.action.value for each in plan.operations] == ["add_funds"]
        assert plan.breaches == ()
        world.price("USDT_BTC", 61000)
        done = apply_plan(world.session, plan, {}, ApplyOptions(is_partial=True))
        assert kinds(done) == ["stale"]
        far_away = world.plan(averaged(order(57000)))
        assert [each.name for each in far_away.breaches] == ["entry_distance_pct"]


def test_losses_since_the_plan_hold_back_what_only_adds() -> None:
    with World(limits={"loss_realised": {"USDT": 5, "within": "24h"}, "closes": 9}) as world:
        other = trade("other", stop=58000)
        world.converge(BASE, other)
        world.price("USDT_BTC", 59900)
        plan = world.plan(averaged(order(57000)), other)
        assert [each.action.value for each in plan.operations] == ["add_funds"]
        assert plan.breaches == ()
        world.price("USDT_BTC", 57900)
        sent = world.session.api.session.budget.sent
        done = apply_plan(world.session, plan, {}, ApplyOptions(is_partial=True))
        assert kinds(done) == ["stale"]
        assert world.session.api.session.budget.sent - sent <= plan.requests_needed
        (held,) = done.outcomes
        assert held.reason is not None
        assert held.reason["name"] == "loss_realised"
