"""Updates and notes of a trade that stays open."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.live import Phase
from reconciler.model.operations import Action
from tests.support import builders, planning

MOVED_STOP = builders.spec(builders.terms(stop_loss=builders.stop(57000)))


def test_a_changed_stop_is_an_update() -> None:
    assert planning.only(planning.plan([MOVED_STOP], [builders.live()])).action is Action.UPDATE


def test_a_changed_text_is_written_as_a_note() -> None:
    noted = replace(builders.spec(), note="new words")

    assert planning.only(planning.plan([noted], [builders.live()])).action is Action.SET_NOTE


def test_percentages_are_not_sent_to_an_open_position() -> None:
    percent = builders.spec(builders.terms(stop_loss=builders.stop(None, percent=4)))
    opened = builders.live(builders.spec(builders.terms(stop_loss=builders.stop(58500))), Phase.OPEN)

    found = planning.reason(planning.plan([percent], [opened]))

    assert found.startswith("3Commas accepts levels in percent only while the entry trails")
