"""Fields of JSON objects: found by the last part of their path, named by the whole of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from reconciler.codec import json_fields
from reconciler.codec.json_fields import Fields

FIELDS: Fields = {
    "group": {"value": "1.50"},
    "list": [1],
    "text": "word",
    "on": "true",
    "off": False,
    "number": Decimal("2.5"),
    "whole": "3.0",
    "id": "0012",
    "nothing": None,
}


@pytest.mark.parametrize(
    ("read", "path", "value"),
    [
        (json_fields.read_group, "a.group", {"value": "1.50"}),
        (json_fields.read_optional_group, "nothing", {}),
        (json_fields.read_optional_list, "list", [1]),
        (json_fields.read_optional_list, "a.absent", []),
        (json_fields.read_text, "text", "word"),
        (json_fields.read_optional_text, "nothing", None),
        (json_fields.read_flag, "on", True),
        (json_fields.read_flag, "off", False),
        (json_fields.read_flag, "absent", False),
        (json_fields.read_number, "number", Decimal("2.5")),
        (json_fields.read_optional_number, "absent", None),
        (json_fields.read_whole_number, "whole", 3),
        (json_fields.read_optional_integer, "nothing", None),
        (json_fields.read_id, "id", 12),
    ],
)
def test_a_field_is_read_by_the_last_part_of_its_path(
    read: Callable[[Fields, str], object], path: str, value: object
) -> None:
    assert read(FIELDS, path) == value


@pytest.mark.parametrize(
    ("read", "path", "words"),
    [
        (json_fields.read_group, "data.list", "data.list is not an object"),
        (json_fields.read_group, "data.nothing", "data.nothing is missing"),
        (json_fields.read_optional_group, "text", "text is not an object"),
        (json_fields.read_optional_list, "group", "group is not a list"),
        (json_fields.read_text, "number", "number is not a text"),
        (json_fields.read_flag, "text", "text is 'word', expected true or false"),
        (json_fields.read_number, "data.text", "data.text: 'word' is not a number"),
        (json_fields.read_number, "absent", "absent is missing"),
        (json_fields.read_whole_number, "number", "number is 2.5, expected a whole number"),
        (json_fields.read_optional_integer, "on", "on is not a whole number"),
        (json_fields.read_optional_integer, "off", "off is not a whole number"),
        (json_fields.read_id, "whole", "whole is not a whole number"),
        (json_fields.read_id, "number", "number is not a whole number"),
    ],
)
def test_what_does_not_hold_names_the_whole_path(read: Callable[[Fields, str], object], path: str, words: str) -> None:
    with pytest.raises(ValueError, match="^" + words.replace(".", r"\.") + "$"):
        read(FIELDS, path)
