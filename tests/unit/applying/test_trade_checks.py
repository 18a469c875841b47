"""What a live trade shows of an operation."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.applying.trade_checks import (
    describe_end,
    filled_units,
    has_ended,
    has_failed,
    is_confirmed,
    is_protected,
)
from reconciler.model.live import Phase
from reconciler.rendering.reasons import describe
from tests.support import builders

HELD = builders.live(phase=Phase.OPEN)


def test_a_position_without_an_active_stop_is_not_protected() -> None:
    bare = replace(HELD, stop_status="failed")
    assert (is_protected(HELD), is_protected(bare)) == (True, False)
    assert (is_confirmed(HELD), is_confirmed(bare)) == (True, False)
    assert not is_confirmed(replace(HELD, phase=Phase.BUSY))


def test_an_end_is_described_with_its_profit_if_there_is_one() -> None:
    ended = replace(HELD, phase=Phase.ENDED, status="finished", profit=Decimal("1.5"))
    assert has_ended(ended)
    assert not has_failed(ended)
    assert describe(describe_end(ended)) == "finished, profit 1.5 USDT"
    assert describe(describe_end(replace(ended, profit=None))) == "finished"


def test_what_is_closed_is_not_filled_any_more() -> None:
    assert filled_units(replace(HELD, entered_units=Decimal(3), closed_units=Decimal(1))) == 2
