"""A plan from its JSON document: nothing in it is believed before it is checked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.errors import SavedPlanError
from reconciler.model.operations import BY_HAND_ACTIONS, Cause
from reconciler.rendering.plan_text import render_plan
from reconciler.saved_plan.files import _digest, read_plan, write_plan
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec(name="new")]))
PLAN = builders.plan([CREATE])
NESTED: dict[str, Any] = {"code": "moves_no_money", "values": {}}
for _ in range(50):
    NESTED = {"code": "liquidation_unknown", "values": {"inner": NESTED}}


def read_with(money: object) -> None:
    """Read the plan with something else in the place of what its operation does to money."""
    document = json.loads(write_plan(PLAN))
    document["operations"][0]["money"] = money
    document["digest"] = _digest(document)
    read_plan(json.dumps(document))


def test_a_plan_that_is_read_back_reads_the_same() -> None:
    assert render_plan(read_plan(write_plan(PLAN))) == render_plan(PLAN)


def test_the_sentence_in_the_file_is_not_believed() -> None:
    document = json.loads(write_plan(PLAN))
    document["operations"][0]["money"][0]["text"] = "moves no money at all"
    document["digest"] = _digest(document)

    assert render_plan(read_plan(json.dumps(document))) == render_plan(PLAN)


TOTAL = {"value": "600", "unit": "USDT"}


@pytest.mark.parametrize(
    ("money", "words"),
    [
        ("600 USDT", "is not a list"),
        (["600 USDT"], "is not a reason"),
        ([{"code": "commits_total"}], "expected a reason with `code` and `values`"),
        ([{"code": "rm -rf", "values": {}}], "unknown reason code"),
        ([{"code": "commits_total", "values": {}}], "has no value 'total'"),
        ([{"code": "commits_total", "values": {"total": "600 USDT"}}], "not a value of the kind amount"),
        ([{"code": "commits_total", "values": {"total": {"value": "1e999999999", "unit": "USDT"}}}], "damaged"),
        ([{"code": "commits_total", "values": {"total": {"value": 600, "unit": "USDT"}}}], "cannot be a value"),
        ([{"code": "enters_at_once", "values": {"side": "both", "units": TOTAL}}], "is not a side"),
        ([NESTED], "nested too deeply"),
    ],
)
def test_a_reason_that_cannot_be_said_is_refused(money: object, words: str) -> None:
    with pytest.raises(SavedPlanError, match=words) as raised:
        read_with(money)
    assert raised.value.message.isprintable()


@pytest.mark.parametrize(
    ("key", "value"),
    [*(("action", action.value) for action in sorted(BY_HAND_ACTIONS)), ("cause", Cause.COMMAND.value)],
)
def test_an_operation_by_hand_is_refused(key: str, value: str) -> None:
    document = json.loads(write_plan(PLAN))
    document["operations"][0][key] = value
    document["digest"] = _digest(document)
    with pytest.raises(SavedPlanError, match=f"found the {key} {value}, expected one of a plan"):
        read_plan(json.dumps(document))
