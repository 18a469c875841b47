"""All that is known of the live trades of a workspace."""

from __future__ import annotations

from reconciler.drifting.find_drift import find_drift
from reconciler.drifting.survey import Survey
from reconciler.matching.sighting import History, index_active
from tests.support import builders


def test_a_survey_needs_no_journal_and_may_find_nothing() -> None:
    index = index_active([], {builders.WORKSPACE})
    survey = Survey(specs=(), all_names=(), is_whole=True, index=index, history=History(newest={}))
    assert (survey.applied, survey.news, survey.outside) == ({}, (), ())
    assert find_drift(survey) == ()
