"""Lines without their colon."""

from __future__ import annotations

import pytest

from reconciler.loading.files import load_text
from reconciler.loading.repaired_lines import has_colon, repair_line


@pytest.mark.parametrize(
    ("line", "repaired"),
    [
        ("    price 60000", "price: 60000"),
        ("price:60000", "price: 60000"),
        ("type = buy", "type: buy"),
        ("  btc-dip", "btc-dip:"),
        ("- price 5 # a comment", "price: 5"),
        ("order_type:\u00a0market", "order_type: market"),
        ("{a", None),
        ("", None),
    ],
)
def test_a_line_gets_its_colon(line: str, repaired: str | None) -> None:
    assert repair_line(line) == repaired


@pytest.mark.parametrize(
    ("line", "expected"),
    [("a: 5", True), ("a:", True), ("- 5", True), ("# note", True), ("", True), ("a 5", False), ("a:5", False)],
)
def test_a_line_is_complete_or_lacks_its_colon(line: str, expected: bool) -> None:
    assert has_colon(line) is expected


@pytest.mark.parametrize(
    ("text", "line", "written"),
    [
        ("a:\n  b 5\n  c: 6\n", 2, "b: 5"),
        ("a:\n  b: 5\n  c 6\n  d: 7\n", 3, "c: 6"),
        ("a\n  b: 5\n", 1, "a:"),
    ],
)
def test_the_line_without_a_colon_is_shown_with_its_repair(text: str, line: int, written: str) -> None:
    _, problems = load_text(text, "plan.yaml")
    assert [(problem.line, problem.message.split("write ")[-1]) for problem in problems] == [(line, f"'{written}'")]


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2007"])
def test_a_blank_that_is_none_is_found_in_the_indentation_and_after_a_key(blank: str) -> None:
    for text in (f"a:\n {blank}b: 5\n", f"a:{blank}5\n"):
        _, problems = load_text(text, "plan.yaml")
        assert ["only looks like a blank" in problem.message for problem in problems] == [True]
    assert load_text(f"note: 'a:{blank}b'\n", "plan.yaml")[1] == ()
