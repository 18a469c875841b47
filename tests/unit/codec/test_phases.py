from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.codec.phases import phase_of
from reconciler.model.live import Phase


@pytest.mark.parametrize(
    ("status", "entered", "phase"),
    [
        ("created", "0", Phase.BUSY),
        ("waiting_position", "0", Phase.ENTERING),
        ("waiting_position", "0.001", Phase.FILLING),
        ("waiting_targets", "1", Phase.OPEN),
        ("pending_reduce_funds", "1", Phase.BUSY),
        ("reduce_funds_in_progress", "1", Phase.BUSY),
        ("cancellation_pending", "0", Phase.BUSY),
        ("cancellation_in_progress", "0", Phase.BUSY),
        ("panic_sell_pending", "1", Phase.BUSY),
        ("panic_sell_in_progress", "1", Phase.BUSY),
        ("stop_loss_in_progress", "1", Phase.BUSY),
        ("cancelled", "0", Phase.ENDED),
        ("panic_sold", "1", Phase.ENDED),
        ("stop_loss_finished", "1", Phase.ENDED),
        ("finished", "1", Phase.ENDED),
        ("failed", "0", Phase.ENDED),
        ("liquidated", "1", Phase.ENDED),
        ("settled", "1", Phase.ENDED),
        ("something_new", "0", Phase.BUSY),
        ("", "0", Phase.BUSY),
    ],
)
def test_each_status_has_its_phase(status: str, entered: str, phase: Phase) -> None:
    assert phase_of(status, Decimal(entered)) is phase


@pytest.mark.parametrize("entry_status", ["panic_sell_pending", "panic_sell_order_placed", "pending_cancellation"])
def test_an_entry_that_is_being_forced_or_withdrawn_is_busy(entry_status: str) -> None:
    assert phase_of("waiting_position", Decimal(0), entry_status) is Phase.BUSY


@pytest.mark.parametrize("entry_status", ["to_process", "order_placed", "trailing_activated", ""])
def test_an_entry_that_waits_is_entering(entry_status: str) -> None:
    assert phase_of("waiting_position", Decimal(0), entry_status) is Phase.ENTERING
