"""Desired trades that are not active."""

from __future__ import annotations

import pytest

from reconciler.codec.note import write_note
from reconciler.model.drift import Finding, FindingKind
from reconciler.model.drift_codes import DriftCode
from reconciler.model.live import Phase
from reconciler.model.reasons import reason
from reconciler.model.specs import DesiredState
from tests.support import builders
from tests.support.surveys import SPEC, check, kept, topics

ENDINGS = {
    "finished": [],
    "stop_loss_finished": [],
    "liquidated": [("liquidated", "")],
    "settled": [],
    "cancelled": [("cancelled_outside", "")],
    "panic_sold": [("closed_outside", "")],
    "failed": [("failed", "")],
}


@pytest.mark.parametrize("status", ENDINGS)
def test_what_a_person_ended_is_loss_and_what_the_market_ended_is_not(status: str) -> None:
    ended = builders.live(phase=Phase.ENDED, status=status, entered="0.01", closed="0.01")
    assert topics(check([SPEC], ended=[ended])) == ENDINGS[status]


@pytest.mark.parametrize("status", ["cancelled", "panic_sold"])
def test_what_an_apply_has_ended_is_no_loss(status: str) -> None:
    ended = builders.live(phase=Phase.ENDED, status=status, entered="0.01")
    assert topics(check([SPEC], ended=[ended], applied=kept(is_ended=True, is_ours=True))) == []


def test_what_was_cancelled_to_make_way_for_another_is_completed_by_apply() -> None:
    wanted = builders.terms(entered_by=builders.entry(59000))
    note = write_note(builders.marker(pending=wanted), "")
    ended = builders.live(phase=Phase.ENDED, status="cancelled", note=note, entered=0)
    assert topics(check([builders.spec(wanted)], ended=[ended])) == [("under_way", "")]


def test_a_raised_generation_is_for_plan() -> None:
    raised = builders.spec(generation=2)
    ended = builders.live(phase=Phase.ENDED, status="cancelled", entered=0)
    assert topics(check([raised], ended=[ended], applied=kept(is_ended=True))) == [("not_live", "")]


def test_what_does_not_exist_any_more_is_lost_once_a_journal_knows_that_it_did() -> None:
    assert topics(check([SPEC], gone=[7], applied=kept())) == [("vanished", "")]
    assert topics(check([SPEC])) == [("not_live", "")]


def test_what_ended_without_its_marker_is_lost() -> None:
    ended = builders.unmarked(builders.live(phase=Phase.ENDED, status="cancelled"))
    assert topics(check([SPEC], by_id=[ended], applied=kept())) == [("marker_gone", "")]


def test_what_may_be_hidden_behind_a_damaged_note_is_reported_as_lost() -> None:
    (loss,) = check([SPEC], doubts={SPEC.name: "#3 has a damaged marker"})
    assert (loss.kind, loss.topic) == (FindingKind.LOSS, "unproven")
    assert loss.reason == reason(DriftCode.ABSENCE_UNPROVEN, doubt="#3 has a damaged marker")


@pytest.mark.parametrize("state", [DesiredState.CLOSED, DesiredState.ABANDONED, DesiredState.RELEASED])
def test_what_should_not_be_open_is_not_missed(state: DesiredState) -> None:
    assert check([builders.spec(state=state)]) == ()


def test_an_end_that_is_bad_news_is_reported_once() -> None:
    ended = builders.live(phase=Phase.ENDED, status="cancelled", entered=0)
    assert [each.kind for each in check([SPEC], ended=[ended])] == [FindingKind.LOSS]
    assert [each.kind for each in check([SPEC], gone=[7], applied=kept())] == [FindingKind.LOSS]


def test_an_end_says_who_has_ended_the_trade() -> None:
    ended = builders.live(phase=Phase.ENDED, status="cancelled", entered=0)
    finished = builders.live(phase=Phase.ENDED, status="finished")
    ours = kept(is_ended=True, is_ours=True)

    def code_of(*findings: Finding) -> object:
        (finding,) = findings
        return finding.reason.code

    assert code_of(*check([SPEC], ended=[finished], applied=ours)) is DriftCode.ENDED_BY_MARKET
    assert code_of(*check([SPEC], ended=[ended], applied=ours)) is DriftCode.ENDED_BY_RECONCILER
    assert code_of(*check([SPEC], ended=[ended], foreign=[7])) is DriftCode.ENDED_AS_ASKED
