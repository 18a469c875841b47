"""Losses of an open position."""

from __future__ import annotations

import pytest

from reconciler.model.drift import FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.journal import AppliedTrade
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import Phase
from reconciler.model.reasons import reason
from tests.support import builders
from tests.support.surveys import SPEC, check, ignoring, ignoring_note, kept, shown, shown_as, topics


def test_an_ignored_stop_that_is_not_active_is_a_loss() -> None:
    spec = ignoring(Ignored.STOP_LOSS)
    unarmed = builders.live(spec, Phase.OPEN, note=ignoring_note(spec), stop_status="cancelled")
    assert topics(check([spec], [unarmed])) == [("stop_not_armed", "")]


@pytest.mark.parametrize(
    "journal", [{}, kept(builders.spec(builders.terms(stop_loss=None)))], ids=["empty disk", "journal"]
)
def test_an_ignored_stop_that_is_gone_is_a_loss_that_no_plan_repairs(journal: dict[str, AppliedTrade]) -> None:
    spec = ignoring(Ignored.STOP_LOSS)
    (loss,) = [each for each in check([spec], [shown_as(spec, stop_loss=None)], applied=journal) if each.counts]
    assert loss.topic is Topic.STOP_GONE
    assert (loss.reason, loss.hint) == (reason(DriftCode.IGNORED_STOP_MISSING), None)


def test_a_stop_of_a_waiting_entry_that_is_gone_is_drift_and_one_of_a_position_is_loss() -> None:
    (waiting,) = check([SPEC], [shown(Phase.ENTERING, stop_loss=None)])
    (held, *_) = check([SPEC], [shown(stop_loss=None)])
    assert (waiting.kind, waiting.topic, waiting.path) == (FindingKind.DRIFT, "field", "stop_loss")
    assert (held.kind, held.topic, held.path) == (FindingKind.LOSS, "stop_gone", "stop_loss")
    assert held.applied == SPEC.terms.stop_loss


@pytest.mark.parametrize("status", ["idle", "failed", "suspended", "cancelled", ""])
def test_a_stop_that_is_not_active_behind_a_position_is_a_loss(status: str) -> None:
    live = builders.live(phase=Phase.OPEN, stop_status=status)
    assert topics(check([SPEC], [live])) == [("stop_not_armed", "")]
    assert topics(check([], [live])) == [("stop_not_armed", "")], "in no file"
    assert topics(check([SPEC], [builders.live(stop_status=status)])) == [], "before the entry"


def test_a_step_that_the_exchange_refused_is_loss() -> None:
    assert topics(check([SPEC], [builders.live(phase=Phase.OPEN, step_statuses=["failed"])])) == [("step_failed", "")]


def test_a_stop_that_is_gone_is_reported_once() -> None:
    assert topics(check([SPEC], [shown(stop_loss=None)])) == [("stop_gone", "stop_loss")]
