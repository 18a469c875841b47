from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.live import Account, Phase
from tests.support import builders


def test_a_paper_account_is_known_by_its_market() -> None:
    assert Account(id=1, name="x", market_code="paper_trading").is_paper
    assert not Account(id=1, name="paper_trading", market_code="binance").is_paper


def test_own_funds_count_as_filled_from_the_start() -> None:
    own_funds = builders.live(builders.spec(builders.terms(is_own_funds=True)), Phase.BUSY)
    assert not own_funds.was_never_filled
    assert builders.live().was_never_filled
    assert not builders.live(phase=Phase.FILLING, entered="0.001").was_never_filled


def test_steps_are_open_executed_or_taken_away() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=["finished", "cancelled"])
    assert live.open_steps == ()
    assert [step.id for step in live.finished_steps] == [1000]
    assert live.executed_terms == (builders.STEPS[0],)


@pytest.mark.parametrize(
    ("phase", "status", "entered", "closed", "is_own_funds", "held"),
    [
        (Phase.ENTERING, None, 0, 0, False, "0"),
        (Phase.FILLING, None, "0.004", 0, False, "0.004"),
        (Phase.OPEN, None, "0.01", "0.003", False, "0.007"),
        # The API may show nothing entered for what is held.
        (Phase.OPEN, None, 0, "0.003", False, "0.007"),
        (Phase.OPEN, None, 0, "0.003", True, "0.007"),
        (Phase.ENDED, "cancelled", 0, 0, False, "0"),
        (Phase.ENDED, "cancelled", "0.01", "0.004", False, "0.006"),
        (Phase.ENDED, "cancelled", 0, 0, True, "0.01"),
        (Phase.ENDED, "finished", 0, 0, True, "0"),
    ],
)
def test_what_is_held_is_what_was_opened_and_not_closed(
    phase: Phase, status: str | None, entered: int | str, closed: int | str, *, is_own_funds: bool, held: str
) -> None:
    spec = builders.spec(builders.terms(is_own_funds=is_own_funds))
    live = builders.live(spec, phase, status=status, entered=entered, closed=closed)
    assert live.held_units == Decimal(held)


@pytest.mark.parametrize(("phase", "expected"), [(Phase.ENTERING, True), (Phase.OPEN, False), (Phase.BUSY, True)])
def test_a_position_that_shows_nothing_entered_is_a_position_all_the_same(phase: Phase, expected: bool) -> None:
    live = builders.live(phase=phase, entered=0)
    assert live.was_never_filled is expected
    assert (live.held_units > 0) is not expected
