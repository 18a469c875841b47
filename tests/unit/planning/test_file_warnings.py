"""Warnings of the files that are shown with a plan: those that are still true of the live trades."""

from __future__ import annotations

import pytest

from reconciler.matching.match import Matching, match
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.live import Phase
from reconciler.model.problems import Problem, Severity
from reconciler.planning.file_warnings import select_warnings
from tests.support.builders import live, spec

SPEC = spec()


def warn(trade: str = "btc-dip", *, file: str = "plan.yaml", is_about_entry: bool = False) -> Problem:
    return Problem(
        file=file,
        line=1,
        column=1,
        path="",
        message="is odd",
        source_line="quoted",
        severity=Severity.WARNING,
        trade=trade,
        is_about_entry=is_about_entry,
    )


def match_in(phase: Phase) -> Matching:
    index = index_active([live(phase=phase)], {"test"})
    return match([SPEC], Sighting(index=index, history=History(newest={}), all_names={"btc-dip"}))


@pytest.mark.parametrize(
    ("problem", "is_shown"),
    [
        (warn(), True),
        (warn("another"), False),
        (warn(""), True),
        (warn("", file="other.yaml"), False),
    ],
)
def test_only_warnings_about_the_planned_trades_and_their_files_are_shown(problem: Problem, *, is_shown: bool) -> None:
    assert bool(select_warnings([problem], [SPEC], match_in(Phase.ENTERING))) is is_shown


@pytest.mark.parametrize(("phase", "is_shown"), [(Phase.ENTERING, True), (Phase.FILLING, True), (Phase.OPEN, False)])
def test_a_warning_about_a_waiting_entry_ends_when_it_has_filled(phase: Phase, *, is_shown: bool) -> None:
    assert bool(select_warnings([warn(is_about_entry=True)], [SPEC], match_in(phase))) is is_shown


def test_errors_are_not_warnings_and_no_line_is_quoted() -> None:
    error = Problem(file="plan.yaml", line=1, column=1, path="", message="is odd", trade="btc-dip")
    (shown,) = select_warnings([error, warn()], [SPEC], match_in(Phase.OPEN))
    assert (shown.severity, shown.source_line) == (Severity.WARNING, "")
