"""The part of a plan that is sent, as text."""

from __future__ import annotations

from dataclasses import replace

from reconciler.guardrails.held_back import find_held_back
from reconciler.model.phrases import plain_text
from reconciler.model.plan import Plan
from reconciler.rendering.html.pages import render_plan_page
from reconciler.rendering.plan_markdown import render_plan_markdown
from reconciler.rendering.plan_text import render_plan
from reconciler.rendering.sent_part import describe_part, find_held_part, say_held
from reconciler.rendering.text.head import verdict_lines
from reconciler.rendering.text.lines import Screen
from reconciler.rendering.views.plan_view import view_plan
from tests.support.builders import plan
from tests.support.guardrails import CREATE, TIGHTEN, judge, named
from tests.unit.saved_plan.test_hold_parts import POLICIES

MIXED = [named(CREATE, "a"), named(TIGHTEN, "b"), named(CREATE, "c")]


def passing(*operations: str) -> Plan:
    chosen = tuple(each for each in MIXED if each.trade in operations)
    return replace(plan(), operations=chosen, guardrails=judge(chosen, {"creates": 0}))


def head(found: Plan) -> list[str]:
    return list(verdict_lines(view_plan(found), Screen()))


def test_a_mixed_plan_says_what_would_be_sent_and_what_waits() -> None:
    found = passing("a", "b", "c")
    assert head(found)[:4] == [
        "Not applicable as a whole: 1 of 3 operations lowers risk and would be sent; 2",
        "  wait.",
        "  Would be sent: b (update, protects)",
        "  Held back: a (create, commits), c (create, commits)",
    ]
    assert head(found)[4] == "Held back, since 1 limit is passed"
    assert "Not applicable as a whole. To allow all: --acknowledge creates=2" in render_plan(found)


def test_nothing_is_said_of_a_plan_of_which_all_or_nothing_is_sent() -> None:
    for found in (passing("a"), passing("b"), passing()):
        assert find_held_part(found) == ()
        assert not any("as a whole" in line for line in head(found))
    assert "Not applicable. To allow this: --acknowledge creates=1" in render_plan(passing("a"))


def test_of_a_plan_that_a_policy_refuses_no_part_is_sent() -> None:
    assert find_held_part(replace(passing("a", "b"), policies=POLICIES)) == ()


def test_every_format_names_both_parts_at_its_head() -> None:
    view = view_plan(passing("a", "b"))
    assert view.verdict.word == "Not applicable as a whole"
    markdown = render_plan_markdown(view)
    assert "**Not applicable as a whole: 1 of 2 operations lowers risk and would be sent; 1 waits.**" in markdown
    assert "- Would be sent: `b` (update, protects)\n> - **Held back**: `a` (create, commits)" in markdown
    page = render_plan_page(view)
    assert "Only a part of this plan can be applied" in page
    assert page.index("Would be sent: ") < page.index("Held back") < page.index("What would change")


def test_an_apply_says_what_it_sends_before_it_asks() -> None:
    found = passing("a", "b")
    held = find_held_back(found.operations, found.breaches)
    assert describe_part(found.operations, held).splitlines() == [
        "Not applicable as a whole: 1 of 2 operations lowers risk and is sent; 1 waits.",
        "  Sent: b (update, protects)",
        "  Held back: a (create, commits)",
    ]


def test_many_names_are_counted() -> None:
    many = tuple(named(CREATE, f"t{number}") for number in range(12))
    found = replace(plan(), operations=(*many, named(TIGHTEN, "b")), guardrails=judge(many, {"creates": 0}))
    assert plain_text(say_held(find_held_part(found))).endswith("t7 (create, commits) and 4 more")
