"""The head of a plan: verdict, the exact words that allow it, changed rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.plan import Plan
from reconciler.model.review import ConfigChange
from reconciler.rendering.plan_head import allowing_line, head_lines
from reconciler.rendering.style import Style
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec(name="new")]))
OVER = Guardrail(
    name="closes",
    value=Decimal(2),
    limit=Decimal(0),
    state=GuardrailState.OVER,
    trades=("a", "b"),
    acknowledge="closes=2",
)


def head(plan: Plan) -> list[str]:
    return list(head_lines(plan, Style()))


def test_a_plan_that_passes_no_limit_is_applicable() -> None:
    assert head(builders.plan([CREATE])) == [
        "Workspace test, target sandbox (paper)",
        "",
        "Applicable: no limit is passed.",
        "",
    ]
    assert allowing_line(builders.plan([CREATE])) == ""
    assert head(builders.plan()) == ["Workspace test, target sandbox (paper)", ""]


def test_a_passed_limit_is_named_with_the_exact_words_that_allow_it() -> None:
    plan = replace(builders.plan([CREATE]), guardrails=(OVER,))
    assert head(plan)[2:4] == [
        "NOT APPLICABLE: 1 limit is passed",
        "  ! closes: 2, over the limit of 0 (a, b). To allow this: --acknowledge closes=2",
    ]
    assert allowing_line(plan) == "Not applicable. To allow this: --acknowledge closes=2"


def test_what_nobody_can_acknowledge_is_said() -> None:
    plan = replace(builders.plan([CREATE]), guardrails=(OVER, replace(OVER, name="pairs", acknowledge="")))
    assert allowing_line(plan) == "Not applicable: pairs cannot be acknowledged."


def test_an_acknowledged_limit_is_shown_and_the_plan_is_applicable() -> None:
    plan = replace(builders.plan([CREATE]), guardrails=(replace(OVER, acknowledged=True),))
    assert head(plan)[2:4] == [
        "Applicable: no limit is passed that is not acknowledged.",
        "  Guardrail closes: 2, over the limit of 0 (a, b). Acknowledged: closes=2",
    ]


def test_changed_rules_come_before_the_changes() -> None:
    change = ConfigChange(path="guardrails.closes", before="0", after=None)
    plan = replace(builders.plan([CREATE]), config_base="main (0123abcd)", config_changes=(change,))
    assert head(plan)[-3:] == ["Rules changed against main (0123abcd):", "  guardrails.closes  0 -> (none)", ""]
