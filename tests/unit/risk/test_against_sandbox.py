"""Forecasts come true: random trades of every kind live in the sandbox, and end with the result that was forecast."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import event, given, settings

from reconciler.risk.trade_risk import Measured
from tests.support.world import World
from tests.unit.risk.lives import Life, Plot, Stage, plots, with_exits

# Worths of inverse contracts are quotients, so their sums are cut after 28 digits, here and in the sandbox.
_CUT = Decimal("1e-20")


@settings(max_examples=150)
@given(plot=plots())
def test_every_state_forecasts_the_result_to_the_last_digit(plot: Plot) -> None:
    with World() as world:
        stage = Stage(plot, world)
        life = stage.run()
    event(f"{plot.pair}, {plot.entry}, {'stop' if life.exits[-1].step is None else 'steps'}")
    for number, state in enumerate(life.states):
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


def is_same(forecast: Decimal, result: Decimal, plot: Plot) -> bool:
    return forecast == result or (plot.pair.startswith("BTC_BTCUSD") and abs(forecast - result) < _CUT)
