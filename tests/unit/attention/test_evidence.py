"""Trades whose ends must be read, and trades that a plan opens."""

from __future__ import annotations

from reconciler.attention.evidence import find_opening, find_watched
from reconciler.matching.match import Match, Matching
from reconciler.matching.sighting import index_active
from reconciler.model.specs import DesiredState
from tests.support import builders


def test_only_trades_that_should_be_closed_and_are_not_active_are_watched() -> None:
    specs = [builders.spec(name=state.value, state=state) for state in DesiredState]
    index = index_active([], {builders.WORKSPACE})
    assert find_watched(specs, index) == {"closed"}
    active = index_active([builders.live(specs[1])], {builders.WORKSPACE})
    assert find_watched(specs[1:2], active) == frozenset()


def test_a_plan_opens_the_trades_that_should_be_open_and_have_no_live_one() -> None:
    missing, closed, live = builders.spec(), builders.spec(state=DesiredState.CLOSED), builders.spec(name="live")
    matches = (
        Match(spec=missing, live=None),
        Match(spec=closed, live=None),
        Match(spec=live, live=builders.live(live)),
    )
    assert find_opening(Matching(matches=matches, blocked=(), orphans=())) == (missing.terms,)
