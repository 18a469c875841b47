from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.guardrails.counts import find_market_worth
from reconciler.model.fires import ENTRY_FIRES
from reconciler.model.live import Phase
from reconciler.model.operations import Operation
from reconciler.model.specs import DesiredState
from reconciler.model.terms import Side
from tests.support import builders, planning
from tests.support.guardrails import CREATE, TIGHTEN, change, count_breaches, gather, judge_one, risk

ABANDON = planning.only(planning.plan([builders.spec(state=DesiredState.ABANDONED)], [builders.live(phase=Phase.OPEN)]))
CLOSE = planning.only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [builders.live(phase=Phase.OPEN)]))
OMIT = planning.only(planning.plan([], [builders.live()]))
PASSED_STOP = planning.only(
    planning.plan(
        [builders.spec(builders.terms(stop_loss=builders.stop(62000)))],
        [builders.live(phase=Phase.OPEN)],
    )
)


def counts(*operations: Operation, **limits: int) -> dict[str, int]:
    return count_breaches(operations, limits)


def test_one_close_or_one_weaker_protection_is_over_the_limit() -> None:
    assert counts(CLOSE) == {"closes": 1}
    assert counts(ABANDON) == {"unprotects": 1}


def test_a_stop_that_would_fire_at_once_counts_as_a_close() -> None:
    assert counts(PASSED_STOP) == {"closes": 1}


def test_five_omissions_are_routine_and_six_are_not() -> None:
    assert counts(*[OMIT] * 5) == {}
    assert counts(*[OMIT] * 6) == {"omissions": 6}


def test_a_workspace_may_set_its_own_limits() -> None:
    assert counts(CLOSE, ABANDON, OMIT, closes=1, unprotects=1, omissions=0) == {"omissions": 1}


def test_routine_work_counts_as_nothing() -> None:
    create = planning.only(planning.plan([builders.spec()]))
    eth = builders.terms(pair="USDT_ETH", entered_by=builders.entry(2900), steps=(), stop_loss=builders.stop(2800))
    replace = planning.only(planning.plan([builders.spec(eth)], [builders.live()]))
    assert counts(create, replace, closes=0, unprotects=0, omissions=0) == {}


def test_an_entry_that_is_executed_at_once_is_worth_what_the_market_pays() -> None:
    sells = replace(
        CREATE, after=builders.terms(entered_by=builders.entry(30000, side=Side.SELL)), fires=(ENTRY_FIRES,)
    )
    priced = replace(sells, reviewed_prices=builders.prices(62500))
    assert find_market_worth([TIGHTEN, priced]) == Decimal("0.01") * builders.prices(62500).bid
    assert find_market_worth([replace(priced, reviewed_prices=None)]) is None
    assert find_market_worth([replace(priced, fires=())]) is None
    judged = judge_one(
        gather(change(priced, None, risk(notional=300))), {"notional_per_trade": {"USDT": 400}}, "notional_per_trade"
    )
    assert judged.is_breach
    assert judged.value == Decimal("0.01") * builders.prices(62500).bid
