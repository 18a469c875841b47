"""Money that operations move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.markets import Market, MarketKind
from reconciler.model.risk import FeeBasis, FeeRate, Money
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Leverage, LeverageType
from reconciler.risk.plan_risk import Accounts, Seen, assess_plan
from tests.support import builders, planning

D = Decimal
ACCOUNTS = Accounts(ids={"main": 1}, fees={"main": FeeRate(rate=D("0.001"), basis=FeeBasis.CONFIG)})
LEVERAGE = Leverage(type=LeverageType.ISOLATED, value=D(5))
CONTRACTS = {key: replace(each, market=Market(kind=MarketKind.LINEAR)) for key, each in planning.RATES.items()}


def move(
    specs: Sequence[TradeSpec],
    lives: Sequence[LiveTrade] = (),
    rates: dict[tuple[int, str], Rates] = planning.RATES,
) -> Money:
    """The money that a plan moves."""
    operations = planning.plan(specs, lives, rates=rates).operations
    seen = Seen(lives={}, rates=rates, planned={spec.name: spec.averaging for spec in specs})
    return assess_plan(operations, seen, ACCOUNTS, {live.id: live for live in lives}).money


def test_a_waiting_entry_commits_its_worth_and_a_contract_its_margin() -> None:
    assert move([builders.spec()]) == Money(commits={"USDT": D(600)})
    assert move([builders.spec(builders.terms(leverage=LEVERAGE))], rates=CONTRACTS) == Money(commits={"USDT": D(120)})


def test_own_funds_commit_nothing() -> None:
    assert move([builders.spec(builders.terms(is_own_funds=True))]) == Money()


def test_an_entry_at_market_commits_and_is_at_market() -> None:
    found = move([builders.spec(builders.terms(entered_by=builders.entry(None)))])
    # The ask is 61001.
    assert found == Money(commits={"USDT": D("610.01")}, at_market={"USDT": D("610.01")})


def test_averaging_orders_commit_when_they_are_sent() -> None:
    order = AveragingOrder(price=D(59000), units=D("0.02"))
    spec = replace(builders.spec(), averaging=(order,))
    live = builders.live(spec, Phase.OPEN)
    held = replace(live, flags=replace(live.flags, add_funds=True))

    assert move([spec]) == Money(commits={"USDT": D(600)})
    assert move([spec], [held]) == Money(commits={"USDT": D(1180)})


def test_a_cancelled_entry_frees_and_a_close_brings_what_is_left_after_fees() -> None:
    gone = replace(builders.spec(), state=DesiredState.ABANDONED)
    closed = replace(builders.spec(), state=DesiredState.CLOSED)

    assert move([gone], [builders.live()]) == Money(frees={"USDT": D(600)})
    # 0.01 at the bid of 60999, less 0.1 %.
    assert move([closed], [builders.live(phase=Phase.OPEN)]) == Money(at_market={"USDT": D("609.38001")})
    filling = builders.live(phase=Phase.FILLING, entered="0.004")
    assert move([closed], [filling]) == Money(frees={"USDT": D(360)}, at_market={"USDT": D("243.752004")})


def test_a_replace_frees_and_commits() -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry(None, trigger=62000)))
    assert move([wanted], [builders.live()]) == Money(commits={"USDT": D(620)}, frees={"USDT": D(600)})


def test_a_larger_or_smaller_entry_commits_or_frees_the_difference() -> None:
    larger, smaller = (
        builders.spec(builders.terms(entered_by=builders.entry(60000, units))) for units in ("0.02", "0.004")
    )
    assert move([larger], [builders.live()]) == Money(commits={"USDT": D(600)})
    assert move([smaller], [builders.live()]) == Money(frees={"USDT": D(360)})


def test_exits_and_notes_move_nothing() -> None:
    wanted = builders.spec(builders.terms(stop_loss=builders.stop(59000)))
    assert move([wanted], [builders.live(phase=Phase.OPEN)]) == Money()
    assert move([builders.spec(note="new")], [builders.live()]) == Money()


def test_what_is_not_known_is_named_and_in_no_sum() -> None:
    unknown = {
        key: replace(each, market=Market(kind=MarketKind.LINEAR, unit_size=None))
        for key, each in planning.RATES.items()
    }
    assert move([builders.spec()], rates=unknown) == Money(unknown=("btc-dip",))
