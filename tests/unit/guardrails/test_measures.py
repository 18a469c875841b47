"""Sums and worst values against a limit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.guardrails.measures import Subject, find_state, judge_sum, judge_worst
from reconciler.model.guardrails import GuardrailName, GuardrailState, Limit

LIMIT = Limit(name=GuardrailName.NOTIONAL_TOTAL)


def subject(trade: str, before: int | None, after: int | None, *, can_raise: bool = True) -> Subject:
    numbers = [None if each is None else Decimal(each) for each in (before, after)]
    return Subject(trade=trade, before=numbers[0], after=numbers[1], can_raise=can_raise)


@pytest.mark.parametrize(
    ("value", "before", "most", "state"),
    [
        (79, 0, 100, GuardrailState.OK),
        (80, 0, 100, GuardrailState.NEAR),
        (100, 0, 100, GuardrailState.AT_LIMIT),
        (101, 0, 100, GuardrailState.OVER),
        (101, 101, 100, GuardrailState.OVER_BEFORE),
        (101, None, 100, GuardrailState.OVER),
        (0, 0, 0, GuardrailState.OK),
        (1, 0, 0, GuardrailState.OVER),
        (None, 0, 100, GuardrailState.UNKNOWN),
        (1, 0, None, GuardrailState.OVER),
        (0, 0, None, GuardrailState.OK),
    ],
)
def test_the_state_of_a_limit(value: int | None, before: int | None, most: int | None, state: GuardrailState) -> None:
    numbers = [None if each is None else Decimal(each) for each in (value, before, most)]
    assert find_state(*numbers) is state


def test_a_sum_names_the_largest_first_and_holds_back_only_what_adds() -> None:
    found = judge_sum(LIMIT, [subject("a", 0, 5), subject("b", 9, 8), subject("c", 0, 7)], Decimal(10))
    assert (found.value, found.before) == (Decimal(20), Decimal(9))
    assert found.trades == ("b", "c", "a")
    assert found.holds == ("c", "a")


def test_a_sum_with_an_unknown_part_is_unknown_and_holds_back_nothing_if_nothing_can_add() -> None:
    found = judge_sum(LIMIT, [subject("a", None, None, can_raise=False)], Decimal(10))
    assert (found.state, found.holds, found.is_breach) == (GuardrailState.UNKNOWN, (), False)


def test_the_worst_is_the_worst_that_the_plan_raises() -> None:
    untouched, raised = subject("a", 90, 90, can_raise=False), subject("b", 0, 60)
    found = judge_worst(LIMIT, [untouched, raised], Decimal(50))
    assert (found.value, found.scope, found.holds, found.state) == (Decimal(60), "b", ("b",), GuardrailState.OVER)
    found = judge_worst(LIMIT, [untouched], Decimal(50))
    assert (found.value, found.state, found.is_breach) == (Decimal(90), GuardrailState.OVER_BEFORE, False)


def test_a_least_value_is_passed_from_below() -> None:
    found = judge_worst(LIMIT, [subject("a", 3, 1), subject("b", 0, 5)], Decimal(2), is_least=True)
    assert (found.value, found.limit, found.is_least, found.holds) == (Decimal(1), Decimal(2), True, ("a",))
    assert found.state is GuardrailState.OVER
    at_limit = judge_worst(LIMIT, [subject("a", None, 2)], Decimal(2), is_least=True)
    assert at_limit.state is GuardrailState.AT_LIMIT


def test_a_value_that_was_not_known_before_either_holds_back_no_other_trade() -> None:
    unknown = subject("a", None, None, can_raise=False)
    found = judge_worst(LIMIT, [unknown, subject("b", 0, 40)], Decimal(50))
    assert (found.value, found.state, found.is_breach) == (None, GuardrailState.OVER_BEFORE, False)
    found = judge_worst(LIMIT, [unknown, subject("b", 0, 60)], Decimal(50))
    assert (found.value, found.holds, found.is_breach) == (Decimal(60), ("b",), True)
    found = judge_worst(LIMIT, [subject("a", None, None), subject("b", 0, 40)], Decimal(50))
    assert (found.state, found.holds, found.is_breach) == (GuardrailState.UNKNOWN, ("a",), True)
