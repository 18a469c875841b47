from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.codec.numbers import is_near, plain, to_decimal, truncate


@pytest.mark.parametrize(
    ("number", "value"), [(1, "1"), ("0.010", "0.01"), (Decimal("1.0"), "1"), ("1e3", "1000"), ("0E-99", "0")]
)
def test_ints_decimals_and_texts_are_numbers(number: object, value: str) -> None:
    assert to_decimal(number) == Decimal(value)


@pytest.mark.parametrize("number", [1.5, True, None, "", "abc", "NaN", "Infinity", "1e999999999", "1e-99", [1]])
def test_all_else_is_no_number(number: object) -> None:
    with pytest.raises(ValueError, match=r"not a number|not a finite|out of range"):
        to_decimal(number)


def test_equal_values_are_written_equally() -> None:
    assert {plain(Decimal(text)) for text in ("100", "100.0", "1E+2", "1.00E+2")} == {"100"}
    assert plain(Decimal("-0.0")) == "0"
    assert plain(Decimal("-36.10")) == "-36.1"
    assert plain(Decimal("0.00000280")) == "0.0000028"


def test_truncation_goes_towards_zero_and_needs_a_step() -> None:
    assert truncate(Decimal("60000.129"), Decimal("0.01")) == Decimal("60000.12")
    assert truncate(Decimal("-1.5"), Decimal(1)) == -1
    assert truncate(Decimal("1.5"), Decimal(0)) == Decimal("1.5")


def test_truncation_copes_with_any_size() -> None:
    assert truncate(Decimal("1e40"), Decimal("1e-20")) == Decimal("1e40")


@given(st.decimals("0", "1e12", places=12), st.sampled_from(["0.00000001", "0.01", "0.25", "1", "1000"]))
def test_what_is_truncated_is_a_multiple_just_below(number: Decimal, step: str) -> None:
    cut = truncate(number, Decimal(step))
    assert 0 <= number - cut < Decimal(step)
    assert truncate(cut, Decimal(step)) == cut


def test_near_is_a_share_of_the_expected() -> None:
    assert is_near(Decimal(102), Decimal(100), Decimal("0.02"))
    assert not is_near(Decimal("102.1"), Decimal(100), Decimal("0.02"))
