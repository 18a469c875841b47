"""What of a plan waits while limits are passed or a freeze is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from reconciler.guardrails.held_back import can_pass, find_held_back
from reconciler.model.changed_rules import ChangedRule
from reconciler.model.freeze import Allowed, Freeze, FreezeSource
from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.operations import Action, Cause, Effect, Operation
from tests.support.guardrails import CREATE, LOOSEN, TIGHTEN, judge, named

CLOSE = replace(TIGHTEN, action=Action.CLOSE, effect=Effect.EXECUTES, after=None, changes=(), note_after=None)
TAKE_BACK = replace(CLOSE, action=Action.CANCEL, effect=Effect.FREES)
OMIT = replace(TAKE_BACK, cause=Cause.OMISSION)
ABANDON = replace(CLOSE, action=Action.CANCEL, effect=Effect.UNPROTECTS)
REPLACE = replace(CREATE, action=Action.REPLACE, effect=Effect.FREES)
NOTE = replace(CLOSE, action=Action.SET_NOTE, effect=Effect.LABELS)
FREEZE = Freeze(source=FreezeSource.COMMAND, reason="x")


def raised(rule: ChangedRule, *trades: str) -> Guardrail:
    return Guardrail(name=rule.value, value=None, limit=None, trades=trades, state=GuardrailState.OVER, is_raised=True)


def hold(operations: Sequence[Operation], **stated: object) -> list[str]:
    """The names of the trades that wait by some limits."""
    breaches = [each for each in judge(operations, stated) if each.is_breach]
    return [each.operation.trade for each in find_held_back(operations, breaches)]


def test_without_a_passed_limit_or_a_freeze_nothing_waits() -> None:
    assert find_held_back([CREATE, TIGHTEN, CLOSE], ()) == ()


def test_a_passed_limit_holds_back_all_that_does_not_only_lower_risk_whatever_it_counts() -> None:
    operations = [named(CREATE, "a"), named(TIGHTEN, "b"), named(LOOSEN, "c"), named(TAKE_BACK, "d")]
    assert hold(operations, creates=0, unprotects=1) == ["a", "c"]


@pytest.mark.parametrize(
    ("counted", "limit"), [(CLOSE, "closes"), (OMIT, "omissions"), (ABANDON, "unprotects"), (LOOSEN, "unprotects")]
)
def test_what_a_passed_limit_counts_waits_and_a_stop_that_gets_safer_does_not(counted: Operation, limit: str) -> None:
    assert hold([named(counted, "counted"), named(TIGHTEN, "safer")], **{limit: 0}) == ["counted"]


def test_a_close_and_an_omission_go_through_if_their_own_limits_allow_them() -> None:
    operations = [named(CREATE, "a"), named(CLOSE, "b"), named(OMIT, "c")]
    assert hold(operations, creates=0, closes=1, omissions=1) == ["a"]


def test_what_leaves_coins_without_a_stop_and_what_opens_a_trade_again_wait() -> None:
    operations = [named(CREATE, "a"), named(ABANDON, "b"), named(REPLACE, "c")]
    assert hold(operations, creates=0, unprotects=1) == ["a", "b", "c"]
    assert [can_pass(each) for each in (CLOSE, TAKE_BACK, TIGHTEN, NOTE)] == [True] * 4
    assert [can_pass(each) for each in (CREATE, REPLACE, ABANDON, LOOSEN)] == [False] * 4


def test_a_note_waits_with_its_trade_since_it_says_that_all_was_applied() -> None:
    operations = [named(LOOSEN, "a"), named(NOTE, "a"), named(NOTE, "b")]
    held = find_held_back(operations, [each for each in judge(operations) if each.is_breach])
    assert [each.operation for each in held] == operations[:2]
    assert held[1].guardrails == held[0].guardrails


def test_each_names_the_limits_that_are_about_it_or_else_all() -> None:
    operations = [named(CREATE, "new"), named(LOOSEN, "loose"), named(REPLACE, "other")]
    breaches = [each for each in judge(operations, {"creates": 1}) if each.is_breach]
    held = {
        each.operation.trade: [found.name for found in each.guardrails] for each in find_held_back(operations, breaches)
    }
    assert held == {"new": ["creates"], "loose": ["unprotects"], "other": ["creates"]}
    (only,) = find_held_back([named(LOOSEN, "x")], [replace(breaches[0], holds=(), trades=())])
    assert only.guardrails == (replace(breaches[0], holds=(), trades=()),)


def test_a_rule_that_the_change_lifts_holds_back_what_it_counted() -> None:
    operations = [named(TAKE_BACK, "a"), named(TAKE_BACK, "b"), named(TIGHTEN, "a")]
    held = find_held_back(operations, [raised(ChangedRule.FREEZE, "a")])
    assert [each.operation for each in held] == operations[:1]
    prevented = [named(TIGHTEN, "a"), replace(named(TIGHTEN, "b"), cause=Cause.LOSS)]
    held = find_held_back(prevented, [raised(ChangedRule.PREVENT, "a", "b")])
    assert [each.operation.trade for each in held] == ["a"]


def test_a_freeze_holds_back_what_it_does_not_allow() -> None:
    operations = [named(CREATE, "a"), named(TIGHTEN, "b"), named(CLOSE, "c"), named(NOTE, "d")]
    held = find_held_back(operations, (), [FREEZE])
    assert [(each.operation.trade, each.freezes) for each in held] == [("a", (FREEZE,)), ("d", (FREEZE,))]
    narrow = replace(FREEZE, allow=frozenset({Allowed.PROTECTS}))
    assert [each.operation.trade for each in find_held_back(operations, (), [narrow])] == ["a", "c", "d"]


def test_limits_and_freezes_add_up() -> None:
    operations = [named(CREATE, "a"), named(CLOSE, "b"), named(NOTE, "c")]
    breaches = [each for each in judge(operations, {"creates": 0}) if each.is_breach]
    held = find_held_back(operations, breaches, [FREEZE])
    assert [(each.operation.trade, len(each.guardrails), len(each.freezes)) for each in held] == [
        ("a", 1, 1),
        ("b", 1, 0),
        ("c", 0, 1),
    ]
