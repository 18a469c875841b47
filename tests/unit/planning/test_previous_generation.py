"""How the last generation ended."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.live import Phase
from reconciler.planning.previous_generation import show_previous
from tests.support import builders, planning

SECOND = planning.only(planning.plan([builders.spec(generation=2)]))
ENDED = builders.live(builders.spec(), Phase.ENDED, status="cancelled", entered="0.01", closed="0.004")


def test_a_raised_generation_shows_how_the_last_one_ended() -> None:
    (create,) = show_previous([SECOND], {"btc-dip": ENDED})

    assert create.previous is not None
    assert (create.previous.generation, create.previous.live_id) == (1, 7)
    assert (create.previous.status, create.previous.held_units) == ("cancelled", Decimal("0.006"))


def test_without_an_earlier_generation_nothing_is_added() -> None:
    assert show_previous([SECOND], {}) == (SECOND,)
    same = builders.live(builders.spec(generation=2), Phase.ENDED)
    assert show_previous([SECOND], {"btc-dip": same}) == (SECOND,)


def test_other_operations_stay_as_they_are() -> None:
    cancel = planning.only(planning.plan([], [builders.live()]))

    assert show_previous([cancel], {"btc-dip": ENDED}) == (cancel,)
