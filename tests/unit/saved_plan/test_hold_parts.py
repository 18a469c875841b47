"""Freezes and policies in a saved plan are read back as they were written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.errors import SavedPlanError
from reconciler.model.freeze import Allowed, Freeze, FreezeSource
from reconciler.model.policy import PolicyResult, PolicySource, PolicyVerdict
from reconciler.saved_plan.files import read_plan, write_plan
from tests.support.builders import NOW, plan
from tests.unit.model.test_freeze import HELD, PASSING

FREEZES = (
    Freeze(source=FreezeSource.CONFIG, reason="x", until=NOW, allow=frozenset({Allowed.PROTECTS, Allowed.LABELS})),
    Freeze(source=FreezeSource.COMMAND, reason="y", who="ann@desk", set_at=NOW),
)
POLICIES = (
    PolicyVerdict(source=PolicySource.CONFIG, command=("a", "b"), result=PolicyResult.PASSED, exit_code=0),
    PolicyVerdict(source=PolicySource.OPTION, command=("c",), result=PolicyResult.MISSING, output="c: not found"),
)


def test_they_are_read_back() -> None:
    held = replace(plan(), freezes=FREEZES, policies=POLICIES)
    found = read_plan(write_plan(held))
    assert (found.freezes, found.policies) == (FREEZES, POLICIES)


def test_the_document_names_what_is_held_back_and_is_not_applicable() -> None:
    held = replace(plan(), operations=(PASSING[0], HELD[0]), freezes=FREEZES[1:])
    document = json.loads(write_plan(held))
    assert document["held_back"] == [{"trade": "a", "action": "create", "effect": "commits", "by": ["freeze"]}]
    assert (document["summary"]["sent"], document["summary"]["held_back"]) == (1, 1)
    assert document["is_applicable"] is False


def test_of_a_plan_that_a_policy_refuses_nothing_is_sent() -> None:
    document = json.loads(write_plan(replace(plan(), operations=PASSING, policies=POLICIES)))
    assert (document["summary"]["sent"], document["summary"]["held_back"]) == (0, 0)


def test_a_word_that_is_unknown_is_no_plan() -> None:
    document = write_plan(replace(plan(), freezes=FREEZES))
    with pytest.raises(SavedPlanError, match="was changed"):
        read_plan(document.replace('"config"', '"thawed"'))
