from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.matching.sighting import Illegible
from reconciler.model.guardrails import GuardrailState
from reconciler.model.lifecycle import Ignored, Lifecycle, Prevented
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.operations import FieldChange
from reconciler.model.plan import Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.problems import Problem, Severity
from reconciler.model.reasons import reason
from reconciler.model.review import ConfigChange
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Leverage, LeverageType, OrderType, Side
from reconciler.planning.decisions import Decision
from reconciler.planning.previous_generation import show_previous
from reconciler.rendering.plan_text import describe_operation, render_plan
from reconciler.rendering.style import Style, printable
from reconciler.rendering.unmanaged_text import describe_unmanaged
from reconciler.rendering.views.plan_view import summarize
from tests.support import builders, planning
from tests.support.golden_files import check_golden
from tests.support.guardrails import judge


def case(specs: Sequence[TradeSpec], lives: Sequence[LiveTrade] = (), ended: Sequence[LiveTrade] = ()) -> Plan:
    return as_plan(planning.plan(specs, lives, ended=ended), unchanged=0)


def as_plan(draft: Decision, *, unchanged: int) -> Plan:
    return builders.plan(
        draft.operations,
        blocked=draft.blocked,
        notices=draft.notices,
        guardrails=judge(draft.operations),
        unchanged=unchanged,
    )


RICH = builders.terms(
    entered_by=builders.entry("61000", trigger="61500", side=Side.BUY),
    leverage=Leverage(type=LeverageType.ISOLATED, value=Decimal(3)),
    steps=[builders.step(63000, "33.5"), builders.step(66000, "66.5", order_type=OrderType.MARKET, trailing="1.5")],
    stop_loss=builders.stop(58500, limit=58400, timeout=30, breakeven=True),
)
TRAILING = builders.terms(
    entered_by=builders.entry(None, trigger=60000, trailing=2),
    steps=[builders.step(None, 100, percent="7.5")],
    stop_loss=builders.stop(None, percent=3, trailing="2.5"),
)
OPEN = builders.live(phase=Phase.OPEN)
UNREADABLE = reason(OpeningReason.ENTITY_UNREADABLE, problem="an entry of the list is not an object")


CASES = {
    "nothing": as_plan(Decision(), unchanged=1),
    "create-limit": case([builders.spec(note="weekly retest")]),
    "create-conditional": case([builders.spec(RICH)]),
    "create-trailing": case([builders.spec(TRAILING)]),
    "create-market": case([builders.spec(builders.terms(entered_by=builders.entry(None), stop_loss=None))]),
    "create-own-funds": case([builders.spec(builders.terms(is_own_funds=True, steps=()))]),
    "create-instant": case([builders.spec(builders.terms(is_instant=True))]),
    "moved": case([replace(builders.spec(name="btc-retest"), former_names=("btc-dip",))], [OPEN]),
    "moved-and-updated": case(
        [
            replace(
                builders.spec(builders.terms(stop_loss=builders.stop(59000)), name="btc-retest"),
                former_names=("btc-dip",),
            )
        ],
        [OPEN],
    ),
    "prevented": case(
        [
            replace(
                builders.spec(builders.terms(stop_loss=builders.stop(57000))),
                lifecycle=Lifecycle(prevent=frozenset({Prevented.UNPROTECTS})),
            )
        ],
        [OPEN],
    ),
    "ignored": case(
        [
            replace(
                builders.spec(builders.terms(stop_loss=builders.stop(57000, timeout=60))),
                lifecycle=Lifecycle(ignored=frozenset({Ignored.STOP_LOSS, Ignored.NOTE})),
            )
        ],
        [OPEN],
    ),
    "create-fires": case(
        [builders.spec(builders.terms(entered_by=builders.entry(62000), stop_loss=builders.stop(61500)))]
    ),
    "create-leverage-by-api": case(
        [builders.spec(builders.terms(leverage=Leverage(type=LeverageType.CROSS, value=None)))]
    ),
    "update-entering": case([builders.spec(RICH)], [builders.live(builders.spec(replace(RICH, leverage=None)))]),
    "update-weaker-stop": case([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [OPEN]),
    "update-stop-fires": case([builders.spec(builders.terms(stop_loss=builders.stop(62000)))], [OPEN]),
    "update-drift": case([builders.spec()], [builders.live(shown=builders.terms(stop_loss=None))]),
    "update-file-and-drift": case(
        [builders.spec(builders.terms(entered_by=builders.entry(59000)))],
        [builders.live(shown=builders.terms(stop_loss=None))],
    ),
    "rearm": case([builders.spec()], [builders.live(phase=Phase.OPEN, stop_status="failed")]),
    "cancel-step": case(
        [builders.spec(builders.terms(steps=builders.STEPS[:1], stop_loss=builders.stop(59000)), unallocated=50)],
        [OPEN],
    ),
    "replace": case([builders.spec(builders.terms(entered_by=builders.entry(trigger=61500)))], [builders.live()]),
    "close": case([builders.spec(state=DesiredState.CLOSED)], [OPEN]),
    "cancel": case([builders.spec(state=DesiredState.CLOSED)], [builders.live()]),
    "abandon": case([builders.spec(state=DesiredState.ABANDONED)], [OPEN]),
    "release": case([builders.spec(state=DesiredState.RELEASED, note="mine now")], [OPEN]),
    "omission": case([], [builders.live()]),
    "set-note": case([builders.spec(note="new words")], [OPEN]),
    "blocked": case([builders.spec(builders.terms(entered_by=builders.entry(59000), stop_loss=None))], [OPEN]),
    "notices": as_plan(
        planning.plan(
            [builders.spec(), builders.spec(name="eth"), builders.spec(name="sol")],
            [builders.live(phase=Phase.BUSY)],
            ended=[
                builders.live(builders.spec(name="eth"), Phase.ENDED, id=8),
                builders.live(
                    builders.spec(name="sol"), Phase.ENDED, id=9, status="failed", error="no funds", entered=0
                ),
            ],
            unreadable=[Illegible(live_id=None, name=None, reason=UNREADABLE)],
        ),
        unchanged=1,
    ),
    "omissions-over-the-limit": case(
        [],
        [builders.live(builders.spec(name=f"t{place}"), id=place) for place in range(1, 7)],
    ),
}


WRONG_SIDE = builders.terms(stop_loss=builders.stop(61500))
WARNING = Problem(
    file="plan.yaml",
    line=10,
    column=58,
    path="trades.btc-dip.stop_loss.conditional.price",
    message="found the stop at 61500, at or above the entry at 60000: in this long trade it would fire at once",
    severity=Severity.WARNING,
)
CASES |= {
    "create-closes-after-entry": replace(case([builders.spec(WRONG_SIDE)]), warnings=(WARNING,)),
    "update-steps-close": case([builders.spec(builders.terms(steps=[builders.step(50000, 100)]))], [OPEN]),
    "update-partial-close": case(
        [builders.spec(builders.terms(steps=[builders.step(50000, 50), builders.step(66000, 50)], stop_loss=None))],
        [OPEN],
    ),
    "update-trailing-step": case(
        [builders.spec(builders.terms(steps=[builders.step(60000, 100, order_type=OrderType.MARKET, trailing=1)]))],
        [OPEN],
    ),
    "update-leverage": case(
        [builders.spec(builders.terms(leverage=Leverage(type=LeverageType.ISOLATED, value=Decimal(100))))],
        [
            builders.live(
                builders.spec(builders.terms(leverage=Leverage(type=LeverageType.ISOLATED, value=Decimal(2)))),
                Phase.OPEN,
            )
        ],
    ),
    "rules-changed": replace(
        case([builders.spec(state=DesiredState.CLOSED)], [OPEN]),
        guardrails=judge(planning.plan([builders.spec(state=DesiredState.CLOSED)], [OPEN]).operations, {"closes": 50}),
        config_base="origin/main (0123abcd)",
        config_changes=(
            ConfigChange(path="guardrails.closes", before="0", after="50"),
            ConfigChange(path="foreign", before=None, after="[7]"),
            ConfigChange(path="trades.btc-dip.lifecycle.prevent", before="close", after=None),
        ),
    ),
}
RAISED = builders.spec(generation=2)
CASES["create-generation"] = as_plan(
    Decision(
        operations=show_previous(
            planning.plan([RAISED]).operations,
            {"btc-dip": builders.live(phase=Phase.ENDED, status="cancelled", entered="0.01")},
        )
    ),
    unchanged=0,
)


@pytest.mark.parametrize("name", CASES)
def test_a_plan_reads_as_it_did(name: str) -> None:
    check_golden(f"plan-{name}.txt", render_plan(CASES[name]))


@pytest.mark.parametrize("name", ["rearm", "abandon", "blocked", "replace", "update-stop-fires", "create-limit"])
def test_a_plan_in_colour_reads_as_it_did(name: str) -> None:
    check_golden(f"plan-{name}.ansi", render_plan(CASES[name], Style(is_on=True)))


def test_the_summary_line_has_the_form_that_tools_parse() -> None:
    assert summarize(CASES["replace"]) == "Plan: 1 to add, 0 to change, 1 to destroy."
    assert render_plan(CASES["nothing"]).count("No changes. 1 trade is up to date.") == 1


def test_long_work_is_told_in_minutes() -> None:
    plan = replace(CASES["create-limit"], requests_needed=300, seconds_needed=185.0)
    assert "apply needs about 300 (about 3 min)." in render_plan(plan)


def test_an_operation_has_one_line_for_progress() -> None:
    assert describe_operation(CASES["cancel-step"].operations[1]) == "btc-dip: cancel step"


NASTY = "\x1b[2J\x1b[31m\r\n\x9b1A\x07\u202e\u2028 all is well"


def poisoned(text: str) -> Plan:
    """A plan with a text from outside wherever one can stand."""
    plan = CASES["blocked"]
    change = FieldChange(path=text, live=text, wanted=text)
    said = reason(OpeningReason.ENTITY_UNREADABLE, problem=text)
    operations = [
        replace(
            each,
            trade=text,
            money=(said,),
            changes=(change,),
            after=each.after and replace(each.after, pair=f"{text}_{text}"),
        )
        for name in ("create-limit", "update-weaker-stop", "cancel-step", "set-note")
        for each in CASES[name].operations
    ]
    notice, passed = CASES["rearm"].notices[0], CASES["close"].guardrails[0]
    return replace(
        plan,
        context=builders.context(workspace=text, target=text, mode=text),
        operations=tuple(operations),
        blocked=(replace(plan.blocked[0], trade=text, reason=said, hint=said, changes=(change,)),),
        notices=(replace(notice, trade=text, reason=said),),
        guardrails=(
            replace(passed, trades=(text,), holds=(text, text), unit=text, scope=text, acknowledge=text),
            replace(passed, trades=(text,), limit=Decimal(2), state=GuardrailState.OK),
        ),
        warnings=(replace(WARNING, file=text, path=text, message=text),),
        config_base=text,
        config_changes=(ConfigChange(path=text, before=text, after=text),),
    )


def test_no_text_from_outside_reaches_the_terminal_as_it_is() -> None:
    rendered = render_plan(poisoned(NASTY))
    assert all(character == "\n" or character.isprintable() for character in rendered)
    assert rendered.count("\n") == render_plan(poisoned(printable(NASTY))).count("\n")
    assert "\\x1b[2J" in rendered
    assert describe_operation(poisoned(NASTY).operations[0]).isprintable()


@given(st.text(max_size=20))
def test_no_text_whatever_draws_or_breaks_a_line(text: str) -> None:
    rendered = render_plan(poisoned(text))
    assert all(character == "\n" or character.isprintable() for character in rendered)


def ended_notice(number: int, status: str) -> Notice:
    """The notice of a trade that has ended as it should."""
    found = reason(NoticeReason.ENDED, status=status)
    return Notice(kind=NoticeKind.ENDED, trade=f"t{number}", live_id=number, reason=found)


def test_many_trades_that_ended_are_counted_and_not_listed() -> None:
    ended = [ended_notice(number, "finished" if number else "stop_loss_finished") for number in range(7)]
    text = render_plan(builders.plan(notices=tuple(ended)))
    assert "ended: 7 trades (6 finished, 1 stopped out)" in text
    assert "#3" not in text
    assert "ended t3 #3: finished" in render_plan(builders.plan(notices=tuple(ended[2:5])))


def test_no_changes_is_said_only_where_nothing_waits_for_anybody() -> None:
    gone, busy = reason(NoticeReason.STOP_GONE), reason(NoticeReason.BUSY, status="busy")
    loss = Notice(kind=NoticeKind.LOSS, trade="a", live_id=1, reason=gone, needs_attention=True)
    waiting = Notice(kind=NoticeKind.BUSY, trade="b", live_id=2, reason=busy, needs_attention=True)
    unopened = Notice(kind=NoticeKind.NOT_OPENED, trade="c", live_id=3, reason=gone)
    nothing = CASES["nothing"]
    assert "\nNo changes to apply. 1 trade needs attention.\n" in render_plan(replace(nothing, notices=(loss, loss)))
    assert "\nNo changes to apply. 2 trades need attention.\n" in render_plan(replace(nothing, notices=(loss, waiting)))
    assert "\nNo changes to apply. 1 trade not opened.\n" in render_plan(replace(nothing, notices=(unopened,)))
    beside = render_plan(replace(CASES["create-limit"], notices=(waiting,), unmanaged=(7, 8)))
    assert "Plan: 1 to add, 0 to change, 0 to destroy.\n1 trade needs attention.\nNot managed: 2 live trades" in beside


def test_many_live_trades_that_nothing_manages_are_counted() -> None:
    assert describe_unmanaged(()) == ""
    assert describe_unmanaged((1, 2, 3, 4, 5)).endswith("5 live trades on accounts of this target: #1, #2, #3, #4, #5")
    assert describe_unmanaged(range(1, 9)).endswith(": #1, #2, #3, #4, #5 and 3 more")
