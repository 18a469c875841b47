"""The view of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from reconciler.applying.endings import end_held_back
from reconciler.guardrails.held_back import find_held_back
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.phrases import Tone, plain_text
from reconciler.rendering.apply_json import Run, write_end, write_run
from reconciler.rendering.apply_markdown import render_apply_markdown
from reconciler.rendering.views.apply_view import view_apply
from tests.support import builders
from tests.support.guardrails import CREATE, TIGHTEN, judge, named
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


def test_a_run_of_which_a_limit_holds_the_rest_back_is_a_warning_in_every_format() -> None:
    operations = [named(CREATE, "a"), named(TIGHTEN, "b")]
    plan = builders.plan(operations, guardrails=judge(operations, {"creates": 0}))
    (held,) = (end_held_back(each) for each in find_held_back(plan.operations, plan.breaches))
    outcomes = [held, Outcome(operation=operations[1], kind=OutcomeKind.APPLIED, live_id=7)]
    view = view_apply(plan, outcomes)
    assert (view.tone, view.others, view.rows[0].ending) == (Tone.WARNING, "1 held back", "held back")
    assert view.rest.endswith("once it is acknowledged or the freeze is over.")
    assert render_apply_markdown(view).split("\n")[2] == "> [!WARNING]"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    run = write_run(Run(plan=plan, digest="", outcomes=outcomes, exit_code=12, ended_at=now))
    assert json.loads(json.dumps(run))["summary"]["held_back"] == 1
    event = json.loads(write_end(held, now))
    assert (event["type"], event["@level"], event["hook"]["is_held_back"]) == ("apply_held_back", "warn", True)
    assert view_apply(plan, outcomes, error="x").tone is Tone.DANGER
