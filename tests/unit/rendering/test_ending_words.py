"""The titles of endings."""

from __future__ import annotations

from reconciler.codec.phases import ENDED_STATUSES
from reconciler.rendering.ending_words import ENDING_TITLES, ending_title


def test_every_status_of_an_ended_trade_has_a_title_of_its_own() -> None:
    assert ENDING_TITLES.keys() == ENDED_STATUSES
    assert len(set(ENDING_TITLES.values())) == len(ENDING_TITLES)


def test_an_unknown_status_is_its_own_title() -> None:
    assert (ending_title("stop_loss_finished"), ending_title("novelty")) == ("stopped out", "novelty")
