"""Inputs of a live trade that differ from the last applied ones."""

from __future__ import annotations

from decimal import Decimal

from reconciler.drifting.edits import STOP_PATH, Edit, find_edits
from reconciler.model.live import Phase
from reconciler.model.terms import Leverage, LeverageType, Terms
from tests.support import builders

APPLIED = builders.terms()


def exits_of(shown: Terms) -> tuple[Edit, ...]:
    """The edits of the exits of an open trade that shows some terms."""
    return find_edits(builders.live(phase=Phase.OPEN, shown=shown), APPLIED, None).exits


def test_equal_terms_have_no_edits() -> None:
    edits = find_edits(builders.live(), APPLIED, None)
    assert (edits.entry, edits.exits, edits.stated) == ((), (), APPLIED)


def test_an_edit_names_the_applied_and_the_live_value() -> None:
    shown = builders.terms(stop_loss=builders.stop(58000))
    expected = Edit(path="stop_loss.conditional.price.value", applied="58500", live="58000")
    assert exits_of(shown) == (expected,)


def test_a_stop_that_is_gone_is_one_edit() -> None:
    (edit,) = exits_of(builders.terms(stop_loss=None))
    assert (edit.path, edit.applied, edit.live) == (STOP_PATH, APPLIED.stop_loss, None)


def test_edits_of_steps_are_in_the_order_of_the_steps_and_carry_their_index() -> None:
    first, second = APPLIED.steps
    edits = exits_of(builders.terms(steps=(builders.step(63500, 50),)))
    assert [(edit.path, edit.step) for edit in edits] == [
        ("take_profit.steps[0].price.value", 0),
        ("take_profit.steps[1]", 1),
    ]
    assert (edits[1].applied, edits[1].live) == (second, None)
    assert exits_of(builders.terms(steps=(second, first))) == ()


def test_an_executed_step_that_the_file_leaves_out_is_not_an_edit() -> None:
    extra = builders.step(61000, 10)
    steps = (extra, *APPLIED.steps)
    live = builders.live(phase=Phase.OPEN, shown=builders.terms(steps=steps), step_statuses=["finished"])
    assert find_edits(live, APPLIED, None).exits == ()


def test_an_executed_step_that_the_file_leaves_out_is_not_an_edit_beside_an_edited_one() -> None:
    steps = (builders.step(61000, 10), builders.step(63500, 50), APPLIED.steps[1])
    live = builders.live(phase=Phase.OPEN, shown=builders.terms(steps=steps), step_statuses=["finished"])
    (edit,) = find_edits(live, APPLIED, None).exits
    assert (edit.path, edit.applied, edit.live) == ("take_profit.steps[0].price.value", "63000", "63500")


def test_a_waiting_entry_has_edits_of_its_own() -> None:
    live = builders.live(shown=builders.terms(entered_by=builders.entry(59000)))
    edits = find_edits(live, APPLIED, None)
    assert edits.entry == (Edit(path="position.price.value", applied="60000", live="59000"),)


def test_a_stated_leverage_that_differs_is_an_edit_of_the_exits() -> None:
    applied = builders.terms(leverage=Leverage(type=LeverageType.CROSS, value=Decimal(2)))
    shown = builders.terms(leverage=Leverage(type=LeverageType.CROSS, value=Decimal(3)))
    edits = find_edits(builders.live(phase=Phase.OPEN, shown=shown), applied, None)
    assert edits.exits == (Edit(path="leverage.value", applied="2", live="3"),)
