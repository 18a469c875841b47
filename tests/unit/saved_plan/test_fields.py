"""Values of a saved plan are believed only if they have the right type."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.saved_plan.fields import (
    read_described,
    read_integer,
    read_optional_integer,
    read_optional_number,
    read_optional_text,
    read_texts,
)


def test_null_is_read_as_none_and_a_number_exactly() -> None:
    assert (read_optional_number(None), read_optional_text(None), read_optional_integer(None)) == (None, None, None)
    assert (read_optional_number("0.10"), read_optional_integer(3), read_optional_text("a")) == (Decimal("0.1"), 3, "a")
    assert read_texts(["a", "b"]) == ("a", "b")


def test_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match="not a list"):
        read_texts("ab")
    with pytest.raises(ValueError, match="not a whole number"):
        read_integer("3")
    with pytest.raises(ValueError, match="not a finite number"):
        read_optional_number("NaN")


def test_a_reason_without_the_values_of_its_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="has no value 'total'"):
        read_described({"code": "commits_total", "values": {}})
