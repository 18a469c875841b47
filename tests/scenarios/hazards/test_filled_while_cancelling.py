"""Coins that were filled while their order was being cancelled: told, and taken charge of by a pasted plan file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.applying.takeover import take_over
from reconciler.codec.body import read_terms
from reconciler.model.live import Phase
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.rendering.outcome_text import render_summary
from reconciler.rendering.reasons import describe
from reconciler.rendering.style import Style
from reconciler.rendering.takeover_text import name_takeover, render_takeover
from tests.support import builders
from tests.support.check_files import check_text
from tests.support.world import World, kinds, trade

CLOSED = trade(state=DesiredState.CLOSED)


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def fill_at(world: World, method: str, last: int | str, *, units: str = "") -> None:
    """The market comes to the entry right before a request: all of it, or some units."""

    def act(number: int, sent: str, path: str) -> None:
        if sent == method:
            world.wire.before = lambda number, method, path: None
            if units:
                world.sandbox.fill(30000001, Decimal(units))
            else:
                world.price("USDT_BTC", last)

    world.wire.before = act


def paste(world: World, text: str) -> TradeSpec:
    """The pasted plan file, which has nothing to complain about."""
    specs, problems = check_text(text)
    assert not problems
    (spec,) = specs
    return spec


def test_what_was_filled_is_printed_as_a_plan_file_that_is_one_create(world: World) -> None:
    world.converge(trade())
    plan = world.plan(CLOSED)
    fill_at(world, "DELETE", 59900)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.FILLED_WHILE_CANCELLING]

    text = render_summary(result.outcomes, Style())
    block = text.partition("manages them:\n\n")[2].partition("\n\n")[0]
    assert block.splitlines()[:6] == [
        "version: 1",
        "trades:",
        "  btc-dip-held:",
        "    account_id: 1",
        "    pair: USDT_BTC",
        "    skip_enter_step: true",
    ]
    held = paste(world, block)
    assert held.terms.stop_loss == trade().terms.stop_loss
    assert [step.level.value for step in held.terms.steps] == [63000, 66000]
    plan = world.plan(CLOSED, held)
    assert [operation.action for operation in plan.operations] == [Action.CREATE]
    assert world.plan(CLOSED).attention == 1
    assert plan.attention == 0
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]
    assert world.trades()[0]["status"]["type"] == "waiting_targets"  # type: ignore[index]  # an entity
    after = world.plan(CLOSED, held)
    assert (after.is_empty, after.attention) == (True, 0)


def test_a_partial_fill_is_taken_charge_of_in_its_own_size(world: World) -> None:
    world.converge(trade())
    plan = world.plan(CLOSED)
    fill_at(world, "DELETE", 0, units="0.004")
    (outcome,) = world.apply(plan).outcomes
    assert outcome.kind is OutcomeKind.FILLED_WHILE_CANCELLING
    assert outcome.takeover is not None
    assert outcome.takeover.entry.units == Decimal("0.004")
    held = paste(world, render_takeover("btc-dip", outcome.takeover))
    assert kinds(world.converge(CLOSED, held)) == [OutcomeKind.APPLIED]


def test_a_run_that_died_after_the_cancel_is_told_of_the_coins_by_the_next_one(world: World) -> None:
    world.converge(trade())
    plan = world.plan(CLOSED)
    fill_at(world, "DELETE", 59900)
    world.apply(plan)
    world.connect()
    (outcome,) = world.apply(plan, is_saved=True).outcomes
    assert outcome.kind is OutcomeKind.FILLED_WHILE_CANCELLING
    assert outcome.takeover is not None
    (notice,) = world.plan(trade()).notices
    assert describe(notice.reason).startswith(
        "it ended (cancelled) with 0.01 BTC that no stop protects: take them over by"
    )


def test_a_replace_that_died_after_the_cancel_is_told_of_the_coins_too(world: World) -> None:
    world.converge(trade())
    wanted = trade(order_type="market", stop=50000, steps=((70000, 100),))
    plan = world.plan(wanted)
    fill_at(world, "DELETE", 59900)
    world.apply(plan)
    world.connect()
    (outcome,) = world.apply(plan, is_saved=True).outcomes
    assert outcome.kind is OutcomeKind.FILLED_WHILE_CANCELLING
    assert len(world.trades()) == 1


@pytest.mark.parametrize(("last", "levels", "has_stop"), [(64000, [66000], True), (58000, [63000, 66000], False)])
def test_what_the_price_has_passed_is_left_out_and_the_shares_make_100(
    world: World, last: int, levels: list[int], has_stop: bool
) -> None:
    world.converge(trade())
    plan = world.plan(CLOSED)

    fill_at(world, "DELETE", 0, units="0.01")

    def move(number: int, method: str, path: str) -> None:
        if method == "DELETE":
            world.price("USDT_BTC", last)

    world.wire.after = move
    (outcome,) = world.apply(plan).outcomes
    assert outcome.takeover is not None
    assert [step.level.value for step in outcome.takeover.steps] == levels
    assert sum(step.volume_pct for step in outcome.takeover.steps) == 100
    assert (outcome.takeover.stop_loss is not None) is has_stop
    text = render_takeover("btc-dip", outcome.takeover)
    assert ("state one before you apply this" in text) is not has_stop
    held = paste(world, text)
    assert [operation.action for operation in world.plan(CLOSED, held).operations] == [Action.CREATE]


def test_levels_in_percent_become_prices_where_the_limits_of_the_pair_are_known() -> None:
    stop = builders.stop(None, percent=3, breakeven=True)
    steps = (builders.step(None, 40, percent=5), builders.step(None, 60, percent=6))
    reviewed = builders.terms(steps=steps, stop_loss=stop)
    ended = builders.live(phase=Phase.ENDED, status="cancelled", shown=reviewed, entered="0.01", average=60000)
    known = take_over(ended, reviewed, builders.rates(60500))
    assert [step.level.value for step in known.steps] == [63000, 63600]
    assert known.stop_loss is not None
    assert known.stop_loss.trigger.value == 58200
    assert known.stop_loss.breakeven
    unknown = take_over(ended, reviewed, None)
    assert (unknown.steps, unknown.stop_loss) == ((), None)


def test_breakeven_goes_with_the_steps_that_it_needs() -> None:
    reviewed = builders.terms(
        steps=(builders.step(63000, 40), builders.step(66000, 60)), stop_loss=builders.stop(58500, breakeven=True)
    )
    ended = builders.live(phase=Phase.ENDED, status="cancelled", shown=reviewed, entered="0.01", average=60000)
    held = take_over(ended, reviewed, builders.rates(64000))
    assert held.stop_loss is not None
    assert not held.stop_loss.breakeven
    assert [step.volume_pct for step in held.steps] == [100]


def test_the_longest_name_has_room_for_its_word() -> None:
    assert name_takeover("a" * 48) == "a" * 43 + "-held"


def test_a_pair_with_a_dash_and_a_short_position_can_be_pasted(tmp_path: Path) -> None:
    body: dict[str, object] = {
        "account_id": 2,
        "pair": "USD_BTC-PERP",
        "skip_enter_step": True,
        "position": {"type": "sell", "order_type": "market", "units": {"value": "1"}, "price": {"value": "60000"}},
    }
    terms = read_terms(body)
    specs, problems = check_text(render_takeover("short", terms))
    assert not problems
    assert specs[0].terms == terms
