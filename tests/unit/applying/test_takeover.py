"""The trade that takes over what a late cancel has left."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.takeover import end_filled, is_filled_meanwhile, take_over
from reconciler.model.live import Phase, Rates
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState
from reconciler.rendering.outcome_text import describe_outcome
from tests.support import builders, planning

WAITING = builders.live()
LEFT = replace(
    builders.live(phase=Phase.OPEN), phase=Phase.ENDED, status="cancelled", average_price=Decimal(60000), prices=None
)
CANCEL = planning.only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [WAITING]))


def rates(last: int) -> Rates:
    return Rates(prices=builders.prices(last), price_step=Decimal("0.01"), lot_step=Decimal("0.00001"))


def test_a_cancel_of_a_waiting_entry_that_left_coins_was_filled_meanwhile() -> None:
    assert is_filled_meanwhile(CANCEL, LEFT)
    assert not is_filled_meanwhile(CANCEL, replace(LEFT, entered_units=Decimal(0)))
    assert not is_filled_meanwhile(CANCEL, WAITING)


def test_the_outcome_says_what_was_filled() -> None:
    outcome = end_filled(CANCEL, LEFT, None)
    assert outcome.kind is OutcomeKind.FILLED_WHILE_CANCELLING
    assert describe_outcome(outcome) == (
        "0.01 BTC were filled at 60000 while it was cancelled, and are held without a stop"
    )


@pytest.mark.parametrize(("last", "steps", "has_stop"), [(60000, 2, True), (64000, 1, True), (58000, 2, False)])
def test_what_the_price_has_passed_is_left_out(last: int, steps: int, has_stop: bool) -> None:
    terms = take_over(LEFT, WAITING.terms, rates(last))
    assert terms.skip_enter_step
    assert terms.entry.units == Decimal("0.01")
    assert (len(terms.steps), terms.stop_loss is not None) == (steps, has_stop)
    assert sum(step.volume_pct for step in terms.steps) == 100
