"""Changes in the files that were not applied yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.codec.note import write_note
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import Phase
from reconciler.model.specs import DesiredState
from tests.support import builders
from tests.support.surveys import SPEC, check, ignoring, kept, shown, shown_as, topics


def test_a_value_that_the_file_changed_where_it_ignores_the_field_is_nothing_to_apply() -> None:
    spec = ignoring(Ignored.TRIGGER_PRICE)
    changed = ignoring(Ignored.TRIGGER_PRICE, spec=builders.spec(builders.terms(stop_loss=builders.stop(58700))))
    assert topics(check([changed], [shown_as(spec, stop_loss=builders.stop(57000))], applied=kept(spec))) == []


def test_a_changed_file_is_not_drift() -> None:
    filed = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    live = builders.live(SPEC, Phase.OPEN)
    assert topics(check([filed], [live])) == [("changed", "")]
    assert topics(check([filed], [live], applied=kept())) == [("changed", "")]
    assert not any(each.counts for each in check([filed], [live]))


def test_without_a_journal_a_changed_file_may_hide_an_edit_and_with_one_it_does_not() -> None:
    filed = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    live = shown(stop_loss=builders.stop(58000))
    assert topics(check([filed], [live])) == [("changed_and_perhaps_edited", "")]
    assert topics(check([filed], [live], applied=kept())) == [
        ("field", "stop_loss.conditional.price.value"),
        ("changed", ""),
    ]


def test_a_changed_entry_does_not_hide_an_edit_of_the_exits() -> None:
    filed = builders.spec(builders.terms(entered_by=builders.entry(59000)))
    live = shown(Phase.ENTERING, stop_loss=builders.stop(58000))
    assert topics(check([filed], [live])) == [("field", "stop_loss.conditional.price.value"), ("changed", "")]


def test_a_change_that_is_under_way_is_not_drift() -> None:
    wanted = builders.terms(entered_by=builders.entry(59000))
    note = write_note(builders.marker(pending=wanted), "")
    live = builders.live(shown=wanted, note=note)
    for specs in ([builders.spec(wanted)], [SPEC]):
        assert topics(check(specs, [live])) == [("under_way", "")]
        assert topics(check(specs, [live], applied=kept())) == [("under_way", "")]


@pytest.mark.parametrize("change", [{"state": DesiredState.CLOSED}, {"generation": 2}, {"note": "new"}])
def test_a_state_a_generation_or_a_note_that_was_not_applied_yet_is_a_change_of_the_file(
    change: dict[str, object],
) -> None:
    filed = replace(SPEC, **change)  # type: ignore[arg-type] # a test names fields of the class
    assert topics(check([filed], [builders.live(phase=Phase.OPEN)], applied=kept())) == [("changed", "")]


@pytest.mark.parametrize("change", [{"state": DesiredState.CLOSED}, {"generation": 2}])
def test_an_end_or_a_new_generation_in_the_file_leaves_no_question_about_edits(change: dict[str, object]) -> None:
    filed = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    filed = replace(filed, **change)  # type: ignore[arg-type] # a test names fields of the class
    assert topics(check([filed], [shown(stop_loss=builders.stop(58000))])) == [("changed", "")]
