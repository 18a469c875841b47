"""Operations by hand: what counts as a change since the user was asked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.execute_command import command_of, find_change
from reconciler.model.live import Phase
from reconciler.model.operations import Origin
from reconciler.planning.commands import Commands
from reconciler.rendering.reasons import describe
from tests.support import builders, planning

HELD = builders.live(phase=Phase.OPEN)


def test_another_status_or_size_is_a_change_and_another_price_is_none() -> None:
    change = find_change(HELD, replace(HELD, status="finished"))
    assert change is not None
    assert describe(change) == f"#7 is finished now, it was {HELD.status} before"
    smaller = find_change(HELD, replace(HELD, closed_units=Decimal("0.004")))
    assert smaller is not None
    assert describe(smaller).startswith("#7 holds ")
    assert find_change(HELD, replace(HELD, prices=None)) is None


def test_an_operation_of_a_plan_is_not_by_hand() -> None:
    create = planning.only(planning.plan([builders.spec()]))
    assert create.origin is Origin.FILE
    with pytest.raises(AssertionError, match="not by hand"):
        command_of(create)


def test_a_command_is_an_operation_by_hand_on_the_trade_that_was_shown() -> None:
    live = replace(HELD, flags=replace(HELD.flags, close=True))
    operation = Commands(live, {builders.WORKSPACE}).close()
    assert (operation.origin, operation.live_id, operation.is_ours) == (Origin.BY_HAND, live.id, True)
    assert command_of(operation).live == live
