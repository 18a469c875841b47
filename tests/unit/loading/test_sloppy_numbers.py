"""Numbers in the forms that people write."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.loading.files import load_text
from reconciler.loading.sloppy_numbers import find_first_number, join_split_number, read_sloppy_number, shorten
from tests.support.check_files import show


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("60,000", "60000", ""),
        ("60_000", "60000", ""),
        ("60 000", "60000", ""),
        ("60\u00a0000", "60000", ""),
        ("60'000", "60000", ""),
        ("60.000,50", "60000.50", ""),
        ("1.234.567", "1234567", ""),
        ("60k", "60000", ""),
        ("0,01", "0.01", ""),
        (".5", "0.5", ""),
        ("$60000", "60000", "$"),
        ("500 usdt", "500", "USDT"),
        ("0.01 BTC", "0.01", "BTC"),
        ("-3%", "-3", "%"),
        ("5 percent", "5", "%"),
        ("10x", "10", "x"),
        ("x10", "10", "x"),
    ],
)
def test_a_number_is_read_with_its_separators_and_its_unit(text: str, value: str, unit: str) -> None:
    sloppy = read_sloppy_number(text)
    assert sloppy is not None
    assert (sloppy.value, sloppy.unit) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["", "abc", "BTC", "1-2", "6" * 41, 5, None, "1.2.3,4,5"])
def test_anything_else_is_no_number(text: object) -> None:
    assert read_sloppy_number(text) is None


@pytest.mark.parametrize(
    ("first", "rest", "joined"),
    [(60, "000", "60000"), (0, "01", "0.01"), (63, "802.44", "63802.44"), (1, "5", "1.5"), (0, "000", "0")],
)
def test_a_number_that_a_comma_split_is_joined(first: int, rest: str, joined: str) -> None:
    assert join_split_number(first, rest) == joined


@pytest.mark.parametrize(("first", "rest"), [("60", "000"), (True, "000"), (60, "price"), (60, ""), (60000, "33.33")])
def test_other_keys_are_not_joined_with_the_value_before(first: object, rest: str) -> None:
    assert join_split_number(first, rest) is None


def test_a_size_is_rounded_down() -> None:
    assert [shorten(Decimal(text)) for text in ("0.0083333", "0.0166666", "12345", "2")] == [
        *("0.00833", "0.0166", "12300", "2")
    ]


@pytest.mark.parametrize(
    ("written", "meant"), [("60,000", "60000"), ("0,01", "0.01"), ("1,234,567", "1234567"), ("60,100", "60100")]
)
def test_a_comma_in_brackets_is_one_problem_and_the_number_is_left_out(written: str, meant: str) -> None:
    document, problems = load_text(f"a: {{price: {written}, units: 1}}", "plan.yaml")
    expected = f"1:12: error: a.price: found {written}, which a comma splits in two in {{...}}; write {meant}"
    assert [show(problem) for problem in problems] == [expected]
    assert document is not None
    assert document.root["a"] == {"units": 1}


def test_a_number_as_a_key_with_a_value_is_not_a_part_of_a_number() -> None:
    _, problems = load_text("a: {price: 60, 5: x}", "plan.yaml")
    assert ["which is not text" in problem.message for problem in problems] == [True]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("58000 (-3%)", "58000"),
        ("below 58000", "58000"),
        ("59000-60000", "59000"),
        ("66000,70000", "66000"),
        ("58,000 or less", "58000"),
        ("none", None),
        (5, None),
    ],
)
def test_the_first_number_of_a_text_is_found(text: object, number: str | None) -> None:
    assert find_first_number(text) == (Decimal(number) if number is not None else None)


@pytest.mark.parametrize("text", ["66000 50%", "66000,70000", "limit 66000 100", "1 2"])
def test_two_numbers_are_not_one(text: str) -> None:
    assert read_sloppy_number(text) is None
