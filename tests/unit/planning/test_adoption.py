"""The marker that makes a live trade one of the files'."""

from __future__ import annotations

import pytest

from reconciler.codec.note import read_note
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.specs import TradeSpec
from reconciler.planning.adoption import adopt
from tests.support import builders
from tests.support.builders import WORKSPACE, spec, stop, terms
from tests.support.planning import carry_out, only, plan


def adopted(wanted: TradeSpec, live: LiveTrade) -> Operation:
    operation = adopt(WORKSPACE, wanted, live)
    assert operation is not None
    return operation


@pytest.mark.parametrize("phase", [Phase.ENTERING, Phase.FILLING, Phase.OPEN])
def test_an_adopted_trade_that_is_as_its_file_says_needs_nothing(phase: Phase) -> None:
    wanted = spec(note="mine")
    live = builders.unmarked(builders.live(wanted, phase))
    operation = adopted(wanted, live)
    assert (operation.action, operation.effect) == (Action.SET_NOTE, Effect.LABELS)
    after = carry_out(live, operation)
    assert plan([wanted], [after]).is_empty
    assert adopt(WORKSPACE, wanted, after) is None


def test_where_the_file_differs_the_next_plan_says_that_the_file_has_changed() -> None:
    live = builders.unmarked(builders.live())
    wanted = spec(terms(stop_loss=stop(59000)), note="mine")
    assert only(plan([wanted], [carry_out(live, adopted(wanted, live))])).cause is Cause.FILE


def test_a_text_stays_that_the_file_does_not_hold() -> None:
    live = builders.unmarked(builders.live(), "my own words")
    assert read_note(adopted(spec(), live).note_after).text == "my own words"


def test_a_note_that_leaves_no_room_is_refused_with_what_is_too_much() -> None:
    live = builders.unmarked(builders.live(), "x" * 299)
    with pytest.raises(ValueError, match=r"300 are allowed: shorten the note by \d+ in 3Commas"):
        adopt(WORKSPACE, spec(), live)


def test_a_text_that_shows_nothing_is_no_text() -> None:
    live = builders.unmarked(builders.live(), "\u200b\u2060")
    operation = adopted(spec(), live)
    assert read_note(operation.note_after).text == ""
    assert plan([spec()], [carry_out(live, operation)]).is_empty
