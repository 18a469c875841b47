"""The verdict on a plan, and what stands beside it."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.phrases import SpanKind, Tone, plain_text
from reconciler.rendering.views.verdict import say_remedy, view_freezes, view_rules, view_verdict
from tests.support import builders
from tests.support.guardrails import CREATE, LOOSEN, judge
from tests.support.review_scenes import SCENES

FREEZE = Freeze(source=FreezeSource.VARIABLE, reason="holidays")
LOOSENED = replace(builders.plan([LOOSEN]), guardrails=judge([LOOSEN]))


def test_a_passed_limit_refuses_the_plan_and_its_words_can_be_typed() -> None:
    verdict = view_verdict(LOOSENED)
    assert (verdict.is_applicable, verdict.head, verdict.tone) == (False, "1 limit is passed", Tone.DANGER)
    assert plain_text(verdict.remedy) == "To allow this: --acknowledge unprotects=1"
    assert verdict.remedy[-1].kind is SpanKind.CODE
    assert len(verdict.reasons) == 1


def test_what_nobody_can_acknowledge_is_said() -> None:
    stuck = tuple(replace(each, acknowledge="") for each in LOOSENED.guardrails)
    assert plain_text(say_remedy(replace(LOOSENED, guardrails=stuck))) == "unprotects cannot be acknowledged."
    assert say_remedy(builders.plan([CREATE])) == ()


def test_a_freeze_holds_back_and_says_what_goes_through() -> None:
    frozen = replace(builders.plan([CREATE]), freezes=(FREEZE,))
    verdict = view_verdict(frozen)
    assert verdict.head == "a freeze is in force"
    assert plain_text(verdict.reasons[0]) == "Held back by the freeze: new (commits)"
    first, second = view_freezes(frozen)
    assert plain_text(first.text) == "FROZEN by RECONCILER_FREEZE: holidays"
    assert plain_text(second.text).startswith("Only what protects, frees or closes goes through.")
    assert view_freezes(builders.plan()) == ()


def test_the_rest_of_a_frozen_plan_can_be_sent() -> None:
    mixed = replace(SCENES["rules"], policies=())
    verdict = view_verdict(mixed)
    assert verdict.head == "1 of 2 operations lowers risk and would be sent; 1 waits"
    assert (plain_text(verdict.sent), plain_text(verdict.held)) == (
        "btc-core (update, protects)",
        "avax-ladder (create, commits)",
    )


def test_a_policy_that_refuses_is_a_reason_and_its_output_is_kept() -> None:
    verdict = view_verdict(SCENES["rules"])
    assert plain_text(verdict.reasons[-1]) == "Policy of reconciler.yaml of the base refused the plan (exit code 1)."
    assert [policy.tone for policy in verdict.policies] == [Tone.DANGER, Tone.GOOD]
    assert verdict.policies[0].lines[0].startswith("FAIL - avax-ladder")


def test_changed_rules_name_their_trades() -> None:
    rules = view_rules(SCENES["rules"])
    assert rules is not None
    assert rules.base == "origin/main (0123abcd)"
    assert rules.changes[-1].trades == ("btc-core",)
    assert view_rules(builders.plan()) is None


def test_acknowledged_limits_are_noted() -> None:
    verdict = view_verdict(SCENES["endings"])
    assert [plain_text(note) for note in verdict.notes] == [
        "Guardrail closes: 1, over the limit of 0 (doge-runner). Acknowledged: closes=1"
    ]
    passed = replace(LOOSENED, guardrails=tuple(replace(each, acknowledged=True) for each in LOOSENED.guardrails))
    assert view_verdict(passed).head == "no limit is passed that is not acknowledged"
