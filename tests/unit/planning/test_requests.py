"""A plan says how many requests its apply sends, and the apply sends exactly these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.averaging import AveragingOrder
from reconciler.model.operations import BY_HAND_ACTIONS, Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.planning.requests import (
    CONFIRM_AFTER_S,
    CREATES_PER_CONFIRMATION,
    Readings,
    count_requests,
)
from reconciler.workflows.plan_files import PlanFiles, select_all
from reconciler.workflows.planning import make_plan
from tests.support.world import World, kinds, trade

DEEP = AveragingOrder(price=Decimal(57000), units=Decimal("0.005"))
# Makes the world and gives what the files say then.
Story = Callable[[World], Sequence[TradeSpec]]


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def hold(world: World, *specs: TradeSpec) -> None:
    """Open trades and let their entries fill."""
    world.converge(*specs)
    world.price("USDT_BTC", 59900)


def create(_world: World) -> Sequence[TradeSpec]:
    return [trade()]


def create_at_market(_world: World) -> Sequence[TradeSpec]:
    return [trade(order_type="market", stop=50000, steps=((70000, 100),))]


def create_many(_world: World) -> Sequence[TradeSpec]:
    return [trade(f"t{number}", price=50000 + number) for number in range(CREATES_PER_CONFIRMATION + 10)]


def create_on_two_pairs(_world: World) -> Sequence[TradeSpec]:
    return [trade(), trade("eth", pair="USDT_ETH", price=2000, stop=1900, steps=((2500, 100),), units="0.1")]


def create_next_generation(world: World) -> Sequence[TradeSpec]:
    world.converge(trade())
    world.converge(trade(state=DesiredState.CLOSED))
    return [trade(generation=2)]


def reprice(world: World) -> Sequence[TradeSpec]:
    world.converge(trade())
    return [trade(price=59000)]


def move_stop(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    return [trade(stop=57000)]


def move_steps_and_stop(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    return [trade(stop=57000, steps=((64000, 50), (67000, 50)))]


def move_steps_and_stop_after_a_step(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    world.price("USDT_BTC", 63100)
    return [trade(stop=60000, steps=((63000, 50), (67000, 50)))]


def pass_the_stop(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    return [trade(stop=59950)]


def move_ten_stops(world: World) -> Sequence[TradeSpec]:
    specs = [trade(f"t{number}") for number in range(10)]
    hold(world, *specs)
    return [trade(f"t{number}", stop=57000) for number in range(10)]


def move_twelve_prices(world: World) -> Sequence[TradeSpec]:
    world.converge(*(trade(f"t{number}") for number in range(12)))
    return [trade(f"t{number}", price=59000) for number in range(12)]


def rewrite_note(world: World) -> Sequence[TradeSpec]:
    world.converge(trade())
    return [trade(note="mine")]


def replace_trade(world: World) -> Sequence[TradeSpec]:
    world.converge(trade())
    return [trade(order_type="market", stop=50000, steps=((70000, 100),))]


def cancel(world: World) -> Sequence[TradeSpec]:
    world.converge(trade())
    return [trade(state=DesiredState.CLOSED)]


def close(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    return [trade(state=DesiredState.CLOSED)]


def close_partly_filled(world: World) -> Sequence[TradeSpec]:
    world.converge(trade())
    world.sandbox.fill(30000001, Decimal("0.004"))
    return [trade(state=DesiredState.CLOSED)]


def abandon(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    return [trade(state=DesiredState.ABANDONED)]


def release(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    return [trade(state=DesiredState.RELEASED)]


def drop_step(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    return [trade(steps=((63000, 50),), unallocated=50)]


def add_funds(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    return [replace(trade(), averaging=(DEEP,))]


def cancel_averaging(world: World) -> Sequence[TradeSpec]:
    hold(world, trade())
    world.converge(replace(trade(), averaging=(DEEP,)))
    return [trade()]


def mix_all(world: World) -> Sequence[TradeSpec]:
    hold(world, trade("moved"), trade("closed"), trade("more"))
    world.converge(
        trade("moved"), trade("closed"), trade("more"), trade("waits", price=50000), trade("other", price=50001)
    )
    return [
        trade("moved", stop=57000, note="new"),
        trade("closed", state=DesiredState.CLOSED),
        replace(trade("more", stop=57500), averaging=(DEEP,)),
        trade("waits", price=50500),
        trade("other", order_type="market", stop=50000, steps=((70000, 100),)),
        trade("fresh", price=50002),
    ]


STORIES: Mapping[str, tuple[Story, set[Action]]] = {
    "create": (create, {Action.CREATE}),
    "create at market": (create_at_market, {Action.CREATE}),
    "create many": (create_many, {Action.CREATE}),
    "create on two pairs": (create_on_two_pairs, {Action.CREATE}),
    "create the next generation": (create_next_generation, {Action.CREATE}),
    "reprice": (reprice, {Action.UPDATE}),
    "move a stop": (move_stop, {Action.UPDATE}),
    "move steps and stop": (move_steps_and_stop, {Action.UPDATE}),
    "move steps and stop after a step": (move_steps_and_stop_after_a_step, {Action.UPDATE}),
    "pass the stop": (pass_the_stop, {Action.UPDATE}),
    "move ten stops": (move_ten_stops, {Action.UPDATE}),
    "move twelve prices": (move_twelve_prices, {Action.UPDATE}),
    "rewrite a note": (rewrite_note, {Action.SET_NOTE}),
    "replace": (replace_trade, {Action.REPLACE}),
    "cancel": (cancel, {Action.CANCEL}),
    "close": (close, {Action.CLOSE}),
    "close a partly filled entry": (close_partly_filled, {Action.CLOSE}),
    "abandon": (abandon, {Action.CANCEL}),
    "release": (release, {Action.RELEASE}),
    "drop a step": (drop_step, {Action.CANCEL_STEP}),
    "add funds": (add_funds, {Action.ADD_FUNDS}),
    "cancel an averaging order": (cancel_averaging, {Action.CANCEL_AVERAGING}),
    "all kinds": (
        mix_all,
        {Action.CREATE, Action.UPDATE, Action.CLOSE, Action.REPLACE, Action.ADD_FUNDS},
    ),
}


def make(world: World, specs: Sequence[TradeSpec], *, is_checked: bool) -> Plan:
    return make_plan(world.session, select_all(PlanFiles(specs=tuple(specs))), is_checked=is_checked)


@pytest.mark.parametrize("is_checked", [True, False], ids=["saved or approved", "auto-approve"])
@pytest.mark.parametrize("name", STORIES)
def test_an_apply_sends_as_many_requests_as_its_plan_says(world: World, name: str, *, is_checked: bool) -> None:
    story, actions = STORIES[name]
    specs = story(world)
    plan = make(world, specs, is_checked=is_checked)
    assert actions <= {operation.action for operation in plan.operations}
    assert not plan.blocked
    sent = len(world.wire.seen)
    applied = world.apply(plan, is_saved=is_checked)
    assert set(kinds(applied)) == {OutcomeKind.APPLIED}
    requests = [f"{method} {path}" for method, path in world.wire.seen[sent:]]
    assert len(requests) == plan.requests_needed, "\n".join(requests)


def test_the_stories_have_every_action_of_a_plan() -> None:
    assert set.union(*(actions for _, actions in STORIES.values())) == set(Action) - BY_HAND_ACTIONS


def test_a_plan_without_operations_needs_no_request() -> None:
    assert count_requests([], Readings()) == 0


def test_at_a_slow_pace_prices_are_read_again_and_creates_confirmed_sooner(world: World) -> None:
    plan = world.plan(*(trade(f"t{number}", price=50000 + number) for number in range(3)))
    at_once = count_requests(plan.operations, Readings())
    clock = iter(range(0, 10_000, int(CONFIRM_AFTER_S)))
    slowly = count_requests(plan.operations, Readings(), lambda: float(next(clock)))
    # Each create reads its own price, and the second is confirmed with the first, before the third is sent.
    assert slowly == at_once + 2 + 1
