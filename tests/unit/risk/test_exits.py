"""Exits: the sizes of steps, and where steps and stops act."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.terms import Side
from reconciler.risk.exits import find_steps, find_stop_price, find_stop_trigger, share_units
from reconciler.risk.position import make_position
from reconciler.risk.state import OpenStep, TradeState, state_of_terms
from tests.support import builders

D = Decimal


def test_sizes_are_whole_lots_and_the_rest_goes_to_the_first_step() -> None:
    volumes = [D(50), D(25), D(25)]
    assert share_units(D("14"), volumes, D(1), D(0)) == [D(8), D(3), D(3)]
    assert share_units(D(20), [D(35), D(35)], D(1), D(0)) == [D(7), D(7)]
    # A fee that was taken in coins leaves less than a lot, which the last step takes.
    assert sum(share_units(D("14.91"), volumes, D(1), D(0))) == D("14.91")


def test_executed_steps_had_their_share() -> None:
    assert share_units(D(6), [D(30), D(30)], D(0), D(40)) == [D(3), D(3)]
    assert share_units(D(6), [D(30)], D(0), D(40)) == [D(3)]
    assert share_units(D(6), [D(10)], D(0), D(100)) == [D(0)]


def find_units(state: TradeState) -> list[Decimal]:
    return [step.units for step in find_steps(state, make_position(state, D(0)))]


def test_sizes_that_the_api_shows_count_unless_more_is_to_be_added() -> None:
    first, second = (OpenStep(terms=each, index=place) for place, each in enumerate(builders.STEPS, start=1))
    shown = (replace(first, units=D("0.006")), replace(second, units=D("0.004")))
    state = replace(state_of_terms(builders.terms()), steps=shown)

    assert find_units(state) == [D("0.006"), D("0.004")]
    assert find_units(replace(state, adds=(AveragingOrder(price=D(59000), units=D("0.01")),))) == [D("0.01")] * 2
    assert find_units(replace(state, steps=(replace(first, units=D("0.02")), second))) == [D("0.005")] * 2


def test_a_stop_that_is_a_limit_order_closes_at_its_limit() -> None:
    state = state_of_terms(builders.terms(stop_loss=builders.stop(58500, limit=58400)))
    position = make_position(state, D(0))

    assert (find_stop_trigger(state, position), find_stop_price(state, position)) == (D(58500), D(58400))
    assert find_stop_price(replace(state, stop=None), position) is None


def test_levels_in_percent_count_from_the_average_with_fees() -> None:
    terms = builders.terms(steps=[builders.step(None, 100, percent=5)], stop_loss=builders.stop(None, percent=2))
    state = state_of_terms(terms, rates=builders.rates())
    position = make_position(state, D("0.001"))
    (step,) = find_steps(state, position)

    assert (step.price, find_stop_price(state, position)) == (D("63063.00"), D("58858.80"))


def test_a_trailing_step_brings_at_least_its_price_less_the_distance() -> None:
    for side, least in ((Side.BUY, "62370"), (Side.SELL, "63630")):
        terms = builders.terms(entered_by=builders.entry(side=side), steps=[builders.step(63000, 100, trailing=1)])
        state = state_of_terms(terms)
        (step,) = find_steps(state, make_position(state, D(0)))
        assert step.least == D(least)
