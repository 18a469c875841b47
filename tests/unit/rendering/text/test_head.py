"""The head of a plan: verdict, the exact words that allow it, changed rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.phrases import Tone
from reconciler.model.plan import Plan
from reconciler.model.policy import PolicyResult, PolicySource, PolicyVerdict
from reconciler.model.review import ConfigChange
from reconciler.model.views import AlertView
from reconciler.rendering.phrases import phrase, value
from reconciler.rendering.text.head import alert_lines, output_lines, rule_lines, time_lines, title_lines, verdict_lines
from reconciler.rendering.text.lines import Screen
from reconciler.rendering.views.plan_view import view_plan
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


def head(plan: Plan, width: int = 80) -> list[str]:
    screen, view = Screen(width=width), view_plan(plan)
    return [*verdict_lines(view, screen), *rule_lines(view.rules, screen)]


def test_the_title_names_real_money_and_the_time_of_the_prices() -> None:
    title = view_plan(builders.plan([CREATE])).title
    assert list(title_lines(title, Screen())) == ["Workspace test, target sandbox (paper)"]
    real = replace(title, is_real=True, commit="9f2c1ab4", is_dirty=True)
    assert list(title_lines(real, Screen())) == [
        "Workspace test, target sandbox (REAL MONEY), commit 9f2c1ab4 with uncommitted",
        "  changes",
    ]
    assert list(time_lines(title, Screen())) == ["Prices seen 2026-01-01 12:00:00 UTC, expires 2026-01-02 12:00:00 UTC"]
    assert list(time_lines(replace(title, expires_at=None), Screen())) == ["Prices seen 2026-01-01 12:00:00 UTC"]


def test_a_plan_that_passes_no_limit_is_applicable() -> None:
    assert head(builders.plan([CREATE])) == ["Applicable: no limit is passed."]
    assert head(builders.plan()) == []


def test_a_passed_limit_is_named_with_the_exact_words_that_allow_it() -> None:
    plan = replace(builders.plan([CREATE]), guardrails=(OVER,))
    assert head(plan) == [
        "NOT APPLICABLE: 1 limit is passed",
        "  ! closes: 2, over the limit of 0 (a, b). To allow this: --acknowledge closes=2",
    ]
    assert head(plan, 60)[-2:] == [
        "  ! closes: 2, over the limit of 0 (a, b). To allow this:",
        "      --acknowledge closes=2",
    ]


def test_an_acknowledged_limit_is_shown_and_the_plan_is_applicable() -> None:
    plan = replace(builders.plan([CREATE]), guardrails=(replace(OVER, acknowledged=True),))
    assert head(plan) == [
        "Applicable: no limit is passed that is not acknowledged.",
        "  Guardrail closes: 2, over the limit of 0 (a, b). Acknowledged: closes=2",
    ]


def test_changed_rules_come_before_the_changes() -> None:
    change = ConfigChange(path="guardrails.closes", before="0", after=None, trades=("a",))
    plan = replace(builders.plan([CREATE]), config_base="main (0123abcd)", config_changes=(change,))
    assert head(plan)[-2:] == ["Rules changed against main (0123abcd):", "  guardrails.closes  0 -> (none)  (a)"]


def test_the_output_of_a_policy_is_shown_below_its_verdict_and_cannot_act_on_the_terminal() -> None:
    verdict = PolicyVerdict(
        source=PolicySource.OPTION,
        command=("rule", "a b"),
        result=PolicyResult.REFUSED,
        output="\n".join(f"line {number}\x1b" for number in range(50)),
    )
    policies = view_plan(replace(builders.plan([CREATE]), policies=(verdict,))).verdict.policies
    first, command, *lines = output_lines(policies, Screen())
    assert first == "Policy of --policy refused the plan:"
    assert command == "  rule 'a b'"
    assert lines[0] == "    | line 0\\x1b"
    assert lines[-1] == "    | ... and 10 lines more"


def test_alerts_are_wrapped() -> None:
    alert = AlertView(tone=Tone.DANGER, text=phrase("FROZEN by ", value("a\nb " * 20)))
    lines = list(alert_lines([alert], Screen(width=60)))
    assert lines[0].startswith("FROZEN by a\\x0ab ")
    assert all(len(line) <= 60 for line in lines)
