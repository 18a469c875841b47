"""A drift report as JSON, and the schema that describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.model.drift import FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.news_codes import NewsCode
from reconciler.model.remedies import Remedy
from reconciler.rendering.drift_json import render_drift_json
from tests.support.drift_reports import CASES
from tests.support.golden_files import check_golden

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/drift.schema.json").read_text(encoding="utf-8"))


def test_a_report_as_json() -> None:
    check_golden("drift-all.json", render_drift_json(CASES["all"]))


@pytest.mark.parametrize("name", CASES)
def test_the_schema_accepts_each_report_and_knows_every_field_of_it(name: str) -> None:
    document = json.loads(render_drift_json(CASES[name]))
    Draft202012Validator(SCHEMA).validate(document)
    assert document.keys() == SCHEMA["properties"].keys()
    for each in document["findings"]:
        assert each.keys() == SCHEMA["$defs"]["finding"]["properties"].keys()


def test_the_schema_is_valid_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert [field for field in _fields(SCHEMA) if not {"title", "description"} <= field.keys()] == []


def test_the_schema_names_every_word() -> None:
    words = SCHEMA["$defs"]["finding"]["properties"]
    assert words["topic"]["enum"] == [topic.value for topic in Topic]
    assert words["kind"]["enum"] == [kind.value for kind in FindingKind]
    codes = SCHEMA["$defs"]["reason"]["properties"]["code"]["examples"]
    assert codes == [code.value for enum in (DriftCode, NewsCode, Remedy) for code in enum]


def test_an_event_has_the_fields_of_a_finding() -> None:
    event = SCHEMA["$defs"]["event"]["properties"]
    assert {name: event[name] for name in SCHEMA["$defs"]["finding"]["properties"]} == SCHEMA["$defs"]["finding"][
        "properties"
    ]


def _fields(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("properties", "$defs"):
        for below in node.get(key, {}).values():
            if "$ref" not in below:
                yield below
            yield from _fields(below)
