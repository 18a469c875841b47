"""The outcome of an operation by hand, by what the trade shows afterwards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.confirm_command import Confirmer, judge_end
from reconciler.errors import UnreadableAnswer
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.operations import Operation
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.unreadable import Part, Unreadable
from reconciler.planning.commands import Commands
from reconciler.rendering.outcome_text import describe_outcome
from tests.support import builders, planning
from tests.support.world import World

HELD = builders.live(phase=Phase.OPEN)
WAITING = builders.live()


def read_no_rates(_account_id: int, _pair: str) -> Rates:
    raise UnreadableAnswer("no prices")


def cancel_of(live: LiveTrade) -> Operation:
    return Commands(replace(live, flags=replace(live.flags, cancel=True)), {builders.WORKSPACE}).cancel()


def judge(operation: Operation, live: LiveTrade | None) -> tuple[OutcomeKind, str]:
    outcome = judge_end(operation, live, read_no_rates)
    return outcome.kind, describe_outcome(outcome)


def test_what_cannot_be_read_back_is_indeterminate() -> None:
    kind, words = judge(cancel_of(HELD), None)
    assert (kind, "could not be read back" in words) == (OutcomeKind.INDETERMINATE, True)


def test_what_still_lives_has_not_been_ended() -> None:
    assert judge(cancel_of(HELD), HELD) == (
        OutcomeKind.FAILED,
        f"it was taken, and the trade is still {HELD.status}; check again",
    )


def test_a_cancelled_position_says_what_stays() -> None:
    ended = replace(HELD, phase=Phase.ENDED, status="cancelled")
    assert judge(cancel_of(HELD), ended) == (OutcomeKind.APPLIED, "0.01 BTC stay, without steps and stop")


def test_an_entry_that_filled_while_it_was_cancelled_comes_with_what_takes_it_over() -> None:
    ended = replace(HELD, phase=Phase.ENDED, status="cancelled", average_price=Decimal(60000))
    outcome = judge_end(cancel_of(WAITING), ended, read_no_rates)
    assert outcome.kind is OutcomeKind.FILLED_WHILE_CANCELLING
    assert outcome.takeover is not None
    assert outcome.takeover.skip_enter_step


def test_only_an_operation_by_hand_is_confirmed() -> None:
    with World() as world, pytest.raises(AssertionError, match="not by hand"):
        Confirmer(world.session).confirm(planning.only(planning.plan([builders.spec()])), None)


def test_an_end_whose_status_cannot_be_read_is_indeterminate() -> None:
    status = Unreadable(part=Part.STATUS, field="status.type", problem="status.type is missing")
    kind, words = judge(cancel_of(HELD), replace(HELD, status="", unreadable=(status,)))
    assert (kind, "its status could not be read back" in words) == (OutcomeKind.INDETERMINATE, True)
