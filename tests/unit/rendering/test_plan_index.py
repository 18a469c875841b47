"""The index of a plan: one line a trade, by danger, within the width of a terminal."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.live import Phase
from reconciler.model.operations import Action, Cause, Operation
from reconciler.model.plan import Blocked, Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import reason
from reconciler.model.risk import OperationRisk, WorkspaceRisk
from reconciler.model.specs import DesiredState
from reconciler.rendering.plan_index import describe_dangerous, find_symbol, index_lines
from reconciler.rendering.style import Style
from tests.support import builders, planning
from tests.support.risks import trade_risk

OPEN = builders.live(phase=Phase.OPEN)
CREATE = planning.only(planning.plan([builders.spec(name="new")]))
WEAKER = planning.only(planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [OPEN]))
CLOSE = replace(planning.plan([builders.spec(state=DesiredState.CLOSED)], [OPEN]).operations[0], trade="old")
LOST = Notice(kind=NoticeKind.LOSS, trade="eth", live_id=9, reason=reason(NoticeReason.STOP_GONE))
BLOCKED = Blocked(trade="ada", live_id=3, reason=reason(BlockReason.PARTLY_FILLED), hint=reason(BlockHint.PLAN_LATER))


def index(plan: Plan) -> list[str]:
    return list(index_lines(plan, Style()))


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
        "     TRADE    EFFECT      LOSS AT STOP  WHAT",
        "  -  old      executes     -16.00 USDT  sells 0.01 BTC at market, about 609.99 …",
        "  !  eth      LOSS                      the position is open and its stop is go…",
        "  ~  btc-dip  unprotects   +15.50 USDT  stop at 57000 instead of 58500",
        "  +  new      commits          no stop  buys 0.01 BTC at 60000",
        "  x  ada      blocked                   the entry is partly filled",
        "     3 trades unchanged",
    ]


def test_dangerous_trades_are_named_the_most_dangerous_first_and_many_are_counted() -> None:
    assert describe_dangerous(builders.plan([WEAKER, CREATE, CLOSE])) == (
        "Dangerous: old (executes), btc-dip (unprotects)."
    )
    assert describe_dangerous(builders.plan([CREATE])) == ""
    many = [replace(CLOSE, trade=f"old-{number}") for number in range(7)]
    assert describe_dangerous(builders.plan(many)).endswith("old-4 (executes) and 2 more.")


def test_one_line_is_left_to_the_change_itself() -> None:
    assert index(builders.plan([CREATE])) == []


def test_an_unknown_loss_is_said_and_an_edit_is_marked() -> None:
    edited = replace(WEAKER, cause=Cause.DRIFT)
    unknown = OperationRisk(trade="btc-dip", before=trade_risk(loss_at_stop="5"), after=trade_risk())
    same = OperationRisk(trade="new", before=trade_risk(loss_at_stop="5"), after=trade_risk(loss_at_stop="5"))
    (_, first, second) = index(at_risk(builders.plan([edited, CREATE]), unknown, same))
    assert "not known  DRIFT: stop at 57000" in first
    assert " =  buys 0.01" in second


def test_several_operations_of_a_trade_are_one_line() -> None:
    (_, _, second) = index(builders.plan([CLOSE, WEAKER, replace(WEAKER, action=Action.CANCEL_STEP)]))
    assert "  2 changes: stop at 57000 instead of" in second


def test_long_names_and_sentences_stay_within_a_terminal() -> None:
    operations = [replace(each, trade=f"{'long-name-' * 9}{place}") for place, each in enumerate([CREATE, WEAKER])]
    assert all(len(line) <= 80 for line in index(builders.plan(operations)))


def test_the_sign_of_an_update_that_closes_is_that_of_an_end() -> None:
    def sign(operation: Operation) -> str:
        return find_symbol(operation)

    fired = planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(62000)))], [OPEN]).operations[0]
    assert [sign(each) for each in (CREATE, WEAKER, CLOSE, fired)] == ["+", "~", "-", "-"]
