"""Reading again until the API has settled, with an end."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from reconciler.applying.polling import LONGEST_WAIT_S, PATIENCE_S, pauses
from reconciler.clock import ManualClock


def test_the_first_turn_is_at_once_and_the_pauses_grow_until_the_patience_is_over() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    begun = clock.monotonic()
    turns = [clock.monotonic() - begun for _ in pauses(clock)]
    waits = [after - before for before, after in pairwise(turns)]
    assert turns[0] == 0
    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == LONGEST_WAIT_S
    assert PATIENCE_S <= turns[-1] < PATIENCE_S + LONGEST_WAIT_S
