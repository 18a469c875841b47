"""The orders below a SmartTrade."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.orders import LiveOrder


@pytest.mark.parametrize(
    ("purpose", "is_exit"),
    [("take_profit", True), ("stop_loss", True), ("position", False), ("reduce_funds", False), ("", False)],
)
def test_an_update_makes_new_steps_and_a_new_stop_and_leaves_all_other_orders(purpose: str, *, is_exit: bool) -> None:
    order = LiveOrder(
        id=1,
        purpose=purpose,
        side="sell",
        order_type="limit",
        status="Active",
        units=None,
        price=None,
        filled_units=Decimal(0),
        cancelable=True,
    )
    assert order.is_exit is is_exit
