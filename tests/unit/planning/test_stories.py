"""The planning table: each row in each phase and kind is a story of its own in `tests/cases/planning`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from reconciler.rendering.outcome_text import describe_outcome
from tests.support.world import kinds
from tests.unit.planning.stories import FOLDER, Story, describe_plan, look_up

CASES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_story_leads_to_its_plan_and_the_plan_to_nothing_more(case: Path) -> None:
    script = yaml.safe_load(case.read_text())
    with Story(script) as story:
        story.live_through()
        plan = story.plan()
        assert describe_plan(plan) == {part: script.get(part, []) for part in ("plan", "blocked", "notices")}
        result = story.world.apply(plan)
        ends = [kind.value for kind in kinds(result)]
        told = [describe_outcome(outcome) for outcome in result.outcomes]
        assert ends == script.get("outcomes", ["applied"] * len(plan.operations)), told
        if "outcomes" not in script:
            assert describe_plan(story.plan())["plan"] == script.get("again", [])
        if "then" in script:
            entity = story.entity()
            assert {path: look_up(entity, path) for path in script["then"]} == script["then"]


def test_every_story_says_what_it_shows() -> None:
    assert len(CASES) >= 80
    assert all(yaml.safe_load(case.read_text())["says"].endswith(".") for case in CASES)
