"""Trades that no file names."""

from __future__ import annotations

from reconciler.model.live import Phase
from reconciler.model.operations import Action, Cause
from reconciler.model.plan import NoticeKind
from reconciler.model.problems import Doubt
from reconciler.planning.decisions import Decision
from reconciler.planning.orphans import plan_orphans
from reconciler.rendering.reasons import describe
from tests.support import builders

DOUBT = Doubt(file="plans/b.yaml", reason="is not checked out", remedy="check it out")


def blocked(decision: Decision) -> tuple[str, str]:
    """Why nothing is done, and what the user can do."""
    (found,) = decision.blocked
    assert decision.operations == ()
    return describe(found.reason), describe(found.hint)


def test_a_waiting_entry_is_cancelled() -> None:
    (decision,) = plan_orphans([builders.live()], [])

    (cancel,) = decision.operations
    assert (cancel.action, cancel.cause) == (Action.CANCEL, Cause.OMISSION)


def test_a_position_is_never_touched() -> None:
    (decision,) = plan_orphans([builders.live(phase=Phase.OPEN)], [])

    why, hint = blocked(decision)
    assert why == "it is no longer in any file and its position is open"
    assert "`state: closed`" in hint


def test_nothing_is_cancelled_while_files_may_be_missing() -> None:
    (decision,) = plan_orphans([builders.live()], [DOUBT])

    why, hint = blocked(decision)
    assert why.endswith("plan files may be missing: plans/b.yaml is not checked out")
    assert hint.startswith("check it out; to end the trade itself")


def test_two_trades_of_one_name_are_left_unchanged() -> None:
    (decision,) = plan_orphans([builders.live(id=7), builders.live(id=8)], [])

    assert blocked(decision)[0] == "#7 and #8 both carry this name"


def test_a_busy_trade_is_only_reported() -> None:
    (decision,) = plan_orphans([builders.live(phase=Phase.BUSY)], [])

    assert [notice.kind for notice in decision.notices] == [NoticeKind.BUSY]
    assert decision.is_empty
