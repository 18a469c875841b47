"""What a plan makes of each trade."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.guardrails.trade_changes import commits, gather_facts, lowers_risk, may_raise_loss
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.risk import WorkspaceRisk
from tests.support.guardrails import ACCOUNTS, CREATE, LOOSEN, TIGHTEN, change, gather, judge_one, risk


@pytest.mark.parametrize(
    ("operation", "lowers", "binds", "loses"),
    [
        (CREATE, False, True, True),
        (TIGHTEN, True, False, False),
        (LOOSEN, False, False, True),
        (replace(TIGHTEN, action=Action.CLOSE, effect=Effect.EXECUTES), True, False, False),
        (replace(TIGHTEN, action=Action.CANCEL, effect=Effect.UNPROTECTS), True, False, False),
        (replace(TIGHTEN, action=Action.ADD_FUNDS, effect=Effect.COMMITS), False, True, True),
        (replace(TIGHTEN, side_effects=(Effect.UNPROTECTS,)), False, False, True),
    ],
)
def test_what_an_operation_can_do_to_risk(operation: Operation, lowers: bool, binds: bool, loses: bool) -> None:
    assert (lowers_risk(operation), commits(operation), may_raise_loss(operation)) == (lowers, binds, loses)


def test_several_operations_on_a_trade_are_one_change() -> None:
    facts = gather(
        change(TIGHTEN, risk(notional=5), risk(notional=4)), change(LOOSEN, risk(notional=4), risk(notional=7))
    )
    (found,) = facts.changes
    assert (found.amount_before("notional"), found.amount_after("notional")) == (Decimal(5), Decimal(7))
    assert found.operations == (TIGHTEN, LOOSEN)


def test_a_trade_that_is_not_there_is_zero_and_one_without_risk_is_unknown() -> None:
    (found,) = gather(change(CREATE, None, risk(notional=5))).changes
    assert (found.amount_before("notional"), found.currency, found.pair) == (Decimal(0), "USDT", "USDT_BTC")
    (unknown,) = gather_facts([CREATE], WorkspaceRisk(), ACCOUNTS).changes
    assert (unknown.amount_before("notional"), unknown.amount_after("notional"), unknown.currency) == (
        None,
        None,
        "USDT",
    )


def test_a_trade_that_moves_to_another_pair_leaves_the_first_and_is_new_in_the_second() -> None:
    before, after = risk(notional=100), risk(pair="USDT_ETH", notional=80)
    facts = gather(change(replace(CREATE, action=Action.REPLACE), before, after))
    assert [(each.pair, each.amount_before("notional"), each.amount_after("notional")) for each in facts.changes] == [
        ("USDT_BTC", Decimal(100), Decimal(0)),
        ("USDT_ETH", Decimal(0), Decimal(80)),
    ]
    assert judge_one(facts, {"notional_per_pair": {"USDT": 50}}, "notional_per_pair").holds == ("new",)
