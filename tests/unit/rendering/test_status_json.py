"""A status report as JSON, and the schema that describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from reconciler.model.drift import Topic
from reconciler.model.live import Phase
from reconciler.model.status import NextEvent
from reconciler.rendering.status_json import render_status_json
from tests.support.golden_files import check_golden
from tests.support.status_reports import REPORT

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/status.schema.json").read_text(encoding="utf-8"))


def test_the_document_has_every_trade() -> None:
    check_golden("status.json", render_status_json(REPORT))


def test_a_document_in_one_line_is_the_same() -> None:
    line = render_status_json(REPORT, is_line=True)
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(render_status_json(REPORT))


def test_bad_news_is_named_by_its_topics() -> None:
    row = replace(REPORT.trades[0], attention=(Topic.COINS_HELD,))
    (written,) = json.loads(render_status_json(replace(REPORT, trades=(row,))))["trades"]
    assert written["attention"] == ["coins_held"]


def test_a_trade_that_only_news_knows_has_no_pair_and_no_amounts() -> None:
    row = replace(REPORT.trades[6], pair="")
    document = json.loads(render_status_json(replace(REPORT, trades=(row,))))
    Draft202012Validator(SCHEMA).validate(document)
    assert (document["trades"][0]["pair"], document["trades"][0]["entered"]) == (None, None)


def test_the_schema_accepts_the_report_and_knows_every_field_of_it() -> None:
    document = json.loads(render_status_json(REPORT))
    Draft202012Validator(SCHEMA).validate(document)
    assert document.keys() == SCHEMA["properties"].keys()
    for row in document["trades"]:
        assert row.keys() == SCHEMA["$defs"]["trade"]["properties"].keys()


def test_the_schema_is_valid_describes_every_field_and_names_every_word() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert [field for field in _fields(SCHEMA) if not {"title", "description"} <= field.keys()] == []
    row = SCHEMA["$defs"]["trade"]["properties"]
    assert row["phase"]["enum"] == ["not_opened", *(phase.value for phase in Phase)]
    assert row["next"]["enum"] == [*(event.value for event in NextEvent), None]
    assert row["attention"]["items"]["enum"] == [topic.value for topic in Topic]


def _fields(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("properties", "$defs"):
        for below in node.get(key, {}).values():
            yield below
            yield from _fields(below)
