"""Each thing that a precondition compares makes an operation stale, progress of the market never does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.preconditions import find_staleness, is_done, write_under_way
from reconciler.codec.note import read_note
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Operation
from reconciler.model.specs import DesiredState
from reconciler.rendering.reasons import describe
from tests.support import builders, planning

HELD = builders.live(phase=Phase.OPEN)
MOVE_STOP = planning.only(planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(59000)))], [HELD]))
CLOSE = planning.only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [HELD]))
NOTE = planning.only(planning.plan([builders.spec(note="new")], [HELD]))
OPERATIONS = {"update": MOVE_STOP, "close": CLOSE, "set note": NOTE}


def shown(**changes: object) -> LiveTrade:
    """The held trade with other inputs."""
    return replace(HELD, terms=replace(builders.terms(), **changes))  # type: ignore[arg-type]  # fields of the class


def stale(operation: Operation, live: LiveTrade, *, is_later: bool = False, left: LiveTrade | None = None) -> str:
    """Why an operation does not fit, as a sentence; empty if it does."""
    why = find_staleness(operation, live, is_later=is_later, left=left)
    return "" if why is None else describe(why)


EDITS: Mapping[str, tuple[LiveTrade, str]] = {
    "status": (replace(HELD, status="stop_loss_finished", phase=Phase.ENDED), "is stop_loss_finished now"),
    "note": (replace(HELD, note="mine"), "the note of #7 was edited"),
    "executed steps": (builders.live(phase=Phase.OPEN, step_statuses=["finished"]), "has 1 executed steps now"),
    "stop": (shown(stop_loss=builders.stop(57000)), "stop_loss.conditional.price.value is 57000, was 58500"),
    "no stop": (shown(stop_loss=None), "stop_loss"),
    "kind of stop": (shown(stop_loss=builders.stop(58500, limit=58000)), "stop_loss.order_type is limit"),
    "timeout": (shown(stop_loss=builders.stop(58500, timeout=60)), "stop_loss.timeout"),
}


@pytest.mark.parametrize("kind", OPERATIONS)
@pytest.mark.parametrize("edit", EDITS)
def test_whatever_differs_from_what_was_reviewed_makes_it_stale(kind: str, edit: str) -> None:
    live, words = EDITS[edit]
    assert not is_done(OPERATIONS[kind], live)
    assert words in stale(OPERATIONS[kind], live)


@pytest.mark.parametrize("kind", OPERATIONS)
def test_steps_that_were_edited_make_it_stale(kind: str) -> None:
    steps = (builders.step(62500, 50), builders.step(66000, 50))
    live = builders.live(phase=Phase.OPEN, shown=builders.terms(steps=steps), note=HELD.note)
    assert "take_profit.steps[0].price.value is 62500, was 63000" in stale(OPERATIONS[kind], live)


@pytest.mark.parametrize("kind", OPERATIONS)
def test_progress_does_not(kind: str) -> None:
    moved = replace(HELD, average_price=Decimal(59990), entered_total=Decimal("599.9"), prices=builders.prices(62000))
    assert stale(OPERATIONS[kind], moved) == ""


def test_a_waiting_entry_that_was_moved_or_has_filled_makes_a_cancel_stale() -> None:
    waits = builders.live()
    cancel = planning.only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [waits]))
    edited = replace(waits, terms=builders.terms(entered_by=builders.entry(59990)))
    assert "position.price.value is 59990, was 60000" in stale(cancel, edited)
    assert "waiting_targets now, waiting_position when planned" in stale(cancel, HELD)


def test_what_the_operation_itself_left_half_way_is_not_stale() -> None:
    waits = builders.live()
    wanted = builders.spec(builders.terms(entered_by=builders.entry(60500)))
    update: Operation = planning.only(planning.plan([wanted], [waits]))
    note = write_under_way(waits.note, wanted.terms)
    announced = replace(waits, note=note, reading=read_note(note))
    assert stale(update, announced) == ""
    sent = replace(announced, terms=wanted.terms)
    assert stale(update, sent) == ""
    assert not is_done(update, sent)
    finished = replace(sent, note=update.note_after or "", reading=read_note(update.note_after))
    assert is_done(update, finished)


def test_a_later_operation_on_the_same_trade_compares_with_what_the_one_before_it_left() -> None:
    moved = builders.live(phase=Phase.OPEN, shown=builders.terms(stop_loss=builders.stop(59000)), note=HELD.note)
    assert stale(NOTE, moved, is_later=True) == ""
    assert stale(NOTE, moved, is_later=True, left=moved) == ""
    assert "was edited while the plan was applied" in stale(NOTE, moved, is_later=True, left=HELD)


def test_a_step_is_not_called_cancelled_where_somebody_rebuilt_the_steps() -> None:
    wanted = builders.spec(builders.terms(steps=(builders.step(66000, 50),)), unallocated=50)
    cancel, _ = planning.plan([wanted], [HELD]).operations
    gone = builders.live(phase=Phase.OPEN, shown=builders.terms(steps=(builders.step(66000, 50),)), note=HELD.note)
    assert is_done(cancel, gone)
    rebuilt = builders.live(phase=Phase.OPEN, shown=builders.terms(steps=(builders.step(65000, 100),)), note=HELD.note)
    assert not is_done(cancel, rebuilt)
    assert stale(cancel, rebuilt) == "the steps of #7 were edited since the plan was made"
