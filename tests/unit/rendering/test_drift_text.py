"""A drift report as text."""

from __future__ import annotations

import pytest

from reconciler.model.drift import FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.reasons import reason
from reconciler.rendering.drift_text import render_drift
from reconciler.rendering.style import Style
from tests.support.drift_reports import CASES, finding, report
from tests.support.golden_files import check_golden


@pytest.mark.parametrize("name", CASES)
def test_a_report_as_text(name: str) -> None:
    check_golden(f"drift-{name}.txt", render_drift(CASES[name]))


def test_a_report_in_colour_and_with_all_progress() -> None:
    check_golden("drift-all.ansi", render_drift(CASES["all"], Style(is_on=True), is_verbose=True))


def test_no_text_from_outside_draws_on_the_terminal() -> None:
    evil = "\x1b[2J\x9b2J\n"
    words = reason(DriftCode.ENDED_BY_MARKET, status=evil, error=evil)
    shown = render_drift(
        report(
            finding(FindingKind.LOSS, Topic.FAILED, evil, code=words, hint=words),
            finding(FindingKind.DRIFT, Topic.NOTE, evil, path="note", applied=evil, filed="", live=evil),
            finding(FindingKind.FILE, Topic.CHANGED, evil),
            finding(FindingKind.PROGRESS, Topic.ENDED, evil, code=words),
        ),
        is_verbose=True,
    )
    assert all(character == "\n" or character.isprintable() for character in shown)


def test_losses_come_first_then_what_can_lose_more_and_the_unknown_before_the_known() -> None:
    edits = [finding(FindingKind.DRIFT, Topic.FIELD, trade) for trade in ("less", "btc-dip", "eth")]
    shown = render_drift(report(*edits, finding(FindingKind.LOSS, Topic.STOP_GONE, "gone")))
    heads = [line.split()[1] for line in shown.splitlines() if line.startswith(("  ! ", "  ~ "))]
    assert heads == ["gone", "eth", "btc-dip", "less"]
