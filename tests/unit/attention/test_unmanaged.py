"""Live trades that are shown and left unchanged."""

from __future__ import annotations

from reconciler.attention.unmanaged import find_outside, find_unmanaged
from reconciler.codec.note import write_marker
from reconciler.matching.sighting import index_active
from reconciler.model.live import Phase
from tests.support import builders


def test_what_nothing_manages_has_no_marker_and_is_on_an_account_of_the_target() -> None:
    lives = [
        builders.live(id=1),
        builders.unmarked(builders.live(id=4)),
        builders.unmarked(builders.live(id=3, phase=Phase.OPEN)),
        builders.unmarked(builders.live(id=5)),
        builders.unmarked(builders.live(id=6, shown=builders.terms(account_id=2))),
        builders.live(id=8, note=write_marker(builders.marker(workspace="theirs"))),
    ]
    assert find_unmanaged(index_active(lives, {builders.WORKSPACE}), {1}, {5}) == (3, 4)


def test_trades_on_accounts_that_the_target_does_not_name_are_outside_unless_they_are_foreign() -> None:
    lives = [builders.live(id=each, shown=builders.terms(account_id=2)) for each in (9, 3, 5)]
    index = index_active(lives, {builders.WORKSPACE}, accounts={1})
    assert [live.id for live in find_outside(index, {5})] == [3, 9]
