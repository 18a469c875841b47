"""Rows become values; what is missing, damaged or of another version is unknown, never an error."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.journal.rows import Row, read_document, read_seconds
from reconciler.model.journal import IntentState

ODD: list[object] = [None, "", "x", -1, 2**63, 1e300, float("nan"), float("inf"), b"\xff", True, [], "{"]


def test_good_values_are_read() -> None:
    row = Row({"id": 7, "text": "a", "is_ended": 1, "at": 0.5, "body": '{"price": 1.10}', "state": "applied"})
    assert (row.integer("id"), row.text("text"), row.word("text"), row.flag("is_ended")) == (7, "a", "a", True)
    assert row.seconds("at") == 0.5
    assert row.instant("at") == "1970-01-01T00:00:00.500Z"
    assert row.document("body") == {"price": Decimal("1.10")}
    assert row.state() is IntentState.APPLIED


def test_an_absent_column_is_unknown() -> None:
    row = Row({})
    assert (row.integer("x"), row.text("x"), row.word("x"), row.flag("x")) == (None, "", "unknown", None)
    assert (row.seconds("x"), row.instant("x"), row.document("x")) == (None, None, None)
    assert not row.is_damaged("x")
    assert row.state() is IntentState.PENDING


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_a_damaged_value_is_no_error(value: object) -> None:
    row = Row({"x": value, "state": value})
    assert row.integer("x") is None
    assert row.document("x") is None
    assert row.instant("x") is None
    assert row.is_damaged("x") is (value is not None)
    # A request of which nothing is known counts as one that may have been sent.
    assert row.state() is IntentState.PENDING


@pytest.mark.parametrize(
    ("value", "seconds"), [(0, 0.0), (1.5, 1.5), (-1, None), (float("nan"), None), (253402300800, None), ("1", None)]
)
def test_an_instant_lies_between_1970_and_9999(value: object, seconds: float | None) -> None:
    assert read_seconds(value) == seconds


@pytest.mark.parametrize("text", [None, "", "[]", "5", "{", "[" * 100_000, '{"a": 1e999999999999999999999}'])
def test_only_a_json_object_is_a_document(text: str | None) -> None:
    assert read_document(text) is None
