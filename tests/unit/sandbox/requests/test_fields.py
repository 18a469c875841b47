from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reconciler.sandbox.requests.fields import Fields
from reconciler.sandbox.values.terms import Side


def test_problems_have_bracket_keys_and_are_shared_by_all_groups() -> None:
    fields = Fields({"position": {"units": {}}, "steps": [{}, "x"]})
    fields.required_group("position").required_group("units").number("value", required=True)
    for element in fields.elements("steps") or []:
        element.flag("enabled", required=True)

    assert fields.problems == {
        "position[units][value]": ["is missing"],
        "steps[0][enabled]": ["is missing"],
        "steps[1]": ["is invalid"],
        "steps[1][enabled]": ["is missing"],
    }


def test_a_missing_nested_group_makes_its_parent_invalid() -> None:
    fields = Fields({"position": {}})
    fields.required_group("position").required_group("units")

    assert fields.problems == {
        "position[units]": ["is missing", "is invalid"],
        "position": ["is invalid"],
    }


def test_a_hash_in_place_of_a_list_is_read_with_keys_without_an_index() -> None:
    fields = Fields({"steps": {"volume": "x"}})
    (element,) = fields.elements("steps") or []
    element.number("volume")

    assert fields.problems == {"steps": ["is invalid"], "steps[volume]": ["is invalid"]}


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), ("true", True), (False, False), ("false", False), (None, False)]
)
def test_a_flag_is_a_boolean_or_its_text(value: object, expected: bool) -> None:
    fields = Fields({"enabled": value})

    assert fields.flag("enabled") is expected
    assert fields.problems == {}


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        ("flag", "yes", "is invalid"),
        ("number", "ten", "is invalid"),
        ("integer", "1.5", "is invalid"),
        ("integer", 2**63, "is invalid"),
        ("text", 5, "is invalid"),
        ("text", "\ud800", "is invalid"),
        ("group", 5, "is invalid"),
        ("elements", 5, "is invalid"),
    ],
)
def test_a_value_of_the_wrong_type_is_noted(read: str, value: object, message: str) -> None:
    fields = Fields({"name": value})
    getattr(fields, read)("name")

    assert fields.problems == {"name": [message]}


@pytest.mark.parametrize("read", ["flag", "number", "integer"])
def test_a_missing_value_is_noted_only_if_it_is_required(read: str) -> None:
    fields = Fields({"name": None})
    getattr(fields, read)("name")
    assert fields.problems == {}
    getattr(fields, read)("name", required=True)
    assert fields.problems == {"name": ["is missing"]}


def test_a_choice_is_one_of_its_words() -> None:
    given: dict[str, Any] = {"side": "buy", "other": "hold"}
    fields = Fields(given)

    assert (fields.choice("side", Side), fields.choice("other", Side)) == (Side.BUY, None)
    assert fields.choice("none", Side, required=True) is None
    assert fields.problems == {"other": ["does not have a valid value"], "none": ["is missing"]}


def test_numbers_are_read_from_text_and_from_json() -> None:
    fields = Fields({"text": "1.5", "json": Decimal("1.5"), "whole": "7"})

    assert [fields.number(name) for name in ("text", "json")] == [Decimal("1.5"), Decimal("1.5")]
    assert fields.integer("whole") == 7


def test_a_problem_is_noted_once() -> None:
    fields = Fields({})
    fields.report("pair", "is missing")
    fields.report("pair", "is missing")

    assert fields.problems == {"pair": ["is missing"]}
