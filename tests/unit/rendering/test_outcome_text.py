from __future__ import annotations

import pytest

from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import reason
from reconciler.model.specs import DesiredState
from reconciler.rendering.outcome_text import render_outcome, render_summary
from reconciler.rendering.style import Style
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec()]))
REPLACE = planning.only(
    planning.plan([builders.spec(builders.terms(entered_by=builders.entry(trigger=61500)))], [builders.live()])
)
CANCEL = planning.only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [builders.live()]))
NOTE = planning.only(planning.plan([builders.spec(note="x")], [builders.live()]))


def outcome(kind: OutcomeKind, operation: Operation = CREATE, text: str = "") -> Outcome:
    why = reason(OutcomeReason.ERROR, message=text) if text else None
    return Outcome(operation=operation, kind=kind, live_id=7, reason=why)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (OutcomeKind.APPLIED, "btc-dip: create #7: done"),
        (OutcomeKind.ALREADY_DONE, "btc-dip: create #7: done already"),
        (OutcomeKind.FILLED_WHILE_CANCELLING, "btc-dip: create #7: FILLED WHILE CANCELLING"),
        (OutcomeKind.STALE, "btc-dip: create #7: not sent, stale"),
        (OutcomeKind.FAILED, "btc-dip: create #7: FAILED"),
        (OutcomeKind.INDETERMINATE, "btc-dip: create #7: INDETERMINATE"),
        (OutcomeKind.NOT_STARTED, "btc-dip: create #7: not started"),
    ],
)
def test_every_kind_of_outcome_has_its_words(kind: OutcomeKind, line: str) -> None:
    assert render_outcome(outcome(kind), Style()) == line


def test_a_text_of_the_api_cannot_draw_on_the_terminal() -> None:
    line = render_outcome(outcome(OutcomeKind.FAILED, text="no\x1b[2J funds"), Style())
    assert line == "btc-dip: create #7: FAILED: no\\x1b[2J funds"


def test_words_may_be_painted() -> None:
    assert render_outcome(outcome(OutcomeKind.APPLIED), Style(is_on=True)).endswith("\x1b[32mdone\x1b[0m")


def test_a_complete_run_counts_trades() -> None:
    done = [outcome(OutcomeKind.APPLIED, each) for each in (CREATE, NOTE)]
    assert render_summary(done, Style()) == "Apply complete! Trades: 1 added, 0 changed, 0 destroyed."
    replaced = [outcome(OutcomeKind.APPLIED, REPLACE)]
    assert "1 added, 0 changed, 1 destroyed." in render_summary(replaced, Style())
    ended = [outcome(OutcomeKind.ALREADY_DONE, CANCEL)]
    assert "0 added, 0 changed, 1 destroyed." in render_summary(ended, Style())


def test_an_incomplete_run_says_what_became_of_the_rest() -> None:
    mixed = [
        outcome(OutcomeKind.APPLIED, NOTE),
        outcome(OutcomeKind.FAILED),
        outcome(OutcomeKind.NOT_STARTED),
        outcome(OutcomeKind.NOT_STARTED, CANCEL),
    ]
    assert render_summary(mixed, Style()) == (
        "Apply incomplete. Trades: 0 added, 1 changed, 0 destroyed.\n"
        "Operations: 1 failed, 2 not started. What is left is done by the next plan and apply."
    )


def test_what_may_have_opened_something_is_counted_first() -> None:
    mixed = [outcome(OutcomeKind.NOT_STARTED), outcome(OutcomeKind.FAILED), outcome(OutcomeKind.INDETERMINATE)]
    assert "Operations: 1 indeterminate, 1 failed, 1 not started." in render_summary(mixed, Style())
