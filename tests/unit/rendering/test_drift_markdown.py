"""A drift report as Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.drift import FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.reasons import reason
from reconciler.rendering.drift_markdown import render_drift_markdown
from reconciler.rendering.views.drift_view import view_drift
from tests.support import builders
from tests.support.drift_reports import CASES, finding, report
from tests.support.golden_files import check_golden
from tests.unit.rendering.markdown.test_escape import HOSTILE, parse


@pytest.mark.parametrize("name", ["all", "nothing", "loss"])
def test_a_report_reads_as_it_did(name: str) -> None:
    check_golden(f"drift-{name}.md", render_drift_markdown(view_drift(CASES[name])))


def test_trades_that_do_not_fit_are_counted_and_losses_come_first() -> None:
    edits = [finding(FindingKind.DRIFT, Topic.FIELD, f"t{number:03}", path="note", live="x") for number in range(300)]
    lost = finding(FindingKind.LOSS, Topic.STOP_GONE, "zzz", code=reason(DriftCode.STOP_REMOVED))
    text = render_drift_markdown(view_drift(report(*edits, lost)), budget=4000)
    assert len(text.encode()) <= 4000
    assert "zzz" in text
    assert "more trades with findings." in text


def shape(text: str) -> list[str]:
    words = reason(DriftCode.ENDED_BY_MARKET, status=text, error=text)
    made = report(
        finding(FindingKind.LOSS, Topic.FAILED, text, code=words, hint=words),
        finding(FindingKind.DRIFT, Topic.NOTE, text, path=text, applied=text, filed=text + "x", live=text),
        finding(FindingKind.FILE, Topic.CHANGED, text),
        finding(FindingKind.PROGRESS, Topic.ENDED, text, code=words),
    )
    context = builders.context(workspace=text, target=text, git_commit=text[:8])
    page = parse(render_drift_markdown(view_drift(replace(made, context=context, pairs={text: text}))))
    # A word of the API that looks like none is shown as code.
    return [tag for tag in page.tags if tag != "code"]


def test_hostile_text_changes_nothing_outside_its_cell() -> None:
    assert {tuple(shape(text)) for text in HOSTILE} == {tuple(shape("harmless"))}
