from __future__ import annotations

from dataclasses import replace

from reconciler.matching.sighting import index_active
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action
from reconciler.model.plan_reasons import BlockReason, NoticeReason
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.unreadable import Part, Unreadable
from reconciler.planning.unreadable import notice_unreadable, plan_unreadable
from tests.support.builders import WORKSPACE, live, spec

STOP = Unreadable(part=Part.STOP, field="stop_loss", problem="stop_loss.enabled is missing")
FILLS = Unreadable(part=Part.FILLS, field="data.entered_amount", problem="data.entered_amount is missing")


def shown(phase: Phase, *unreadable: Unreadable) -> LiveTrade:
    return replace(live(phase=phase), unreadable=unreadable)


def stating(state: DesiredState) -> TradeSpec:
    return replace(spec(), state=state)


def test_a_trade_that_cannot_be_read_in_part_is_not_changed_and_the_field_is_named() -> None:
    decision = plan_unreadable(stating(DesiredState.OPEN), shown(Phase.OPEN, STOP), None)
    assert decision.operations == ()
    assert [each.reason.code for each in decision.blocked] == [BlockReason.UNREADABLE]
    assert dict(decision.blocked[0].reason.values)["problem"] == STOP.problem


def test_it_is_closed_cancelled_and_released_as_its_file_says() -> None:
    found = [
        plan_unreadable(stating(state), shown(Phase.OPEN, FILLS), None).operations[0].action
        for state in (DesiredState.CLOSED, DesiredState.ABANDONED, DesiredState.RELEASED)
    ]
    assert found == [Action.CLOSE, Action.CANCEL, Action.RELEASE]


def test_a_close_of_an_unknown_amount_says_so_and_makes_no_money_of_it() -> None:
    operation = plan_unreadable(stating(DesiredState.CLOSED), shown(Phase.OPEN, FILLS), None).operations[0]
    assert operation.closing is None
    assert [each.code for each in operation.money] == ["closes_unknown_amount"]


def test_what_certainly_waits_is_cancelled_instead_of_closed() -> None:
    waiting = plan_unreadable(stating(DesiredState.CLOSED), shown(Phase.ENTERING, STOP), None)
    assert [each.action for each in waiting.operations] == [Action.CANCEL]
    doubtful = plan_unreadable(stating(DesiredState.CLOSED), shown(Phase.ENTERING, FILLS), None)
    assert [each.reason.code for each in doubtful.blocked] == [BlockReason.CLOSE_NOT_OFFERED]


def test_each_field_has_a_notice() -> None:
    index = index_active([shown(Phase.OPEN, STOP, FILLS)], {WORKSPACE})
    found = list(notice_unreadable(index))
    assert [each.reason.code for each in found] == [NoticeReason.UNREADABLE, NoticeReason.UNREADABLE]
    assert {each.live_id for each in found} == {7}
