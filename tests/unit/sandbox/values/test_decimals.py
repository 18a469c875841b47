from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.values.decimals import format_decimal, format_optional, is_multiple, read_decimal, truncate_to


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("20", "20.0"),
        ("100", "100.0"),
        ("1E+2", "100.0"),
        ("0.00000280", "0.0000028"),
        ("2.8E-6", "0.0000028"),
        ("-36.10", "-36.1"),
        ("0", "0.0"),
        ("0E-9", "0.0"),
    ],
)
def test_numbers_are_formatted_as_published(value: str, text: str) -> None:
    assert format_decimal(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**12), max_value=10**12))
def test_formatting_loses_nothing(value: Decimal) -> None:
    text = format_decimal(value)

    assert read_decimal(text) == value
    assert "E" not in text
    assert "." in text


@pytest.mark.parametrize("value", [True, None, "", " 1", "1 ", "+1", ".5", "5.", "1_000", "٣", "NaN", "1e99", [], {}])
def test_what_is_no_number_is_not_read(value: object) -> None:
    assert read_decimal(value) is None


@pytest.mark.parametrize("value", [5, "5", "5.0", Decimal(5), "0.5e1", "5e0"])
def test_numbers_are_read_from_json_numbers_and_text(value: object) -> None:
    assert read_decimal(value) == 5


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=0, max_value=10**6),
    st.sampled_from(["0.01", "0.00001", "1"]),
)
def test_truncating_stays_on_the_grid_and_below(value: Decimal, step: str) -> None:
    truncated = truncate_to(value, Decimal(step))

    assert is_multiple(truncated, Decimal(step))
    assert 0 <= value - truncated < Decimal(step)


def test_a_missing_number_stays_missing() -> None:
    assert (format_optional(None), format_optional(Decimal(20))) == (None, "20.0")
