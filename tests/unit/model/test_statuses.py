"""The status words of the API."""

from __future__ import annotations

from reconciler.codec.phases import ACTIVE_STATUSES, ENDED_STATUSES
from reconciler.model.live import ARMED_STATUSES
from reconciler.model.statuses import OrderStatus, TradeStatus


def test_every_status_of_a_trade_is_either_active_or_ended() -> None:
    assert set(TradeStatus) == ACTIVE_STATUSES | ENDED_STATUSES
    assert not ACTIVE_STATUSES & ENDED_STATUSES


def test_a_status_is_equal_to_the_text_of_the_api() -> None:
    word: str = "panic_sold"
    assert word == TradeStatus.PANIC_SOLD
    assert set(OrderStatus) > ARMED_STATUSES
