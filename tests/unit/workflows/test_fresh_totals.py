"""Limits on totals count what another run has opened since the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.specs import TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from tests.support.world import World, kinds, trade

MINE = trade()
ELSEWHERE = trade("eth-dip", pair="USDT_ETH", price=3000, stop=2900, steps=(), units="0.2")
SAME_PAIR = trade("btc-low", price=55000, stop=54000, steps=(), units="0.01")
SMALL = {"notional_total": {"USDT": 1000}}


def apply_late(limits: Mapping[str, object], *opened: TradeSpec, acknowledged: int = 0) -> Outcome:
    """Apply a plan that opens a trade of 600 USDT after another run has opened other trades."""
    with World(limits=limits) as world:
        plan = world.plan(MINE)
        world.converge(*opened)
        # The files have all of them by now.
        plan = replace(plan, names=(*plan.names, *(each.name for each in opened)))
        if acknowledged:
            plan = replace(plan, acknowledged={"notional_total": Decimal(acknowledged)})
        (outcome,) = world.apply(plan, is_saved=True).outcomes
        assert len(world.trades()) == len(opened) + (outcome.kind is OutcomeKind.APPLIED)
        return outcome


@pytest.mark.parametrize(
    ("limits", "opened", "said"),
    [
        (SMALL, ELSEWHERE, "notional_total is 1200 USDT now, and the limit is 1000 USDT; plan again"),
        ({"notional_per_pair": {"USDT": 1000}}, SAME_PAIR, "notional_per_pair is 1150 USDT now"),
        ({"loss_at_stop_total": {"USDT": 20}}, ELSEWHERE, "loss_at_stop_total is 37.365 USDT now"),
        ({"trades_open": 1}, ELSEWHERE, "trades_open is 2 now, and the limit is 1"),
    ],
)
def test_a_total_that_another_run_has_raised_holds_a_create_back(
    limits: Mapping[str, object], opened: TradeSpec, said: str
) -> None:
    outcome = apply_late(limits, opened)
    assert outcome.kind is OutcomeKind.STALE
    assert said in describe_outcome(outcome)


@pytest.mark.parametrize(
    ("limits", "opened"),
    [
        ({"notional_total": {"USDT": 1200}}, ELSEWHERE),
        ({"notional_per_pair": {"USDT": 1000}}, ELSEWHERE),
        ({"trades_open": 2}, ELSEWHERE),
        ({}, ELSEWHERE),
    ],
)
def test_what_keeps_the_limit_is_sent(limits: Mapping[str, object], opened: TradeSpec) -> None:
    assert apply_late(limits, opened).kind is OutcomeKind.APPLIED


def test_an_acknowledged_total_counts_up_to_its_amount() -> None:
    assert apply_late(SMALL, ELSEWHERE, acknowledged=1200).kind is OutcomeKind.APPLIED
    assert apply_late(SMALL, ELSEWHERE, acknowledged=1199).kind is OutcomeKind.STALE


def test_what_an_earlier_run_of_the_plan_has_opened_is_not_counted_twice() -> None:
    with World(limits={"notional_total": {"USDT": 1200}}) as world:
        plan = world.plan(MINE, ELSEWHERE)
        world.converge(ELSEWHERE)
        assert sorted(kinds(world.apply(plan, is_saved=True))) == [OutcomeKind.ALREADY_DONE, OutcomeKind.APPLIED]


def test_trades_that_the_plan_has_seen_are_not_measured_again() -> None:
    with World(limits=SMALL) as world:
        world.converge(ELSEWHERE)
        plan = world.plan(ELSEWHERE, MINE)
        # It was over the limit then, and was refused or acknowledged then.
        assert kinds(world.apply(plan, is_saved=True)) == [OutcomeKind.APPLIED]
