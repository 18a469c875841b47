"""States after operations."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Effect, FieldChange, Operation
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Terms
from reconciler.risk.changes import change_state, drop_order
from reconciler.risk.state import TradeState, state_of_live
from tests.support import builders, planning

D = Decimal


def after(wanted: TradeSpec, live: LiveTrade) -> TradeState | None:
    """The state after the only operation that a plan has."""
    operation = planning.only(planning.plan([wanted], [live]))
    return change_state(state_of_live(live), operation)


def test_an_update_of_the_stop_leaves_the_steps_unchanged() -> None:
    live = builders.live(phase=Phase.OPEN)
    state = after(builders.spec(builders.terms(stop_loss=builders.stop(59000))), live)

    assert state is not None
    assert state.stop == builders.stop(59000)
    assert state.steps == state_of_live(live).steps
    assert (state.opened_units, state.opened_total) == (D("0.01"), D(600))


def test_executed_steps_stay_executed_also_if_the_api_shows_them_at_another_level() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=("finished",), closed="0.005")
    before = state_of_live(replace(live, closed_total=D("314.685")))
    wanted = builders.terms(steps=(builders.step(63000), builders.step(67000)))
    change = FieldChange(path="take_profit.steps[1].price.value", live="66000", wanted="67000")
    operation = make(Action.UPDATE, wanted, changes=(change,))

    for shown in (before, replace(before, executed=(builders.step("63000.5", 50),))):
        state = change_state(shown, operation)
        assert state is not None
        assert [(step.index, step.terms) for step in state.steps] == [(2, builders.step(67000))]
        assert (state.done_pct, state.stop) == (D(50), builders.stop())


def test_a_stop_that_is_activated_again_limits_the_loss_again() -> None:
    live = builders.live(phase=Phase.OPEN, stop_status="failed")
    assert state_of_live(live).stop is None
    state = after(builders.spec(), live)
    assert state is not None
    assert state.stop == builders.stop()


def test_a_new_stop_of_an_entry_that_is_filled_in_part_is_not_active_yet() -> None:
    wanted = builders.spec(builders.terms(stop_loss=builders.stop(59000)))
    operation = planning.only(planning.plan([wanted], [builders.live()]))
    state = change_state(state_of_live(builders.live(phase=Phase.FILLING, entered="0.004")), operation)
    assert state is not None
    assert state.stop is None
    assert state.terms.stop_loss == builders.stop(59000)


def test_a_waiting_entry_can_be_changed_a_filled_one_not() -> None:
    wanted = builders.terms(entered_by=builders.entry(59000, "0.02"))
    live = builders.live()
    state = after(builders.spec(wanted), live)
    assert state is not None
    assert (state.terms.entry, state.waiting_units) == (wanted.entry, D("0.02"))

    held = builders.live(phase=Phase.OPEN)
    operation = planning.only(planning.plan([builders.spec(wanted)], [live]))
    kept = change_state(state_of_live(held), operation)
    assert kept is not None
    assert kept.terms.entry == held.terms.entry


def test_a_replace_begins_from_the_file() -> None:
    wanted = builders.terms(entered_by=builders.entry(None, trigger=62000))
    operation = planning.only(planning.plan([builders.spec(wanted)], [builders.live()]))
    state = change_state(state_of_live(builders.live()), operation)

    assert operation.action is Action.REPLACE
    assert state is not None
    assert (state.terms, state.waiting_units) == (wanted, D("0.01"))


def test_what_is_closed_cancelled_or_released_is_not_there_afterwards() -> None:
    for wanted, phase in (("closed", Phase.OPEN), ("abandoned", Phase.ENTERING), ("released", Phase.ENTERING)):
        assert after(replace(builders.spec(), state=DesiredState(wanted)), builders.live(phase=phase)) is None


def test_a_stop_that_would_act_at_once_ends_the_trade() -> None:
    wanted = builders.spec(builders.terms(stop_loss=builders.stop(62000)))
    assert after(wanted, builders.live(phase=Phase.OPEN)) is None


def make(action: Action, terms: Terms | None = None, **values: object) -> Operation:
    usual = planning.only(planning.plan([builders.spec(builders.terms(stop_loss=None))], [builders.live()]))
    return replace(usual, action=action, after=terms, effect=Effect.FREES, **values)  # type: ignore[arg-type]


def test_a_cancelled_step_is_gone_and_a_copy_of_it_stays() -> None:
    twins = builders.terms(steps=[builders.step(63000, 25)] * 2)
    before = state_of_live(builders.live(builders.spec(twins), Phase.OPEN))
    state = change_state(before, make(Action.CANCEL_STEP, step=builders.step(63000, 25)))

    assert state is not None
    assert [step.index for step in state.steps] == [2]


def test_averaging_orders_come_and_go() -> None:
    order = AveragingOrder(price=D(59000), units=D("0.01"))
    before = state_of_live(builders.live(phase=Phase.OPEN))
    added = change_state(before, make(Action.ADD_FUNDS, averaging=order))
    assert added is not None
    assert added.adds == (order,)
    gone = change_state(added, make(Action.CANCEL_AVERAGING, averaging=order))
    assert gone is not None
    assert gone.adds == ()


def test_an_order_that_is_filled_in_part_is_found_by_its_price() -> None:
    left = AveragingOrder(price=D(59000), units=D("0.004"))
    other = AveragingOrder(price=D(58000), units=D("0.01"))
    assert drop_order((other, left), AveragingOrder(price=D(59000), units=D("0.01"))) == (other,)
    assert drop_order((other,), left) == (other,)


def test_a_note_changes_nothing() -> None:
    before = state_of_live(builders.live())
    assert change_state(before, make(Action.SET_NOTE)) is before
    assert change_state(None, make(Action.SET_NOTE)) is None
