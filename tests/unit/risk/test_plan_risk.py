"""Money at risk of plans: sums before, change and after, of random workspaces and of each kind of operation."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal, localcontext

import pytest

from reconciler.model.averaging import AveragingOrder, AveragingReading, SentOrder
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Operation
from reconciler.model.plan import Plan
from reconciler.model.risk import FeeBasis, FeeRate, LevelChange, LevelKind, RiskReason, RiskTotals, WorkspaceRisk
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.risk.plan_risk import Accounts, Seen, assess_plan
from reconciler.risk.totals import EXACT, sum_risks
from tests.scenarios.simulation.portfolios import SPOT, make_portfolio, open_accounts, walk
from tests.support import builders, planning
from tests.support.world import World, trade

D = Decimal
ACCOUNTS = Accounts(ids={"main": 1}, fees={"main": FeeRate(rate=D("0.001"), basis=FeeBasis.CONFIG)})


def assess(
    specs: Sequence[TradeSpec], lives: Sequence[LiveTrade], *, averaging: dict[int, AveragingReading] | None = None
) -> tuple[tuple[Operation, ...], WorkspaceRisk]:
    """The operations for a workspace, and their risk."""
    operations = planning.plan(specs, lives).operations
    by_name: dict[str, list[LiveTrade]] = {}
    for live in lives:
        assert live.reading.marker is not None
        by_name.setdefault(live.reading.marker.name, []).append(live)
    seen = Seen(
        lives=by_name,
        rates=planning.RATES,
        averaging=averaging or {},
        planned={spec.name: spec.averaging for spec in specs},
    )
    return operations, assess_plan(operations, seen, ACCOUNTS, {live.id: live for live in lives})


def check_sums(risk: WorkspaceRisk, operations: Sequence[Operation]) -> None:
    """What holds for every plan."""
    with localcontext(EXACT):
        for currency in {*risk.before, *risk.after}:
            before, change, after = (
                side.get(currency, RiskTotals()) for side in (risk.before, risk.change, risk.after)
            )
            for each in fields(RiskTotals):
                assert getattr(before, each.name) + getattr(change, each.name) == getattr(after, each.name), each.name
    assert [each.trade for each in risk.operations] == [each.trade for each in operations]
    first = {each.trade: each for each in reversed(risk.operations)}
    last = {each.trade: each for each in risk.operations}
    befores = [each.before for each in first.values() if each.before]
    afters = [each.after for each in last.values() if each.after]
    assert sum_risks([*risk.trades.values(), *befores]) == without_nothing(risk.before)
    assert sum_risks([*risk.trades.values(), *afters]) == without_nothing(risk.after)


def without_nothing(totals: object) -> object:
    assert isinstance(totals, dict)
    return {currency: each for currency, each in totals.items() if each != RiskTotals()}


def change_some(chance: random.Random, specs: Sequence[TradeSpec]) -> list[TradeSpec]:
    """Some trades get another goal, other exits, another size, or leave the files."""
    changed = []
    for spec in specs:
        kind = chance.choice(("same", "same", "closed", "abandoned", "released", "exits", "gone", "size"))
        terms = spec.terms
        if kind in ("closed", "abandoned", "released"):
            changed.append(replace(spec, state=DesiredState(kind)))
        elif kind == "exits" and terms.steps:
            changed.append(replace(spec, terms=replace(terms, steps=(), stop_loss=None)))
        elif kind == "size":
            changed.append(replace(spec, terms=replace(terms, entry=replace(terms.entry, units=terms.entry.units * 2))))
        elif kind != "gone":
            changed.append(spec)
    return changed


@pytest.mark.parametrize("seed", range(6))
def test_before_and_change_make_after_in_every_plan(seed: int) -> None:
    chance = random.Random(seed)
    with World() as world:
        open_accounts(world)
        world.settings = replace(
            world.settings, target=replace(world.settings.target, accounts={"main": 1, "futures": 2})
        )
        specs = list(make_portfolio(chance, 28))
        seen: Counter[Action] = Counter()
        for _ in range(3):
            plan = world.plan(*specs)
            check(plan, seen)
            world.apply(plan)
            for pair in SPOT:
                prices = walk(chance, pair, wildness=6)
                for _ in range(3):
                    world.price(pair, str(next(prices)))
            specs = change_some(chance, specs)
        check(world.plan(*specs), seen)
    assert {Action.CREATE, Action.CLOSE, Action.CANCEL} <= seen.keys()


def check(plan: Plan, seen: Counter[Action]) -> None:
    seen.update(each.action for each in plan.operations)
    check_sums(plan.risk, plan.operations)


def test_an_unchanged_trade_is_in_both_sums_and_in_no_change() -> None:
    spec = builders.spec()
    operations, risk = assess([spec], [builders.live(spec)])

    assert operations == ()
    assert risk.before == risk.after
    assert risk.before["USDT"].loss_at_stop == D("16.185")
    assert risk.change["USDT"] == RiskTotals()
    assert list(risk.trades) == ["btc-dip"]


def test_a_farther_stop_raises_the_loss_and_is_marked_worse() -> None:
    applied = builders.spec()
    wanted = builders.spec(builders.terms(stop_loss=builders.stop(58000)))
    _, risk = assess([wanted], [builders.live(applied, Phase.OPEN)])

    (operation,) = risk.operations
    stops = {level.price: level.change for level in operation.levels if level.kind is LevelKind.STOP}
    assert stops == {D(58000): LevelChange.WORSE, D(58500): LevelChange.REMOVED}
    # 0.01 x (58441.5 - 57942)
    assert risk.change["USDT"].loss_at_stop == D("4.995")


def test_what_ends_is_in_before_only() -> None:
    spec = builders.spec()
    for wanted in ([], [replace(spec, state=DesiredState.CLOSED)], [replace(spec, state=DesiredState.RELEASED)]):
        _, risk = assess(wanted, [builders.live(spec)])
        assert risk.operations[0].before is not None
        assert risk.operations[0].after is None
        assert (risk.before["USDT"].trades, risk.after.get("USDT", RiskTotals()).trades) == (1, 0)
    assert risk.trades == {}


def test_two_trades_with_one_name_are_both_counted() -> None:
    spec = builders.spec()
    _, risk = assess([spec], [builders.live(spec, id=7), builders.live(spec, id=8)])

    assert sorted(risk.trades) == ["btc-dip", "btc-dip #8"]
    assert risk.after["USDT"].trades == 2


def test_averaging_orders_count_while_they_are_planned_while_they_wait_and_when_they_are_sent() -> None:
    order = AveragingOrder(price=D(59500), units=D("0.01"))
    spec = replace(builders.spec(), averaging=(order,))
    with_it = D("16.185") + D("0.01") * (D("59559.5") - D("58441.5"))

    _, create = assess([spec], [])
    _, waiting = assess([spec], [builders.live(spec)])
    operations, held = assess([spec], [open_position(spec)])

    assert create.after["USDT"].loss_at_stop == with_it
    assert create.money.commits == {"USDT": D(600)}
    assert waiting.after["USDT"].loss_at_stop == with_it
    assert [each.action for each in operations] == [Action.ADD_FUNDS]
    assert held.change["USDT"].loss_at_stop == with_it - D("16.185")
    assert held.money.commits == {"USDT": D(595)}


def open_position(spec: TradeSpec, sent: int = 0) -> LiveTrade:
    """It is open, and some of its averaging orders are counted."""
    live = builders.live(spec, Phase.OPEN)
    assert live.reading.marker is not None
    marker = replace(live.reading.marker, averaging_sent=sent)
    flags = replace(live.flags, add_funds=True)
    return replace(live, entered_total=D("600.6"), flags=flags, reading=replace(live.reading, marker=marker))


def test_averaging_orders_that_were_not_read_make_the_numbers_unknown() -> None:
    spec = builders.spec()
    live = open_position(spec, sent=1)
    sent = SentOrder(
        id=5,
        order=AveragingOrder(price=D(59500), units=D("0.01")),
        status="order_placed",
        filled_units=D("0.004"),
        cancelable=True,
    )
    seen = Seen(lives={"btc-dip": [live]}, averaging={})
    read = replace(seen, averaging={live.id: AveragingReading(orders=(sent,))})

    unread = assess_plan((), seen, ACCOUNTS, {})
    known = assess_plan((), read, ACCOUNTS, {})

    assert {each.reason.code for each in unread.unknown["btc-dip"]} == {RiskReason.AVERAGING_UNREAD}
    assert (unread.after["USDT"].loss_at_stop, unread.after["USDT"].unknown) == (D(0), 1)
    assert known.trades["btc-dip"].units == D("0.016")
    assert known.unknown == {}


def test_the_sandbox_shows_the_plan_of_the_usual_trade() -> None:
    with World() as world:
        risk = world.plan(trade()).risk
        world.converge(trade())
        world.price("USDT_BTC", 59900)
        held = world.plan(trade()).risk

    assert risk.after["USDT"].loss_at_stop == held.after["USDT"].loss_at_stop == D("16.185")
    assert risk.fees["main"].basis is FeeBasis.ASSUMED
    assert held.fees["main"].basis is FeeBasis.LIVE
    assert held.trades["btc-dip"].at_market == D("-2.199")
