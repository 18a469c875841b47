"""Which operations a freeze holds back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reconciler.model.commands import Command
from reconciler.model.freeze import DEFAULT_ALLOWED, Allowed, Freeze, FreezeSource, find_allowed, find_held
from reconciler.model.operations import Action, Cause, Effect, Operation
from tests.support.builders import NOW, live

FREEZE = Freeze(source=FreezeSource.COMMAND, reason="x")
NARROW = Freeze(source=FreezeSource.CONFIG, reason="x", allow=frozenset({Allowed.PROTECTS, Allowed.LABELS}))


def make(action: Action, effect: Effect, *others: Effect, by_hand: bool = False) -> Operation:
    return Operation(
        action=action,
        trade="a",
        generation=1,
        cause=Cause.COMMAND if by_hand else Cause.FILE,
        effect=effect,
        side_effects=others,
        money=(),
        command=Command(live=live()) if by_hand else None,
    )


PASSING = (
    make(Action.UPDATE, Effect.PROTECTS),
    make(Action.CANCEL, Effect.FREES),
    make(Action.CANCEL_AVERAGING, Effect.FREES),
    make(Action.CLOSE, Effect.EXECUTES),
)
HELD = (
    make(Action.CREATE, Effect.COMMITS),
    make(Action.CREATE, Effect.EXECUTES),
    make(Action.REPLACE, Effect.COMMITS, Effect.FREES),
    # Even if some effect of it lowers risk: it opens a trade.
    make(Action.REPLACE, Effect.FREES),
    make(Action.ADD_FUNDS, Effect.COMMITS),
    make(Action.UPDATE, Effect.REPRICES),
    make(Action.UPDATE, Effect.UNPROTECTS),
    make(Action.UPDATE, Effect.EXECUTES),
    make(Action.UPDATE, Effect.PROTECTS, Effect.EXECUTES),
    make(Action.CANCEL, Effect.UNPROTECTS),
    make(Action.SET_NOTE, Effect.LABELS),
    make(Action.RELEASE, Effect.LABELS),
)


def test_only_what_lowers_risk_goes_through() -> None:
    assert find_held((*PASSING, *HELD), [FREEZE]) == HELD
    assert find_held((*PASSING, *HELD), []) == ()


def test_allow_decides_what_else_goes_through() -> None:
    assert [each.effect for each in find_held(PASSING, [NARROW])] == [Effect.FREES, Effect.FREES, Effect.EXECUTES]
    assert not NARROW.holds_back(make(Action.SET_NOTE, Effect.LABELS))
    assert find_allowed([FREEZE, NARROW]) == (Allowed.PROTECTS,)
    assert find_allowed([FREEZE]) == (Allowed.PROTECTS, Allowed.FREES, Allowed.CLOSES)


def test_what_protects_is_never_held_back() -> None:
    assert not Freeze(source=FreezeSource.CONFIG, reason="x", allow=frozenset()).holds_back(PASSING[0])
    assert Allowed.PROTECTS in DEFAULT_ALLOWED


@pytest.mark.parametrize("action", Action)
def test_by_hand_trades_can_be_closed_and_cancelled_and_not_opened_or_added_to(action: Action) -> None:
    strictest = Freeze(source=FreezeSource.CONFIG, reason="x", allow=frozenset())
    held = strictest.holds_back(make(action, Effect.UNPROTECTS, by_hand=True))
    lowering = ("close", "cancel", "close_step", "cancel_step", "cancel_order", "cancel_averaging", "reduce_funds")
    assert held is (action.value not in lowering)


def test_a_freeze_is_over_at_its_end() -> None:
    ending = Freeze(source=FreezeSource.CONFIG, reason="x", until=NOW)
    assert ending.is_over(NOW)
    assert not ending.is_over(NOW - timedelta(seconds=1))
    assert not FREEZE.is_over(NOW)
