from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.model.drift import DriftReport, Finding, FindingKind, Part, Topic
from reconciler.rendering.drift_json import render_drift_json
from reconciler.rendering.drift_text import describe_finding, render_drift, subject_of
from reconciler.rendering.style import Style
from tests.support import builders
from tests.support.golden_files import check_golden

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/drift.schema.json").read_text(encoding="utf-8"))


def finding(
    kind: FindingKind,
    topic: Topic,
    trade: str = "btc-dip",
    *,
    text: str = "",
    path: str = "",
    applied: Part = None,
    filed: Part = None,
    live: Part = None,
    live_id: int | None = 7,
) -> Finding:
    return Finding(
        kind=kind,
        topic=topic,
        trade=trade,
        live_id=live_id,
        text=text,
        path=path,
        applied=applied,
        filed=filed,
        live=live,
    )


def report(*findings: Finding, checked: int = 3) -> DriftReport:
    return DriftReport(
        context=builders.context(),
        has_journal=True,
        findings=findings,
        pairs={"btc-dip": "USDT_BTC", "eth": "USDT_ETH"},
        checked=checked,
        requests=2,
    )


LOSSES = (
    finding(FindingKind.LOSS, Topic.STOP_NOT_ARMED, text="the position is open and its stop does not stand (failed)"),
    finding(
        FindingKind.LOSS,
        Topic.STOP_GONE,
        "eth",
        text="the position is open and its stop is gone",
        path="stop_loss",
        applied=builders.stop(58500),
        filed=builders.stop(58500),
    ),
)
EDITS = (
    finding(
        FindingKind.DRIFT,
        Topic.FIELD,
        text="edited outside the files",
        path="stop_loss.conditional.price.value",
        applied="58500",
        filed="58700",
        live="58000",
    ),
    finding(
        FindingKind.DRIFT,
        Topic.FIELD,
        text="edited outside the files",
        path="take_profit.steps[1]",
        applied=builders.step(66000, 50),
        filed=builders.step(66000, 50),
    ),
    finding(
        FindingKind.DRIFT,
        Topic.NOTE,
        text="the text of its note was edited",
        path="note",
        applied="",
        filed="",
        live="x",
    ),
    finding(FindingKind.DRIFT, Topic.DUPLICATE, "eth", text="#8 and #9 both carry this name", live_id=8),
)
FILES = (
    finding(FindingKind.FILE, Topic.CHANGED, text="changed in the file"),
    finding(
        FindingKind.FILE, Topic.CHANGED_AND_PERHAPS_EDITED, "eth", text="changed in the file, and perhaps outside too"
    ),
    finding(FindingKind.FILE, Topic.UNDER_WAY, "sol", text="a change was begun and is not finished: apply settles it"),
    finding(FindingKind.FILE, Topic.NOT_LIVE, "ada", text="in the file and not live", live_id=None),
)
PROGRESS = (
    finding(FindingKind.PROGRESS, Topic.ENTERED, text="0.01 BTC entered at 60000"),
    finding(FindingKind.PROGRESS, Topic.STEPS_HIT, text="1 of 2 steps hit"),
    finding(FindingKind.PROGRESS, Topic.ENDED, "eth", text="stopped out"),
)
CASES = {
    "nothing": report(checked=1),
    "progress": report(*PROGRESS),
    "loss": report(*LOSSES),
    "edits": report(*EDITS),
    "all": report(*LOSSES, *EDITS, *FILES, *PROGRESS),
    "many-files": report(*(replace(FILES[0], trade=f"t{number}") for number in range(9)), checked=9),
}


@pytest.mark.parametrize("name", CASES)
def test_a_report_as_text(name: str) -> None:
    check_golden(f"drift-{name}.txt", render_drift(CASES[name]))


def test_a_report_in_colour_and_with_all_progress() -> None:
    check_golden("drift-all.ansi", render_drift(CASES["all"], Style(is_on=True), is_verbose=True))


def test_a_report_as_json() -> None:
    check_golden("drift-all.json", render_drift_json(CASES["all"]))


@pytest.mark.parametrize("name", CASES)
def test_the_schema_accepts_what_is_written_and_knows_every_field_of_it(name: str) -> None:
    document = json.loads(render_drift_json(CASES[name]))
    Draft202012Validator(SCHEMA).validate(document)
    assert document.keys() == SCHEMA["properties"].keys()
    for each in document["findings"]:
        assert each.keys() == SCHEMA["$defs"]["finding"]["properties"].keys()


def test_the_schema_is_one_and_describes_every_field_and_names_every_word() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    described = list(_fields(SCHEMA))
    assert all({"title", "description"} <= field.keys() for field in described)
    words = SCHEMA["$defs"]["finding"]["properties"]
    assert words["topic"]["enum"] == [topic.value for topic in Topic]
    assert words["kind"]["enum"] == [kind.value for kind in FindingKind]


def _fields(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("properties", "$defs"):
        for below in node.get(key, {}).values():
            yield below
            yield from _fields(below)


def test_a_finding_in_one_line() -> None:
    assert describe_finding(EDITS[0]) == "stop_loss.conditional.price  58500 -> 58000  (the file says 58700)"
    assert describe_finding(EDITS[1]) == "take_profit[1]  50 % limit at 66000 (last) -> (none)"
    assert describe_finding(LOSSES[1]) == "the position is open and its stop is gone"
    assert (subject_of(LOSSES[0]), subject_of(FILES[3])) == ("btc-dip #7", "ada")


def test_no_text_from_outside_draws_on_the_terminal() -> None:
    evil = "\x1b[2J\x9b2J\n"
    shown = render_drift(
        report(
            finding(FindingKind.LOSS, Topic.FAILED, evil, text=evil),
            finding(FindingKind.DRIFT, Topic.NOTE, evil, path="note", applied=evil, filed="", live=evil),
            finding(FindingKind.FILE, Topic.CHANGED, evil),
            finding(FindingKind.PROGRESS, Topic.ENDED, evil, text=evil),
        ),
        is_verbose=True,
    )
    assert all(character == "\n" or character.isprintable() for character in shown)
