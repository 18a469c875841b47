"""The money at risk of a plan: of the whole workspace, by the figures of reconciler.yaml, and without more requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.plan import Plan
from reconciler.model.risk import FeeBasis, RiskTotals
from reconciler.model.specs import TradeSpec
from reconciler.workflows.plan_files import PlanFiles, Selection, select_all
from reconciler.workflows.planning import make_plan
from tests.support.world import World, trade

D = Decimal
OTHER = trade("eth-dip", pair="USDT_ETH", price=3000, stop=2900, steps=(), units="0.1")


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def plan_part(world: World, files: PlanFiles, *specs: TradeSpec) -> Plan:
    """The plan of some trades of a workspace that has more."""
    selection = select_all(files)
    return make_plan(world.session, replace(selection, specs=specs, is_whole=False))


def test_trades_that_are_not_planned_are_in_the_sums_too(world: World) -> None:
    world.converge(trade(), OTHER)
    plan = plan_part(world, PlanFiles(specs=(trade(stop=58000), OTHER)), trade(stop=58000))

    assert [each.trade for each in plan.risk.operations] == ["btc-dip"]
    assert list(plan.risk.trades) == ["eth-dip"]
    assert plan.risk.before["USDT"].loss_at_stop == D("16.185") + D("10.59")
    assert plan.risk.change["USDT"].loss_at_stop == D("4.995")


def test_a_trade_in_no_file_is_counted_until_it_is_cancelled(world: World) -> None:
    world.converge(trade(), OTHER)
    plan = world.plan(trade())

    assert (plan.risk.before["USDT"].trades, plan.risk.after["USDT"].trades) == (2, 1)
    assert plan.risk.money.frees == {"USDT": D(300)}


def test_the_figures_of_the_file_count(world: World) -> None:
    world.settings = replace(world.settings, fees_pct={"main": D("0.05")})
    plan = world.plan(trade())

    assert plan.risk.fees["main"].basis is FeeBasis.CONFIG
    assert plan.risk.after["USDT"].loss_at_stop == D("0.01") * (D(60030) - D("58470.75"))


def test_no_request_is_sent_for_the_risk_of_unchanged_trades(world: World) -> None:
    world.converge(trade(), OTHER)
    world.connect()
    plan = world.plan(trade(), OTHER)

    assert plan.risk.after["USDT"].trades == 2
    assert not any("currency_rates" in path for _, path in world.wire.seen)
    assert plan.risk.change["USDT"] == RiskTotals()


def test_a_trade_that_is_blocked_stays_in_the_sums(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    plan = world.plan(trade(price=59000))

    assert (len(plan.operations), len(plan.blocked)) == (0, 1)
    assert plan.risk.before == plan.risk.after
    assert plan.risk.after["USDT"].trades == 1


def test_an_empty_workspace_has_no_risk(world: World) -> None:
    plan = make_plan(world.session, Selection(specs=(), files=PlanFiles(specs=()), is_whole=True))
    assert (plan.risk.before, plan.risk.after, plan.risk.change) == ({}, {}, {})
