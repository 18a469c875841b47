"""The part of a plan that is sent, as text."""

from __future__ import annotations

from dataclasses import replace

from reconciler.guardrails.held_back import find_held_back
from reconciler.model.plan import Plan
from reconciler.rendering.plan_head import allowing_line
from reconciler.rendering.sent_part import can_be_sent_in_part, describe_part, part_lines
from reconciler.rendering.style import Style
from tests.support.builders import plan
from tests.support.guardrails import CREATE, TIGHTEN, judge, named
from tests.unit.saved_plan.test_hold_parts import POLICIES

MIXED = [named(CREATE, "a"), named(TIGHTEN, "b"), named(CREATE, "c")]


def passing(*operations: str) -> Plan:
    chosen = tuple(each for each in MIXED if each.trade in operations)
    return replace(plan(), operations=chosen, guardrails=judge(chosen, {"creates": 0}))


def test_a_mixed_plan_says_what_would_be_sent_and_what_waits() -> None:
    assert list(part_lines(passing("a", "b", "c"), Style())) == [
        "Not applicable as a whole: 1 of 3 operations lowers risk and would be sent; 2 wait.",
        "  Would be sent: b (update, protects)",
        "  Held back: a (create, commits), c (create, commits)",
    ]
    assert allowing_line(passing("a", "b", "c")) == ("Not applicable as a whole. To allow all: --acknowledge creates=2")


def test_nothing_is_said_of_a_plan_of_which_all_or_nothing_is_sent() -> None:
    for found in (passing("a"), passing("b"), passing()):
        assert not can_be_sent_in_part(found)
        assert list(part_lines(found, Style())) == []
    assert allowing_line(passing("a")) == "Not applicable. To allow this: --acknowledge creates=1"


def test_of_a_plan_that_a_policy_refuses_no_part_is_sent() -> None:
    assert not can_be_sent_in_part(replace(passing("a", "b"), policies=POLICIES))


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
    assert " ".join(part_lines(found, Style())).endswith("t7 (create, commits) and 4 more")
