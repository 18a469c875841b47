"""Places of what a plan shows."""

from __future__ import annotations

from reconciler.model.live import Phase
from reconciler.planning.decisions import Decision
from reconciler.planning.sources import find_sources
from tests.support import builders, planning


def test_each_trade_that_is_shown_has_its_place_and_no_other_one() -> None:
    new, blocked, same = (builders.spec(name=name) for name in ("new", "blocked", "same"))
    other = builders.spec(builders.terms(entered_by=builders.entry(59000)), name="blocked")
    decision = planning.plan(
        [new, other, same],
        [builders.live(blocked, Phase.OPEN, id=8), builders.live(same, Phase.OPEN, id=9)],
    )
    assert find_sources(decision, [new, other, same]) == {"new": new.origin, "blocked": other.origin}


def test_a_trade_in_no_file_has_no_place() -> None:
    assert find_sources(planning.plan([], [builders.live()]), []) == {}
    assert find_sources(Decision(), [builders.spec()]) == {}
