"""Limits at the prices right before a write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.fresh_limits import FreshLimits
from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.live import Prices
from reconciler.model.review import ReviewBase
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms
from reconciler.rendering.reasons import describe
from reconciler.workflows.applying import ApplyOptions, apply_plan
from tests.support import builders
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
