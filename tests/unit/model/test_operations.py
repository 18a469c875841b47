"""What an operation means for a reviewer follows from what it does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.consequences import Closing, Moment
from reconciler.model.operations import (
    BY_HAND_ACTIONS,
    Action,
    Cause,
    Effect,
    FieldChange,
    Operation,
    Precondition,
)
from reconciler.model.terms import Side
from tests.support.builders import terms

LIVE = Precondition(live_id=7, status="waiting_targets", note="", terms=terms(), finished_steps=0)
UPDATE = Operation(
    action=Action.UPDATE,
    trade="btc-dip",
    generation=1,
    cause=Cause.FILE,
    effect=Effect.PROTECTS,
    money=(),
    precondition=LIVE,
)


def close(share_pct: int, moment: Moment = Moment.NOW) -> Closing:
    return Closing(
        moment=moment,
        parts=(),
        side=Side.SELL,
        share_pct=Decimal(share_pct),
        units=Decimal(1),
        price=None,
        result=None,
    )


@pytest.mark.parametrize(
    ("operation", "closes", "destroys"),
    [
        (UPDATE, False, False),
        (replace(UPDATE, closing=close(100)), True, True),
        (replace(UPDATE, closing=close(95)), True, False),
        (replace(UPDATE, closing=close(50)), False, False),
        (replace(UPDATE, closing=close(100, Moment.AFTER_ENTRY)), True, False),
        (replace(UPDATE, action=Action.CLOSE), True, True),
        (replace(UPDATE, action=Action.CANCEL), False, True),
        (replace(UPDATE, action=Action.REPLACE), False, True),
        (replace(UPDATE, action=Action.CREATE, precondition=None), False, False),
    ],
)
def test_it_closes_and_destroys_by_what_follows_from_it(operation: Operation, *, closes: bool, destroys: bool) -> None:
    assert (operation.closes, operation.destroys) == (closes, destroys)


def test_only_a_create_and_a_replace_need_a_proof_of_absence() -> None:
    opening = {action for action in Action if replace(UPDATE, action=action).opens}
    assert opening == {Action.CREATE, Action.REPLACE}


def test_what_executes_counts_whether_it_is_the_main_effect_or_not() -> None:
    assert not UPDATE.executes
    assert replace(UPDATE, side_effects=(Effect.EXECUTES,)).executes
    assert replace(UPDATE, action=Action.CLOSE).executes


def test_id_pair_and_names_are_those_of_the_trade() -> None:
    assert (UPDATE.live_id, UPDATE.pair) == (7, "USDT_BTC")
    assert replace(UPDATE, after=terms(pair="USDT_ETH")).pair == "USDT_ETH"
    assert replace(UPDATE, former_names=("a",)).names == ("btc-dip", "a")
    assert replace(UPDATE, precondition=None).pair == ""


def test_a_trade_without_a_generation_is_not_of_this_workspace() -> None:
    assert UPDATE.is_ours
    assert not replace(UPDATE, generation=0).is_ours


def test_actions_by_hand_are_never_part_of_a_plan() -> None:
    assert {Action.CREATE, Action.UPDATE, Action.REPLACE, Action.CANCEL, Action.CLOSE}.isdisjoint(BY_HAND_ACTIONS)


def test_only_the_status_of_the_stop_is_a_rearming() -> None:
    assert FieldChange(path="stop_loss.status", live="idle", wanted="armed").is_rearming
    assert not FieldChange(path="stop_loss.order_type", live="market", wanted="limit").is_rearming
