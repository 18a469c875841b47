"""What an apply did as JSON, and as events."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.model.live import Phase
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import reason
from reconciler.rendering.apply_json import Run, render_apply_json, write_begin, write_end, write_start, write_summary
from tests.support import builders, planning

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/apply.schema.json").read_text(encoding="utf-8"))
EVENT = {"$ref": "#/$defs/event", "$defs": SCHEMA["$defs"]}
CREATE = planning.only(planning.plan([builders.spec(name="new")]))
LOOSEN = planning.only(
    planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [builders.live(phase=Phase.OPEN)])
)
DONE = Outcome(operation=CREATE, kind=OutcomeKind.APPLIED, live_id=30000001)
FAILED = Outcome(
    operation=LOOSEN,
    kind=OutcomeKind.FAILED,
    live_id=7,
    reason=reason(OutcomeReason.ERROR, message="no\nfunds"),
    takeover=builders.terms(),
)
RUN = Run(
    plan=builders.plan([CREATE, LOOSEN]),
    digest="sha256:1",
    outcomes=(DONE, FAILED),
    error="it broke",
    unsettled={"old": reason(OutcomeReason.LOST_EVERY_TIME, tries=3)},
    exit_code=13,
    ended_at=builders.NOW,
)


def test_the_schema_accepts_a_run_and_knows_every_field_of_it() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(render_apply_json(RUN))
    Draft202012Validator(SCHEMA).validate(document)
    assert document.keys() == SCHEMA["properties"].keys()
    for outcome in document["outcomes"]:
        assert outcome.keys() == SCHEMA["$defs"]["outcome"]["properties"].keys()


def test_a_run_says_what_was_done_what_failed_and_why() -> None:
    document = json.loads(render_apply_json(RUN))
    assert document["summary"]["applied"] == 1
    assert document["summary"]["failed"] == 1
    assert document["summary"]["text"] == "Trades: 1 added, 0 changed, 0 destroyed."
    assert (document["exit_code"], document["error"]) == (13, "it broke")
    first, second = document["outcomes"]
    assert (first["trade"], first["live_id"], first["outcome"], first["reason"]) == ("new", 30000001, "applied", None)
    assert second["reason"]["text"] == "no\nfunds"
    assert second["takeover"].startswith("version: 1\ntrades:\n")
    assert "old" in document["unsettled"]


def test_every_event_is_one_line_that_the_schema_accepts() -> None:
    now = builders.NOW
    lines = [write_start(RUN.plan, now), write_begin(CREATE, now), write_end(DONE, now), write_end(FAILED, now)]
    lines += write_summary(RUN)
    assert not any("\n" in line for line in lines)
    events = [json.loads(line) for line in lines]
    for event in events:
        Draft202012Validator(EVENT).validate(event)
    assert [event["type"] for event in events] == [
        "version",
        "apply_start",
        "apply_complete",
        "apply_errored",
        "diagnostic",
        "change_summary",
    ]
    assert events[1]["@message"] == "new: create begins"
    assert events[3]["@level"] == "error"
    assert events[-1]["changes"]["failed"] == 1


def test_without_an_error_there_is_no_diagnostic() -> None:
    (line,) = write_summary(replace(RUN, error=""))
    assert json.loads(line)["type"] == "change_summary"


@pytest.mark.parametrize("kind", OutcomeKind)
def test_the_schema_names_every_way_to_end(kind: OutcomeKind) -> None:
    assert kind.value in SCHEMA["$defs"]["outcome"]["properties"]["outcome"]["enum"]
    assert kind.value in SCHEMA["properties"]["summary"]["properties"]
