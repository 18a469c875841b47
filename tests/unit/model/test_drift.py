"""Findings and reports of drift."""

from __future__ import annotations

from reconciler.model.drift import FindingKind, Topic, count_trades
from tests.support.drift_reports import CASES, EDITS, FILES, LOSSES, PROGRESS, finding


def test_losses_and_drift_count_and_nothing_else() -> None:
    assert CASES["all"].alarms == (*LOSSES, *EDITS)
    assert not finding(FindingKind.INFORMATION, Topic.OUTSIDE).counts


def test_a_report_has_its_findings_by_kind() -> None:
    assert CASES["all"].of(FindingKind.FILE) == FILES
    assert CASES["all"].of(FindingKind.PROGRESS) == PROGRESS


def test_a_trade_with_several_findings_counts_once() -> None:
    assert (count_trades(EDITS), count_trades(())) == (2, 0)
