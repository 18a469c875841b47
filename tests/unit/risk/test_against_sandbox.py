"""Forecasts come true: random trades of every kind live in the sandbox, and end with the result that was forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import event, given, settings

from reconciler.codec.averaging import write_averaging
from reconciler.codec.body import write_body
from reconciler.codec.live_trades import read_trade
from reconciler.model.averaging import AveragingOrder
from reconciler.model.risk import TradeRisk
from reconciler.model.terms import OrderType, Side, Terms
from reconciler.risk.state import TradeState, state_of_terms
from reconciler.risk.trade_risk import Measured, Rules, measure
from tests.support import builders
from tests.support.world import World
from tests.unit.risk.lives import Life, Plot, Stage, plots, with_exits

# Worths of inverse contracts are quotients, so their sums are cut after 28 digits, here and in the sandbox.
_CUT = Decimal("1e-20")


@settings(max_examples=100)
@given(plot=plots())
def test_every_state_forecasts_the_result_to_the_last_digit(plot: Plot) -> None:
    with World() as world:
        stage = Stage(plot, world)
        life = stage.run()
    event(f"{plot.pair}, {plot.entry}, {'stop' if life.exits[-1].step is None else 'steps'}")
    # Until a step is executed, the sizes that the API shows and those that are computed are the same.
    states = [*life.states, *(without_sizes(state) for state in life.states if not state.executed)]
    for number, state in enumerate(states):
        forecast = foresee(stage.forecast(with_exits(state, life.exits)), life)
        assert forecast is not None
        assert is_same(forecast, life.profit, plot), (number, forecast, life.profit, plot, life.exits)


def test_levels_in_percent_are_where_the_sandbox_puts_them() -> None:
    steps = ((3, 33, "limit"), (6, 67, "market"))
    for pair, is_long in (("USDT_BTC", True), ("USDT_BTC", False), ("BTC_ETH", True), ("USDT_BTC_USDT", False)):
        plot = Plot(
            pair=pair,
            is_long=is_long,
            entry="trailing",
            steps=steps,
            has_limit_stop=False,
            adds=0,
            steps_hit=0,
            fee_pct="0.1",
            is_in_percent=True,
            gap=0,
        )
        with World() as world:
            stage = Stage(plot, world)
            waiting, held = (stage.forecast(state) for state in stage.run().states[:2])
        assert waiting.stop_price == held.stop_price is not None
        assert [step.price for step in waiting.steps] == [step.price for step in held.steps]
        assert [step.units for step in waiting.steps] == [step.units for step in held.steps]


def foresee(trade: Measured, life: Life) -> Decimal | None:
    """The result that is forecast for the exits that still came: by the risk, if only steps or only the stop did."""
    risk, position = trade.risk, trade.position
    assert risk.realised is not None
    numbers = [each.step for each in life.exits]
    steps = [step for step in trade.steps if step.step.index - 1 in numbers]
    if None not in numbers:
        assert risk.reward is not None
        return risk.realised + risk.reward
    if not steps:
        assert risk.loss_at_stop is not None
        assert risk.locked_in is not None
        return risk.realised + risk.locked_in - risk.loss_at_stop
    left = position.units - sum((step.units for step in steps), Decimal(0))
    values = [position.value_of(step.units, step.price) for step in steps]
    values.append(position.value_of(left, trade.stop_price))
    assert position.cost is not None
    return risk.realised + position.sign * (sum((each for each in values if each), Decimal(0)) - position.cost)


def without_sizes(state: TradeState) -> TradeState:
    return replace(state, steps=tuple(replace(step, units=None) for step in state.steps))


def is_same(forecast: Decimal, result: Decimal, plot: Plot) -> bool:
    return forecast == result or (plot.pair.startswith("BTC_BTCUSD") and abs(forecast - result) < _CUT)


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A worked example.

    Attributes:
        terms: The trade.
        prices: Prices until it has ended.
        profit: Result in the sandbox.
        forecast: Where its risk says that: a number of the risk, before it is opened.
        adds: Averaging orders.
        stop_fill: Price at which the stop fills, if that is not its trigger.
    """

    terms: Terms
    prices: tuple[str, ...]
    profit: str
    forecast: Callable[[TradeRisk], Decimal | None]
    adds: tuple[AveragingOrder, ...] = ()
    stop_fill: str = ""


WORKED = {
    "a long trade and its stop": Worked(
        terms=builders.terms(),
        prices=("59900", "58500"),
        profit="-16.185",
        forecast=lambda risk: None if risk.loss_at_stop is None else -risk.loss_at_stop,
    ),
    "a short trade and its stop, with the ask of the tick": Worked(
        terms=builders.terms(
            pair="USDT_SOL",
            entered_by=builders.entry(165, 10, side=Side.SELL),
            steps=(),
            stop_loss=builders.stop(172),
        ),
        prices=("165.01", "172"),
        stop_fill="172.01",
        profit="-73.4701",
        forecast=lambda risk: None if risk.loss_at_stop is None else -risk.loss_at_stop,
    ),
    "two steps, the second of which trails": Worked(
        terms=builders.terms(
            steps=[builders.step(63000), builders.step(66000, trailing="1.5", order_type=OrderType.MARKET)]
        ),
        prices=("59900", "63001", "66000", "65010"),
        profit="38.80995",
        forecast=lambda risk: risk.reward,
    ),
    "an averaging order and the stop": Worked(
        terms=builders.terms(
            pair="USDT_ETH", entered_by=builders.entry(3200, 1), steps=(), stop_loss=builders.stop(2900)
        ),
        prices=("3199", "2999", "2900"),
        profit="-412",
        forecast=lambda risk: None if risk.loss_at_stop is None else -risk.loss_at_stop,
        adds=(AveragingOrder(price=Decimal(3000), units=Decimal(1)),),
    ),
    "own funds whose stop locks a gain in": Worked(
        terms=builders.terms(
            pair="USDT_SOL",
            entered_by=builders.entry(120, 10),
            steps=(),
            stop_loss=builders.stop(130),
            is_own_funds=True,
        ),
        prices=("130",),
        profit="98.7",
        forecast=lambda risk: risk.locked_in,
    ),
}


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_example_ends_in_the_sandbox_as_it_was_forecast(name: str) -> None:
    worked = WORKED[name]
    terms = worked.terms
    with World() as world:
        live_id = int(str(world.api.create(write_body(terms))["id"]))
        for number, price in enumerate(worked.prices):
            world.price(terms.pair, price)
            read_trade(world.api.get(live_id))
            for order in worked.adds if number == 0 else ():
                world.api.add_funds(live_id, write_averaging(order))
        profit = read_trade(world.api.get(live_id)).profit

    if worked.stop_fill:
        terms = replace(terms, stop_loss=builders.stop(worked.stop_fill))
    risk = measure(state_of_terms(terms, worked.adds), Rules(fee=Decimal("0.001"))).risk
    assert worked.forecast(risk) == profit == Decimal(worked.profit)
