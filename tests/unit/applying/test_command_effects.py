"""The trace that a write by hand leaves in a trade."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.applying.command_effects import Trace, find_trace
from reconciler.model.journal import Seen, Write, WriteKind
from reconciler.model.live import LiveTrade, Phase
from tests.support import builders

HELD = builders.live(phase=Phase.OPEN)


def write(kind: WriteKind, live: LiveTrade, step_id: int | None = None) -> Write:
    seen = Seen(phase=live.phase, entered_units=live.entered_units, closed_units=live.closed_units)
    return Write(kind=kind, trade="btc-dip", generation=1, live_id=live.id, step_id=step_id, seen=seen)


def test_added_funds_show_as_more_units_of_a_position() -> None:
    more = replace(HELD, entered_units=HELD.entered_units + 1)
    adding = write(WriteKind.ADD_FUNDS, HELD)
    assert find_trace(adding, HELD) is Trace.MISSING
    assert find_trace(adding, more) is Trace.FOUND


def test_more_units_of_an_entry_that_still_fills_prove_nothing() -> None:
    filling = builders.live(phase=Phase.FILLING)
    more = replace(filling, entered_units=filling.entered_units + Decimal("0.001"))
    assert find_trace(write(WriteKind.ADD_FUNDS, filling), more) is Trace.UNCLEAR


@pytest.mark.parametrize(("phase", "trace"), [(Phase.OPEN, Trace.FOUND), (Phase.ENTERING, Trace.MISSING)])
def test_a_start_shows_as_an_entry_that_is_in(phase: Phase, trace: Trace) -> None:
    waiting = builders.live()
    assert find_trace(write(WriteKind.FORCE_START, waiting), replace(waiting, phase=phase)) is trace


def test_nothing_shows_that_a_trade_was_processed() -> None:
    assert find_trace(write(WriteKind.FORCE_PROCESS, HELD), HELD) is Trace.MISSING
