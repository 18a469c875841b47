"""Active trades that have lost their marker."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.codec.note import write_marker
from reconciler.model.drift_codes import DriftCode
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import Phase
from reconciler.model.reasons import Reason, reason
from reconciler.model.remedies import Remedy
from tests.support import builders
from tests.support.surveys import SPEC, check, kept, shown, topics


def test_a_trade_whose_marker_is_gone_is_known_by_the_journal_and_compared_with_it() -> None:
    live = builders.unmarked(shown(stop_loss=builders.stop(58000), entry=builders.entry(60060, "0.0099")))
    found = check([SPEC], [live], applied=kept())
    assert topics(found) == [("marker_gone", "note"), ("field", "stop_loss.conditional.price.value")]


def test_an_id_that_a_sandbox_gave_a_second_time_is_another_trade() -> None:
    other = builders.unmarked(builders.live(shown=builders.terms(pair="USDT_ETH")))
    assert topics(check([SPEC], [other], applied=kept())) == [("not_live", "")]


def test_a_marker_that_names_another_workspace_now_is_gone_for_this_one() -> None:
    live = builders.live(note=write_marker(builders.marker(workspace="theirs")))
    (loss,) = check([SPEC], [live], applied=kept())
    assert loss.topic == "marker_gone"
    assert loss.reason["marker"] == reason(DriftCode.MARKER_OF_OTHER_WORKSPACE)


def test_without_a_journal_a_trade_without_marker_is_known_by_its_entry() -> None:
    live = builders.unmarked(builders.live())
    assert topics(check([SPEC], [live])) == [("marker_gone", "note")]
    assert topics(check([SPEC], [live], foreign=[7])) == [("not_live", "")]
    other = builders.unmarked(builders.live(shown=builders.terms(entered_by=builders.entry(50000))))
    assert topics(check([SPEC], [other])) == [("not_live", "")]


@pytest.mark.parametrize("length", [16, 30, 45])
def test_a_cut_marker_is_known_by_its_name_or_by_the_entry(length: int) -> None:
    live = builders.live(note=write_marker(builders.marker())[:length])
    assert topics(check([SPEC], [live])) == [("marker_gone", "note")]


def test_a_trade_that_ended_well_is_progress_even_where_a_similar_one_is_live() -> None:
    ended = builders.live(phase=Phase.ENDED, id=3)
    assert topics(check([SPEC], [builders.unmarked(builders.live(id=9))], ended=[ended])) == []


def test_a_marker_that_is_gone_has_a_remedy_by_what_is_known() -> None:
    live = builders.unmarked(builders.live())
    note = kept()[SPEC.name].note
    assert note is not None

    def remedy_of(journal: dict[str, AppliedTrade]) -> Reason | None:
        return check([SPEC], [live], applied=journal)[0].hint

    assert remedy_of(kept()) == reason(Remedy.RESTORE_NOTE, note=note)
    assert remedy_of({}) == reason(Remedy.LIST_AS_FOREIGN, live_id=7)
    unsure = {SPEC.name: replace(kept()[SPEC.name], live_id=6)}
    assert remedy_of(unsure) == reason(Remedy.LIST_AS_FOREIGN_OR_RESTORE_NOTE, live_id=7, note=note)
