"""The index of a plan: one line a trade, by danger, within the width of a terminal."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.live import Phase
from reconciler.model.operations import Action, Cause
from reconciler.model.plan import Blocked, Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import reason
from reconciler.model.risk import OperationRisk, WorkspaceRisk
from reconciler.model.specs import DesiredState
from reconciler.rendering.text.index import index_lines
from reconciler.rendering.text.lines import Screen
from reconciler.rendering.views.plan_view import view_plan
from tests.support import builders, planning
from tests.support.risks import trade_risk

OPEN = builders.live(phase=Phase.OPEN)
CREATE = planning.only(planning.plan([builders.spec(name="new")]))
WEAKER = planning.only(planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [OPEN]))
CLOSE = replace(planning.plan([builders.spec(state=DesiredState.CLOSED)], [OPEN]).operations[0], trade="old")
LOST = Notice(kind=NoticeKind.LOSS, trade="eth", live_id=9, reason=reason(NoticeReason.STOP_GONE))
BLOCKED = Blocked(trade="ada", live_id=3, reason=reason(BlockReason.PARTLY_FILLED), hint=reason(BlockHint.PLAN_LATER))


def index(plan: Plan, width: int = 80, *, is_whole: bool = False) -> list[str]:
    return list(index_lines(view_plan(plan), Screen(width=width), is_whole=is_whole))


def at_risk(plan: Plan, *risks: OperationRisk) -> Plan:
    return replace(plan, risk=WorkspaceRisk(operations=risks))


def test_trades_come_by_danger_and_blocked_ones_last() -> None:
    plan = builders.plan([WEAKER, CREATE, CLOSE], notices=[LOST], blocked=[BLOCKED], unchanged=3)
    risks = (
        OperationRisk(trade="btc-dip", before=trade_risk(loss_at_stop="16"), after=trade_risk(loss_at_stop="31.5")),
        OperationRisk(trade="new", after=trade_risk(has_stop=False)),
        OperationRisk(trade="old", before=trade_risk(loss_at_stop="16")),
    )
    assert index(at_risk(plan, *risks)) == [
        "     TRADE    EFFECT      WHAT",
        "  -  old      executes    sells 0.01 BTC at market, about 609.99 USDT, result",
        "                          about 9.99 USDT",
        "  !  eth      LOSS        the position is open and its stop is gone",
        "  ~  btc-dip  unprotects  stop at 57,000 instead of 58,500; loss 16.00 -> 31.50",
        "  +  new      commits     buys 0.01 BTC at 60,000; no stop",
        "  x  ada      blocked     the entry is partly filled",
        "     3 trades unchanged",
    ]


def test_a_narrow_screen_has_the_change_on_a_second_line_and_a_wide_one_more_columns() -> None:
    risk = OperationRisk(trade="btc-dip", before=trade_risk(loss_at_stop="16"), after=trade_risk(loss_at_stop="31.5"))
    plan = at_risk(builders.plan([WEAKER, CREATE]), risk)
    assert index(plan, 60)[1:4] == [
        "  ~  btc-dip  unprotects",
        "        stop at 57,000 instead of 58,500; loss 16.00 ->",
        "        31.50",
    ]
    assert index(plan, 120)[:2] == [
        "     TRADE    EFFECT      PAIR             LOSS AT STOP  R/R  WHAT",
        "  ~  btc-dip  unprotects  USDT_BTC  16.00 -> 31.50 USDT       stop at 57,000 instead of 58,500",
    ]


def test_one_line_is_left_to_the_change_itself_unless_no_changes_follow() -> None:
    assert index(builders.plan([CREATE])) == []
    assert len(index(builders.plan([CREATE]), is_whole=True)) == 2


def test_of_many_harmless_rows_some_are_shown_and_the_rest_is_counted_with_its_money() -> None:
    operations = [replace(CREATE, trade=f"t{number:04}") for number in range(150)]
    risks = [OperationRisk(trade=each.trade, after=trade_risk(notional="600")) for each in operations]
    plan = at_risk(builders.plan(operations), *risks)
    (*_, last) = index(plan)
    assert len(index(plan)) == 102
    assert last == "     and 50 more: 50 creates; they bind 30,000.00 USDT"
    assert len(index(plan, is_whole=True)) == 151


def test_an_unknown_loss_is_said_and_an_edit_is_marked() -> None:
    edited = replace(WEAKER, cause=Cause.DRIFT)
    unknown = OperationRisk(trade="btc-dip", before=trade_risk(loss_at_stop="5"), after=trade_risk())
    same = OperationRisk(trade="new", before=trade_risk(loss_at_stop="5"), after=trade_risk(loss_at_stop="5"))
    (_, first, second) = index(at_risk(builders.plan([edited, CREATE]), unknown, same), 100)
    assert first.endswith("DRIFT: stop at 57,000 instead of 58,500; loss at stop not known")
    assert second.endswith("buys 0.01 BTC at 60,000")


def test_several_operations_of_a_trade_are_one_line() -> None:
    (_, _, _, second) = index(builders.plan([CLOSE, WEAKER, replace(WEAKER, action=Action.CANCEL_STEP)]))
    assert "  2 changes: stop at 57,000 instead of" in second


def test_long_names_and_sentences_stay_within_a_terminal() -> None:
    operations = [replace(each, trade=f"{'long-name-' * 9}{place}") for place, each in enumerate([CREATE, WEAKER])]
    for width in (60, 80, 120):
        assert all(len(line) <= width for line in index(builders.plan(operations), width))
