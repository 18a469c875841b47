"""Outcomes of what was sent, by what the API shows afterwards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.judgements import (
    find_missed_fill,
    is_interrupted_replace,
    judge_create,
    judge_note,
    judge_update,
)
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import FieldChange
from reconciler.model.outcomes import OutcomeKind
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec()]))
NEW_STOP = builders.spec(builders.terms(stop_loss=builders.stop(59000)))
HELD = builders.live(phase=Phase.OPEN)
UPDATE = planning.only(planning.plan([NEW_STOP], [HELD]))
NOTE = planning.only(planning.plan([builders.spec(note="new")], [HELD]))


@pytest.mark.parametrize(
    ("live", "words"),
    [
        (replace(HELD, status="failed", error="no funds"), "#7 failed: no funds"),
        (replace(HELD, phase=Phase.BUSY, status="created"), "#7 is still created; plan again"),
        (replace(HELD, stop_status="failed"), "its stop is not active (failed)"),
    ],
)
def test_a_create_fails_that_has_not_settled_with_its_stop(live: LiveTrade, words: str) -> None:
    outcome = judge_create(CREATE, live)
    assert outcome.kind is OutcomeKind.FAILED
    assert words in describe_outcome(outcome)


def test_a_create_that_no_list_shows_is_done_and_says_so() -> None:
    outcome = judge_create(CREATE, HELD, is_listed=False)
    assert (outcome.kind, outcome.is_listed) == (OutcomeKind.APPLIED, False)
    assert judge_create(CREATE, HELD).is_listed


def test_an_old_entry_that_filled_right_before_its_change_is_not_the_new_one() -> None:
    wanted = replace(HELD.terms, entry=replace(HELD.terms.entry, units=HELD.terms.entry.units * 2))
    missed = find_missed_fill(HELD, wanted)
    assert missed is not None
    assert "was filled while its entry was changed: 0.01 BTC instead of 0.02" in describe(missed)
    assert find_missed_fill(HELD, HELD.terms) is None
    assert find_missed_fill(builders.live(), wanted) is None


def test_an_update_is_done_only_if_nothing_differs_and_the_trade_goes_on() -> None:
    change = FieldChange(path="stop_loss.conditional.price.value", live="1", wanted="2")
    assert judge_update(UPDATE, HELD, ()).kind is OutcomeKind.APPLIED
    assert judge_update(UPDATE, HELD, (change,)).kind is OutcomeKind.FAILED
    assert judge_update(UPDATE, replace(HELD, phase=Phase.ENDED, status="finished"), ()).kind is OutcomeKind.FAILED
    assert judge_update(UPDATE, replace(HELD, stop_status="failed"), ()).kind is OutcomeKind.FAILED


def test_a_note_is_done_only_if_it_shows() -> None:
    assert judge_note(NOTE, HELD, HELD).kind is OutcomeKind.FAILED
    assert judge_note(NOTE, HELD, replace(HELD, note=NOTE.note_after or "")).kind is OutcomeKind.APPLIED


def test_only_a_replace_can_be_an_interrupted_one() -> None:
    ended = replace(builders.live(), status="cancelled", phase=Phase.ENDED, entered_units=Decimal(0))
    assert not is_interrupted_replace(UPDATE, ended)
