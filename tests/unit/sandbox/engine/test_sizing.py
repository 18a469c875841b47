from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.engine.sizing import share_units


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
