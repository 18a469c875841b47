"""Averaging orders as the API lists them: which may still be filled."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.averaging import AveragingOrder, SentOrder


@pytest.mark.parametrize(
    ("status", "is_pending", "is_executed"),
    [
        ("active", True, False),
        ("pending_cancellation", True, False),
        ("a status of tomorrow", True, False),
        ("finished", False, True),
        ("failed", False, False),
        ("cancelled", False, False),
    ],
)
def test_only_an_order_that_is_over_can_no_longer_be_filled(
    status: str, *, is_pending: bool, is_executed: bool
) -> None:
    order = SentOrder(
        id=1,
        order=AveragingOrder(price=Decimal(59000), units=Decimal(1)),
        status=status,
        filled_units=Decimal(0),
        cancelable=True,
    )
    assert (order.is_pending, order.is_executed) == (is_pending, is_executed)
