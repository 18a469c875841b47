"""A position of which almost nothing is left counts as closed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.consequences import Closing, Moment
from reconciler.model.terms import Side


@pytest.mark.parametrize(
    ("share_pct", "is_whole", "counts"),
    [("100", True, True), ("99.9", False, True), ("90", False, True), ("89.99", False, False), ("50", False, False)],
)
def test_the_share_decides_what_a_closing_is(share_pct: str, *, is_whole: bool, counts: bool) -> None:
    closing = Closing(
        moment=Moment.NOW,
        parts=(),
        side=Side.SELL,
        share_pct=Decimal(share_pct),
        units=Decimal(1),
        price=None,
        result=None,
    )
    assert (closing.is_whole, closing.counts_as_close) == (is_whole, counts)
