"""JSON text: exact numbers in both directions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.codec.json_text import parse_json, write_compact


def test_numbers_with_a_point_are_read_exactly() -> None:
    assert parse_json(b'{"a": 0.10000000000000000001, "b": [1, 1e2]}') == {
        "a": Decimal("0.10000000000000000001"),
        "b": [1, Decimal("1e2")],
    }


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "[1e999999]", "1e99999999999999999999", "{", ""])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|Expecting|bounds"):
        parse_json(text)


def test_decimals_are_written_as_plain_texts_without_spaces() -> None:
    assert write_compact({"a": Decimal("1E+2"), "b": [Decimal("0.50"), "é"]}) == '{"a":"100","b":["0.5","\\u00e9"]}'


def test_a_value_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="set has no place in a JSON text"):
        write_compact({"a": {1}})
