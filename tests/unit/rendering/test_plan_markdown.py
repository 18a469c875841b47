"""The plan as Markdown: its order, its budget, and foreign text in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.plan import Plan
from reconciler.model.review import ConfigChange
from reconciler.rendering.plan_markdown import render_plan_markdown
from reconciler.rendering.views.plan_view import view_plan
from tests.support.guardrails import named
from tests.support.many_changes import make_many
from tests.support.review_scenes import SCENES
from tests.unit.rendering.markdown.test_escape import HOSTILE, parse
from tests.unit.rendering.test_plan_text import poisoned

MANY = view_plan(make_many(400))
MIXED = view_plan(SCENES["mixed"], "sha256:89ceb04127a610d21cceeead7879b741858e719f4fc1c77d45b2dfe14f541e9c")
# Below this the head alone is larger.
LEAST = 3_000


@pytest.mark.parametrize("budget", [LEAST, 5_000, 10_000, 30_000, 60_000, 250_000])
def test_a_comment_is_never_larger_than_its_budget_and_counts_what_it_leaves_out(budget: int) -> None:
    text = render_plan_markdown(MANY, budget=budget, elsewhere="plan.html")
    assert len(text.encode()) <= budget
    rows = len(re.findall(r"^\| (?:🔴|🟠|🟢) ", text, re.MULTILINE)) - text.count("| 🔴 | `")
    left_out = re.search(r"^and (\d+) more: .*; all of it: plan\.html\.", text, re.MULTILINE)
    assert rows + (int(left_out[1]) if left_out else 0) == 400
    assert text.count("<details") == text.count("</details>")


def test_with_room_for_everything_nothing_is_left_out() -> None:
    text = render_plan_markdown(MANY)
    assert text.count("<details") == 400 + 1
    assert "all of it" not in text


def test_dangerous_rows_and_blocks_come_before_all_others() -> None:
    text = render_plan_markdown(MANY, budget=30_000)
    shown = re.findall(r"^\| (🔴|🟠|🟢) `", text, re.MULTILINE)
    assert set(shown) == {"🔴"}
    assert "dangerous.**" in text


def test_the_head_alone_is_left_without_a_budget() -> None:
    text = render_plan_markdown(MIXED, budget=0, elsewhere="plan.html")
    assert "**Not applicable as a whole: 3 of 11 operations lower risk and would be sent; 8 wait.**" in text
    assert "Plan: 4 to add, 4 to change, 3 to destroy." in text
    assert "and 11 more: " in text
    assert "```" not in text


def test_long_lists_in_the_head_leave_room_for_changes() -> None:
    plan = make_many(20)
    changes = tuple(
        ConfigChange(path=f"guardrails.{'x' * 60}{number}", before="0", after="1") for number in range(1000)
    )
    breaches = tuple(replace(each, name=f"limit-{number}") for number in range(500) for each in plan.breaches[:1])
    text = render_plan_markdown(view_plan(replace(plan, config_changes=changes, guardrails=breaches)), budget=20_000)
    assert len(text.encode()) <= 20_000
    assert text.count("\n| 🔴 `") > 2
    assert "more rules" in text


def test_the_dangerous_is_unfolded_and_the_rest_is_folded() -> None:
    text = render_plan_markdown(MIXED)
    assert "<details open><summary>🔴 <code>- doge-runner #30428811</code>" in text
    assert "<details><summary>🟠 <code>+ avax-ladder</code>" in text
    assert "plan `sha256:89ceb04127a6`" in text.lower()


def shape(plan: Plan) -> list[str]:
    """The tags of a page; a word of the API that looks like none is shown as code."""
    return [tag for tag in parse(render_plan_markdown(view_plan(plan, "sha256:1"))).tags if tag != "code"]


HARMLESS = shape(poisoned("harmless"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_nothing_outside_its_cell(text: str) -> None:
    assert shape(poisoned(text)) == HARMLESS


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=30))
def test_no_text_whatever_changes_the_page_around_it(text: str) -> None:
    assert shape(poisoned(text)) == HARMLESS


def test_a_name_is_shown_as_it_is() -> None:
    plan = SCENES["creates"]
    nasty = "a`|b</summary>"
    text = render_plan_markdown(view_plan(replace(plan, operations=(named(plan.operations[0], nasty),))))
    assert parse(text).text.count(nasty) >= 1
