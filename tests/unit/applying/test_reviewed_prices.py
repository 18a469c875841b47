"""What executes at market is sent at the prices that were reviewed, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.reviewed_prices import find_price_move
from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import Prices
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from reconciler.saved_plan.files import read_plan, write_plan
from tests.support.world import World, kinds, open_position, trade

LIMIT_PCT = Decimal(2)


@pytest.fixture
def world() -> Iterator[World]:
    with World(limits={"closes": 9, "unprotects": 9}) as made:
        made.price("USDT_BTC", 60500)
        yield made


def at_market(name: str = "now") -> TradeSpec:
    spec = trade(name, order_type="market", stop=None, steps=())
    return replace(spec, terms=replace(spec.terms, entry=replace(spec.terms.entry, price=None)))


def marketable(name: str = "now") -> TradeSpec:
    return trade(name, price=70000, stop=40000, steps=((90000, 100),))


def seen(price: str) -> Prices:
    return Prices(bid=Decimal(price), ask=Decimal(price), last=Decimal(price))


def describe_move(reviewed: Prices | None, now: Prices, limit_pct: Decimal) -> str:
    why = find_price_move(reviewed, now, limit_pct)
    return "" if why is None else describe(why)


@pytest.mark.parametrize(
    ("now", "is_stale"),
    [("60000", False), ("61200", False), ("58800", False), ("61200.01", True), ("58799.99", True), ("0", True)],
)
def test_two_percent_either_way_still_fit_and_more_does_not(now: str, is_stale: bool) -> None:
    assert bool(find_price_move(seen("60000"), seen(now), LIMIT_PCT)) is is_stale


def test_bid_and_ask_are_judged_each_for_itself() -> None:
    wide = Prices(bid=Decimal(60000), ask=Decimal(61300), last=Decimal(60000))
    assert "the ask is 61300 now, 60000 when planned" in describe_move(seen("60000"), wide, LIMIT_PCT)


def test_without_reviewed_prices_or_with_zero_ones_nothing_fits() -> None:
    assert "holds no prices" in describe_move(None, seen("60000"), LIMIT_PCT)
    assert "the bid was 0 when planned" in describe_move(seen("0"), seen("60000"), LIMIT_PCT)


@pytest.mark.parametrize("is_saved", [True, False])
@pytest.mark.parametrize("last", [64000, 57000])
@pytest.mark.parametrize("spec", [at_market(), marketable()], ids=["market", "marketable limit"])
def test_an_entry_at_market_is_not_sent_at_another_price(
    world: World, spec: TradeSpec, last: int, is_saved: bool
) -> None:
    plan = world.plan(spec)
    world.price("USDT_BTC", last)
    result = world.apply(plan, is_saved=is_saved)
    assert kinds(result) == [OutcomeKind.STALE]
    assert "60500 when planned" in describe_outcome(result.outcomes[0])
    assert world.wire.writes == []


@pytest.mark.parametrize("bid", [None, "0"])
def test_where_the_exchange_names_no_price_nothing_is_executed(world: World, bid: str | None) -> None:
    plan = world.plan(at_market())
    world.wire.alter = lambda method, path, answer: {**answer, "bid": bid} if "currency_rates" in path else answer
    result = world.apply(plan, is_saved=True)
    assert kinds(result) == [OutcomeKind.STALE]
    assert world.wire.writes == []


def test_a_plan_says_that_the_price_may_move_further_than_by_default(world: World) -> None:
    world.settings = replace(world.settings, price_moved_pct=Decimal(50))
    assert "50 % (default 2 %)" in describe(world.plan(at_market()).notices[0].reason)
    assert world.plan(trade(price=50000, stop=40000)).notices == ()


def test_a_small_move_changes_nothing(world: World) -> None:
    plan = world.plan(at_market())
    world.price("USDT_BTC", 61000)
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.APPLIED]


def test_a_workspace_may_set_its_own_share(world: World) -> None:
    world.settings = replace(world.settings, price_moved_pct=Decimal("0.5"))
    plan = world.plan(at_market())
    world.price("USDT_BTC", 61000)
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.STALE]


def test_what_waits_for_its_price_is_sent_whatever_the_price_did(world: World) -> None:
    plan = world.plan(trade(price=50000, stop=40000))
    world.price("USDT_BTC", 75000)
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.APPLIED]


@pytest.mark.parametrize("is_saved", [True, False])
def test_a_replace_at_another_price_cancels_nothing(world: World, is_saved: bool) -> None:
    world.converge(trade(price=50000, stop=40000))
    plan = world.plan(at_market("btc-dip"))
    assert [operation.action for operation in plan.operations] == [Action.REPLACE]
    world.price("USDT_BTC", 66000)
    assert kinds(world.apply(plan, is_saved=is_saved)) == [OutcomeKind.STALE]
    assert world.trades()[0]["status"]["type"] == "waiting_position"  # type: ignore[index]


@pytest.mark.parametrize("is_saved", [True, False])
def test_a_close_at_another_price_is_not_sent(world: World, is_saved: bool) -> None:
    open_position(world)
    plan = world.plan(trade(state=DesiredState.CLOSED))
    world.price("USDT_BTC", 62000)
    assert kinds(world.apply(plan, is_saved=is_saved)) == [OutcomeKind.STALE]
    assert "USDT_BTC@paper_trading" in plan.prices
    assert world.trades()[0]["status"]["type"] == "waiting_targets"  # type: ignore[index]


def test_steps_that_execute_at_once_are_not_sent_at_another_price(world: World) -> None:
    open_position(world)
    plan = world.plan(trade(steps=((50000, 100),)))
    world.price("USDT_BTC", 62000)
    assert kinds(world.apply(plan)) == [OutcomeKind.STALE]


def test_added_funds_that_execute_at_once_are_not_sent_at_another_price(world: World) -> None:
    open_position(world)
    order = AveragingOrder(price=Decimal(61500), units=Decimal("0.01"))
    plan = world.plan(replace(trade(), averaging=(order,)))
    assert [operation.action for operation in plan.operations] == [Action.ADD_FUNDS]
    world.price("USDT_BTC", 61400)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE]
    assert "price_moved_pct 2" in describe_outcome(result.outcomes[0])


def test_a_plan_without_prices_executes_nothing_at_market(world: World) -> None:
    plan = world.plan(at_market())
    (operation,) = plan.operations
    bare = replace(plan, operations=(replace(operation, reviewed_prices=None),))
    assert kinds(world.apply(bare, is_saved=True)) == [OutcomeKind.STALE]


def test_the_prices_of_the_review_are_part_of_the_saved_plan(world: World) -> None:
    plan: Plan = read_plan(write_plan(world.plan(at_market())))
    world.price("USDT_BTC", 121000)
    assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.STALE]


def test_steps_below_the_market_end_the_trade_as_planned(world: World) -> None:
    open_position(world)
    lower = trade(steps=((50000, 50), (51000, 50)))
    plan = world.plan(lower)
    assert plan.count_changes() == (0, 0, 1)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.APPLIED], describe_outcome(result.outcomes[0])
    assert describe_outcome(result.outcomes[0]).startswith("ended as planned: finished")
    assert world.plan(lower).is_empty


def test_a_partial_close_is_applied_and_needs_nothing_more(world: World) -> None:
    open_position(world)
    lower = trade(steps=((50000, 50), (66000, 50)))
    result = world.converge(lower)
    assert kinds(result) == [OutcomeKind.APPLIED], describe_outcome(result.outcomes[0])
    assert world.plan(lower).is_empty
    assert world.trades()[0]["status"]["type"] == "waiting_targets"  # type: ignore[index]


def test_a_stop_that_the_price_has_passed_ends_the_trade_as_planned(world: World) -> None:
    open_position(world)
    result = world.converge(trade(stop=60000))
    assert describe_outcome(result.outcomes[0]).startswith("ended as planned: stop_loss_finished")
