"""Whole numbers and rounding, however large the number is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.codec.numbers import is_whole, round_to


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("1.0", True), ("0", True), ("1.5", False), ("-2", True)])
def test_a_number_is_whole_without_a_part_behind_the_point(text: str, expected: bool) -> None:
    assert is_whole(Decimal(text)) is expected


def test_size_is_no_matter() -> None:
    assert is_whole(Decimal("9" * 60))
    assert not is_whole(Decimal("9" * 27 + ".5"))
    assert round_to(Decimal("9" * 60), Decimal("0.01")) == Decimal("9" * 60)
    assert round_to(Decimal("1.239"), Decimal("0.01")) == Decimal("1.24")
