"""The head of a comment."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.phrases import Tone
from reconciler.rendering.markdown.head import (
    write_alerts,
    write_limits,
    write_notices,
    write_risk,
    write_times,
    write_title,
    write_verdict,
)
from reconciler.rendering.views.plan_view import view_plan
from tests.support.review_scenes import SCENES
from tests.unit.rendering.markdown.test_escape import parse

VIEWS = {name: view_plan(plan, "sha256:89ceb04127a610d2") for name, plan in SCENES.items()}


def test_the_title_says_whether_money_is_real() -> None:
    title = VIEWS["mixed"].title
    assert write_title(title, "Plan") == "### Plan for `test` on `real` · real money"
    assert write_title(replace(title, is_real=False, mode="paper"), "Drift").endswith(" · paper")
    assert write_times(title).startswith("Plan `sha256:89ceb04127a6`, prices seen 2026-01-01 11:59:55 UTC, commit ")
    assert write_times(replace(title, digest="", commit="", expires_at=None), "planned") == (
        "Planned 2026-01-01 11:59:55 UTC"
    )


def test_the_verdict_and_the_rules_stand_out() -> None:
    text = "\n\n".join(write_verdict(VIEWS["rules"], 10))
    assert text.count("> [!CAUTION]") == 2
    assert "> [!WARNING]\n> **The rules change in this plan**" in text
    assert "<details open><summary>🔴 Policy of reconciler.yaml of the base refused the plan" in text
    assert list(write_verdict(replace(VIEWS["drift"], rules=None), 10)) == []


def test_lists_are_cut_and_counted() -> None:
    text = "\n".join(write_verdict(VIEWS["guardrails"], 2))
    assert "> - and 7 more reasons" in text
    limits = "\n".join(write_limits(VIEWS["guardrails"].limits, 5))
    assert limits.count("\n| 🔴 ") == 5
    assert "and 23 more limits in use." in limits
    notices = "\n".join(write_notices(VIEWS["notices"].notices, 3))
    assert notices.startswith("- **LOSS**: ")
    assert notices.endswith(" more notices")


def test_the_table_of_limits_is_open_only_if_one_is_passed() -> None:
    (passed,) = write_limits(VIEWS["mixed"].limits, 40)
    assert passed.startswith("<details open><summary>Guardrails: 1 over its limit, ")
    (kept,) = write_limits(VIEWS["risks"].limits, 40)
    assert kept.startswith("<details><summary>Guardrails: none near its limit</summary>")
    assert list(write_limits(replace(VIEWS["risks"].limits, rows=(), rest=()), 40)) == []


def test_the_loss_at_stop_is_bold_and_money_without_a_stop_is_said() -> None:
    table, notes = write_risk(VIEWS["risks"].risk)
    assert "|  | loss at stop | 0.00 | **134.96** | +134.96 |" in table
    assert "2 trades have no stop: 3,329.96 USDT are not in loss at stop" in notes
    assert parse(table).tags[0] == "table"


def test_alerts_have_the_sign_of_their_tone() -> None:
    freezes = VIEWS["rules"].freezes
    assert [line[2] for line in write_alerts(freezes).splitlines()] == ["🔴", "⚪"]
    assert freezes[0].tone is Tone.DANGER
