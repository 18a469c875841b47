"""The view of a run."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.outcomes import OutcomeKind
from reconciler.model.phrases import Tone, plain_text
from reconciler.rendering.views.apply_view import view_apply
from tests.support import builders
from tests.unit.rendering.test_apply_json import DONE, FAILED, RUN


def test_what_went_wrong_comes_first() -> None:
    view = view_apply(RUN.plan, RUN.outcomes, error=RUN.error, unsettled=RUN.unsettled)
    assert [row.tone for row in view.rows] == [Tone.DANGER, Tone.GOOD]
    assert (view.is_complete, view.head, view.others) == (False, "Apply incomplete.", "1 failed")
    assert plain_text(view.rows[0].text) == "no\nfunds"
    assert view.rows[0].takeover.startswith("version: 1")
    assert plain_text(view.error) == "it broke"
    assert plain_text(view.unsettled[0]).startswith("old was skipped: ")


def test_a_run_that_did_all_is_complete() -> None:
    view = view_apply(RUN.plan, [DONE])
    assert (view.is_complete, view.tone, view.others) == (True, Tone.GOOD, "")
    assert view.rows[0].ending == "done"
    assert not view_apply(RUN.plan, [DONE], error="x").is_complete


def test_every_way_to_end_has_a_meaning() -> None:
    outcomes = [replace(FAILED, kind=kind) for kind in OutcomeKind]
    assert len(view_apply(builders.plan(), outcomes).rows) == len(OutcomeKind)
