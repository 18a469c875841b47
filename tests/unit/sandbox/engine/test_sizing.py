from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.engine.sizing import is_fully_allocated, level_price, share_units, size_steps
from reconciler.sandbox.engine.trade import FundsOrder
from reconciler.sandbox.values.statuses import OrderStatus
from reconciler.sandbox.values.terms import FundsTerms, OrderType, Side
from tests.unit.sandbox.trades import BTC, build_open, build_step


@pytest.mark.parametrize(
    ("amount", "volumes", "units"),
    [
        ("14.91", [50, 25, 25], [8, 3, 3]),
        ("20", [35, 35], [7, 7]),
        ("15", [100], [15]),
        ("0", [100], [0]),
        ("20", [], []),
    ],
)
def test_published_step_sizes_are_reproduced(amount: str, volumes: list[int], units: list[int]) -> None:
    assert share_units(Decimal(amount), [Decimal(volume) for volume in volumes], Decimal(1)) == units


@given(
    st.integers(1, 10**6),
    st.lists(st.integers(1, 100), min_size=1, max_size=8),
)
def test_steps_that_make_a_whole_share_out_everything(lots: int, weights: list[int]) -> None:
    lot = Decimal("0.001")
    amount = lots * lot
    whole = Decimal(sum(weights))
    units = share_units(amount, [Decimal(weight) for weight in weights], lot, whole_pct=whole)

    assert sum(units) == amount
    assert all(size >= 0 and size % lot == 0 for size in units)


@pytest.mark.parametrize(
    ("side", "is_gain", "price"),
    [
        (Side.BUY, True, "10500.00"),
        (Side.BUY, False, "9500.00"),
        (Side.SELL, True, "9500.00"),
        (Side.SELL, False, "10500.00"),
    ],
)
def test_a_level_in_percent_lies_on_the_winning_or_the_losing_side(side: Side, is_gain: bool, price: str) -> None:
    trade = build_open(side=side)

    assert level_price(trade, Decimal(5), BTC, is_gain=is_gain) == Decimal(price)


def test_a_position_is_fully_allocated_if_its_volumes_make_a_hundred() -> None:
    steps = [build_step("11000", volume="40"), build_step("12000", volume="60", step_id=12)]

    assert is_fully_allocated(build_open(steps=steps))
    assert not is_fully_allocated(build_open(steps=steps[:1]))


def test_finished_steps_and_open_reductions_are_left_out_of_the_sizes() -> None:
    steps = [build_step("11000", volume="40"), build_step("12000", volume="60", step_id=12)]
    trade = build_open(steps=steps)
    steps[0].status, trade.closed_amount = OrderStatus.FINISHED, Decimal("0.4")
    assert size_steps(trade, BTC.lot_step) == [(steps[1], Decimal("0.6"))]

    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.1"), price=Decimal(12000))
    trade.reductions.append(FundsOrder(id=32, terms=terms, created_at_ms=0))
    assert size_steps(trade, BTC.lot_step) == [(steps[1], Decimal("0.5"))]
