"""The view of a check of drift."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.drift import FindingKind, Topic
from reconciler.model.phrases import Tone, plain_text
from reconciler.rendering.views.drift_view import view_drift
from tests.support.drift_reports import CASES, finding, report


def test_losses_and_edits_have_cards_and_the_rest_has_lines() -> None:
    view = view_drift(CASES["all"])
    assert [(card.trade, card.tone) for card in view.cards] == [("eth", Tone.DANGER), ("btc-dip", Tone.DANGER)]
    assert view.tone is Tone.DANGER
    assert view.head == "Drift: 2 lost, 2 edited outside, 3 trades checked."
    assert plain_text(view.lines[0]) == "Changed in the file and not applied yet (reconciler plan): btc-dip"


def test_a_value_of_the_file_is_shown_only_if_it_differs() -> None:
    same = finding(FindingKind.DRIFT, Topic.FIELD, path="note", applied="a", filed="a", live="b")
    (card,) = view_drift(report(same, replace(same, filed="c"), replace(same, filed=None))).cards
    assert [each.filed for each in card.edits] == [None, "c", "(none)"]
    assert card.tone is Tone.WARNING
    assert card.is_worse


def test_without_findings_all_is_well() -> None:
    view = view_drift(CASES["nothing"])
    assert view.tone is Tone.GOOD
    assert view.cards == ()


def test_many_files_are_counted() -> None:
    changed = [finding(FindingKind.FILE, Topic.CHANGED, f"t{number}") for number in range(9)]
    assert plain_text(view_drift(report(*changed)).lines[0]).endswith(": 9 trades")
