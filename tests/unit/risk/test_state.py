"""States of live trades: what is held, what waits, and which exits may still act."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import LiveTrade, Phase
from reconciler.risk.state import state_of_live, state_of_terms
from tests.support import builders

D = Decimal


def test_an_entry_waits_until_it_is_filled() -> None:
    waiting = state_of_live(builders.live())
    filling = state_of_live(builders.live(phase=Phase.FILLING, entered="0.004"))
    held = state_of_live(builders.live(phase=Phase.OPEN))

    assert [(each.opened_units, each.waiting_units) for each in (waiting, filling, held)] == [
        (D(0), D("0.01")),
        (D("0.004"), D("0.006")),
        (D("0.01"), D(0)),
    ]
    assert (filling.opened_total, held.opened_total) == (D(240), D(600))


def test_own_funds_are_held_from_the_beginning() -> None:
    terms = builders.terms(is_own_funds=True)
    for state in (state_of_terms(terms), state_of_live(builders.live(builders.spec(terms), Phase.OPEN))):
        assert (state.opened_units, state.opened_total, state.waiting_units) == (D("0.01"), D(600), D(0))


def test_a_trade_of_which_the_total_is_not_named_has_cost_its_average() -> None:
    live = builders.live(phase=Phase.OPEN, average=60060)
    assert state_of_live(replace(live, entered_total=D(0))).opened_total == D("600.60")
    assert state_of_live(replace(live, entered_total=D(0), average_price=None)).opened_total is None


def test_a_stop_that_is_not_active_limits_nothing_once_a_part_of_the_position_is_held() -> None:
    def stop_of(live: LiveTrade) -> bool:
        return state_of_live(live).stop is not None

    assert stop_of(builders.live())
    # The exchange places the stop for the whole entry only.
    assert not stop_of(builders.live(phase=Phase.FILLING, entered="0.004"))
    assert stop_of(builders.live(phase=Phase.OPEN))
    assert not stop_of(builders.live(phase=Phase.OPEN, stop_status="failed"))
    assert not stop_of(builders.live(phase=Phase.BUSY, stop_status="cancelled", entered="0.01"))


def test_a_trade_is_filling_while_a_part_of_its_entry_waits() -> None:
    lives = (builders.live(), builders.live(phase=Phase.FILLING, entered="0.004"), builders.live(phase=Phase.OPEN))
    assert [state_of_live(live).is_filling for live in lives] == [False, True, False]


def test_executed_and_cancelled_steps_do_not_act_again() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=("finished", "order_placed"), closed="0.005")
    state = state_of_live(replace(live, closed_total=D("314.685")))

    assert [step.index for step in state.steps] == [2]
    assert (state.done_pct, state.held_units, state.closed_total) == (D(50), D("0.005"), D("314.685"))
    cancelled = builders.live(phase=Phase.OPEN, step_statuses=("cancelled", "order_placed"))
    assert (len(state_of_live(cancelled).steps), state_of_live(cancelled).done_pct) == (1, D(0))


def test_the_prices_that_were_read_count_before_those_of_the_trade() -> None:
    assert state_of_live(builders.live(), rates=builders.rates(62000)).prices == builders.prices(62000)
    assert state_of_live(builders.live()).prices == builders.prices()
    assert state_of_terms(builders.terms()).prices is None
