"""Decisions and what is taken out of them."""

from __future__ import annotations

from reconciler.matching.opening import Obstacle
from reconciler.model.live import Phase
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.plan_reasons import BlockHint, BlockReason
from reconciler.model.reasons import reason
from reconciler.planning.decisions import PLAN_LATER, Decision, block, leave_misfits, leave_obstructed
from reconciler.rendering.reasons import describe
from tests.support import builders, planning

UPDATE = planning.only(
    planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [builders.live(phase=Phase.OPEN)])
)
CREATE = planning.only(planning.plan([builders.spec(name="new")]))
BOTH = Decision(operations=(UPDATE, CREATE))


def test_a_block_names_the_trade_why_and_what_to_do() -> None:
    (blocked,) = block(builders.spec(), builders.live(), reason(BlockReason.PARTLY_FILLED), PLAN_LATER).blocked

    assert (blocked.trade, blocked.live_id) == ("btc-dip", 7)
    assert (describe(blocked.reason), describe(blocked.hint)) == ("the entry is partly filled", "plan again later")


def test_a_trade_that_may_not_be_opened_again_is_blocked_and_the_rest_stays() -> None:
    obstacle = Obstacle(
        live_id=9, reason=reason(OpeningReason.UNPROVEN, doubt="a list was cut"), hint=reason(BlockHint.PLAN_LATER)
    )

    left = leave_obstructed(BOTH, {"new": obstacle})

    assert left.operations == (UPDATE,)
    assert [(each.trade, each.live_id, each.reason) for each in left.blocked] == [("new", None, obstacle.reason)]


def test_a_trade_with_the_marker_of_another_one_is_blocked_with_its_changes() -> None:
    misfit = reason(OpeningReason.MARKER_DAMAGED)

    left = leave_misfits(BOTH, {"btc-dip": misfit})

    (blocked,) = left.blocked
    assert left.operations == (CREATE,)
    assert (blocked.live_id, blocked.reason, blocked.changes) == (7, misfit, UPDATE.changes)
    assert "repair both notes" in describe(blocked.hint)
