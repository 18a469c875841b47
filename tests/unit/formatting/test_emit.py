"""Values as they stand in a file, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.formatting.emit import MAX_LINE_CHARS, emit_entry, emit_flow, emit_scalar, emit_trade
from reconciler.loading.files import load_text
from reconciler.loading.secrets import may_hold_secrets

# Without the words of secrets: a key with one is refused.
PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=60).filter(
    lambda text: not may_hold_secrets(text)
)
SCALARS = st.booleans() | st.integers(-(10**20), 10**20) | st.decimals("-1e9", "1e9", places=8) | PRINTABLE
VALUES = st.recursive(SCALARS, lambda below: st.lists(below, min_size=1, max_size=3), max_leaves=6)


def read(lines: list[str]) -> object:
    document, problems = load_text("\n".join(lines) + "\n", "x.yaml")
    assert document is not None
    assert problems == ()
    return document.root


@given(st.dictionaries(PRINTABLE, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_as_it_was(tree: dict[str, object]) -> None:
    assert read([f"x: {emit_flow(tree)}"]) == {"x": tree}
    assert read(emit_entry("x", tree, 0)) == {"x": tree}
    assert read(emit_trade("x", tree, 0)) == {"x": tree}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("0.010"), "0.01"),
        (Decimal("6E+4"), "60000"),
        (Decimal("0.00000001"), "0.00000001"),
        (True, "true"),
        ("weekly support retest", "weekly support retest"),
        ("true", '"true"'),
        ("007", '"007"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("it's", '"it\'s"'),
        ('say "x"', '"say \\"x\\""'),
    ],
)
def test_a_scalar_has_quotes_only_where_it_needs_them(value: object, shown: str) -> None:
    assert emit_scalar(value) == shown


def test_a_small_group_stands_in_one_line_and_a_long_one_in_a_line_for_each_key() -> None:
    assert emit_entry("a", {"b": 1, "c": 2}, 2) == ["  a: {b: 1, c: 2}"]
    long = {"b": "x" * 60, "c": "y" * 60}
    assert emit_entry("a", long, 2) == ["  a:", f"    b: {'x' * 60}", f"    c: {'y' * 60}"]
    assert all(len(line) <= MAX_LINE_CHARS for line in emit_entry("a", long, 2))


def test_steps_stand_one_a_line() -> None:
    assert emit_entry("s", [{"a": 1}, {"a": 2}], 2) == ["  s:", "    - {a: 1}", "    - {a: 2}"]
