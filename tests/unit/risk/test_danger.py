"""The order in which a reviewer sees what a plan does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.averaging import AveragingOrder
from reconciler.model.danger import Danger
from reconciler.model.fires import AVERAGING_FIRES
from reconciler.model.live import Phase
from reconciler.model.markets import Market, MarketKind
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.plan import Blocked, Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import reason
from reconciler.model.risk import OperationRisk, WorkspaceRisk
from reconciler.model.specs import DesiredState
from reconciler.model.terms import Leverage, LeverageType
from reconciler.risk.danger import count_dangerous, find_loss_growth, group_by_danger, rank_danger, sort_blocked
from tests.support import builders, planning
from tests.support.risks import trade_risk

OPEN = builders.live(phase=Phase.OPEN)
FACTOR = Leverage(type=LeverageType.ISOLATED, value=Decimal(3))


def planned(spec: object, *lives: object) -> Operation:
    """The first operation that a trade needs."""
    return planning.plan([spec] if spec else [], lives).operations[0]  # type: ignore[list-item,arg-type]


CREATE = planned(builders.spec())
UPDATE = planned(builders.spec(builders.terms(stop_loss=builders.stop(57000))), OPEN)
ADD = replace(
    UPDATE,
    action=Action.ADD_FUNDS,
    effect=Effect.COMMITS,
    after=None,
    averaging=AveragingOrder(price=Decimal(59000), units=Decimal("0.01")),
)
LEVERAGED = builders.terms(leverage=FACTOR)
RANKS = [
    ("a close", planned(builders.spec(state=DesiredState.CLOSED), OPEN), Danger.CLOSES),
    ("a stop that fires", planned(builders.spec(builders.terms(stop_loss=builders.stop(62000))), OPEN), Danger.CLOSES),
    (
        "a step that closes a part",
        planned(builders.spec(builders.terms(steps=[builders.step(50000, 50), builders.step(66000, 50)])), OPEN),
        Danger.CLOSES,
    ),
    (
        "a stop that is not active",
        planned(builders.spec(), builders.live(phase=Phase.OPEN, stop_status="failed")),
        Danger.LOSS,
    ),
    ("a weaker stop", UPDATE, Danger.UNPROTECTS),
    (
        "an entry at market",
        planned(builders.spec(builders.terms(entered_by=builders.entry(None)))),
        Danger.ENTERS_NOW,
    ),
    (
        "a limit entry that the price has reached",
        planned(builders.spec(builders.terms(entered_by=builders.entry(62000)))),
        Danger.ENTERS_NOW,
    ),
    ("an opening with leverage", planned(builders.spec(LEVERAGED)), Danger.OPENS_LEVERAGED),
    (
        "an opening with leverage that a spot pair ignores",
        replace(CREATE, after=LEVERAGED.on(Market(kind=MarketKind.SPOT))),
        Danger.OPENS,
    ),
    (
        "a replacement",
        planned(builders.spec(builders.terms(entered_by=builders.entry(trigger=61500))), builders.live()),
        Danger.REPLACES,
    ),
    ("an opening", CREATE, Danger.OPENS),
    ("an averaging order that waits", ADD, Danger.AVERAGES),
    ("an averaging order that executes at once", replace(ADD, fires=(AVERAGING_FIRES,)), Danger.ENTERS_NOW),
    ("an edit that is put back", replace(UPDATE, cause=Cause.DRIFT, effect=Effect.PROTECTS), Danger.REPRICES),
    ("another step", replace(UPDATE, effect=Effect.REPRICES), Danger.REPRICES),
    ("a nearer stop", replace(UPDATE, effect=Effect.PROTECTS), Danger.PROTECTS),
    ("a cancel", planned(builders.spec(state=DesiredState.CLOSED), builders.live()), Danger.FREES),
    ("a note", planned(builders.spec(note="new words"), OPEN), Danger.LABELS),
]


@pytest.mark.parametrize(("operation", "rank"), [each[1:] for each in RANKS], ids=[each[0] for each in RANKS])
def test_an_operation_has_the_rank_of_the_most_dangerous_thing_that_it_does(operation: Operation, rank: Danger) -> None:
    assert rank_danger(operation) is rank


def test_the_ranks_that_are_called_dangerous_end_with_leverage() -> None:
    assert [rank for rank in Danger if rank.is_high] == [Danger(number) for number in range(1, 6)]


def test_what_unprotects_beside_something_else_ranks_as_that() -> None:
    assert rank_danger(replace(UPDATE, effect=Effect.REPRICES, side_effects=(Effect.UNPROTECTS,))) is Danger.UNPROTECTS


def test_blocked_trades_that_are_live_come_first() -> None:
    ids = {"b": None, "a": None, "d": 2, "c": 3}
    blocked = [
        Blocked(
            trade=name, live_id=live_id, reason=reason(BlockReason.PARTLY_FILLED), hint=reason(BlockHint.PLAN_LATER)
        )
        for name, live_id in ids.items()
    ]
    assert [each.trade for each in sort_blocked(blocked)] == ["c", "d", "a", "b"]


def test_trades_come_by_rank_then_by_what_more_can_be_lost_then_by_name() -> None:
    risks = {"a": "10", "b": "30", "c": "30", "d": None}
    plan = replace(
        builders.plan([*(replace(CREATE, trade=name) for name in risks), replace(UPDATE, trade="z")]),
        risk=WorkspaceRisk(
            operations=(
                *(OperationRisk(trade=name, after=trade_risk(loss_at_stop=loss)) for name, loss in risks.items()),
                OperationRisk(trade="z"),
            )
        ),
    )
    groups = group_by_danger(plan)
    assert [group.trade for group in groups] == ["z", "d", "b", "c", "a"]
    assert [group.danger for group in groups][:2] == [Danger.UNPROTECTS, Danger.OPENS]
    assert groups[1].risks[0].trade == "d"


def test_all_operations_of_a_trade_stand_together_in_the_order_in_which_they_are_carried_out() -> None:
    plan = builders.plan([UPDATE, replace(CREATE, trade="new"), ADD])
    (first, second) = group_by_danger(plan)
    assert (first.trade, [each.action for each in first.operations]) == ("btc-dip", [Action.UPDATE, Action.ADD_FUNDS])
    assert len(first.risks) == 2
    assert second.trade == "new"


def test_the_growth_of_a_loss_is_known_only_if_both_sides_are() -> None:
    assert find_loss_growth(OperationRisk(trade="a", after=trade_risk(loss_at_stop="5"))) == 5
    assert find_loss_growth(OperationRisk(trade="a", before=trade_risk(loss_at_stop="5"))) == -5
    assert find_loss_growth(OperationRisk(trade="a", before=trade_risk(), after=trade_risk(loss_at_stop="5"))) is None


def test_a_trade_with_a_lost_stop_counts_as_dangerous_once() -> None:
    lost = Notice(kind=NoticeKind.LOSS, trade="eth", live_id=9, reason=reason(NoticeReason.STOP_GONE))
    assert count_dangerous(builders.plan([UPDATE, CREATE], notices=[lost, lost])) == 2
    assert count_dangerous(builders.plan([UPDATE], notices=[replace(lost, trade="btc-dip")])) == 1
    assert count_dangerous(builders.plan([CREATE])) == 0
