"""Which result gets which exit code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from reconciler import errors
from reconciler.cli.exit_codes import (
    ExitCode,
    FailOn,
    decide_drift,
    decide_empty,
    decide_error,
    decide_plan,
    decide_problems,
    decide_refused,
    decide_run,
    has_open_ends,
)
from reconciler.model.guardrails import Guardrail, GuardrailState
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.plan import Blocked, Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.problems import Problem, Severity
from reconciler.model.reasons import Reason, reason
from tests.support.world import World, trade

PROBLEM = Problem(file="a.yaml", line=1, column=1, path="trades", message="wrong", severity=Severity.ERROR)


@dataclass(frozen=True)
class _Ended:
    kind: OutcomeKind
    reason: Reason | None = None


@dataclass
class _Result:
    outcomes: list[_Ended] = field(default_factory=list)
    error: errors.ReconcilerError | None = None
    was_interrupted: bool = False


def _run(*kinds: OutcomeKind, error: errors.ReconcilerError | None = None, was_interrupted: bool = False) -> _Result:
    return _Result([_Ended(kind) for kind in kinds], error, was_interrupted)


def _hold(result: _Result, code: OutcomeReason) -> _Result:
    """Add an operation that was held back."""
    return replace(result, outcomes=[*result.outcomes, _Ended(OutcomeKind.NOT_STARTED, reason(code))])


APPLIED, STALE = OutcomeKind.APPLIED, OutcomeKind.STALE
FAILED, UNKNOWN = OutcomeKind.FAILED, OutcomeKind.INDETERMINATE


def test_an_error_has_the_code_of_its_nearest_class() -> None:
    assert decide_error(errors.JournalDamaged("damaged")) == 1
    assert decide_error(errors.StalePlanError("stale")) == 10
    assert decide_error(errors.SavedPlanError("damaged")) == 1
    assert decide_error(errors.AccessRefused("refused")) == 16
    assert decide_error(errors.NotFound("gone")) == 1


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (_run(APPLIED, APPLIED), 0),
        (_run(OutcomeKind.ALREADY_DONE), 0),
        (_run(APPLIED, FAILED), 13),
        (_run(APPLIED, STALE), 13),
        (_run(STALE, STALE), 10),
        (_run(STALE, FAILED), 1),
        (_run(APPLIED, UNKNOWN), 14),
        (_run(APPLIED, error=errors.JournalError("full")), 13),
        (_run(APPLIED, UNKNOWN, error=errors.AccessRefused("no")), 16),
        (_run(APPLIED, error=errors.RateLimited("slow", status=429)), 15),
        (_run(APPLIED, UNKNOWN, error=errors.Locked("taken")), 11),
        (_run(APPLIED, UNKNOWN, was_interrupted=True), 130),
    ],
)
def test_the_most_severe_code_of_a_run_is_returned(result: _Result, code: int) -> None:
    assert decide_run(result) == code


@pytest.mark.parametrize("code", [OutcomeReason.FROZEN_BEFORE, OutcomeReason.HELD_BACK])
def test_what_is_held_back_needs_a_person_and_is_no_part_that_went_wrong(code: OutcomeReason) -> None:
    assert decide_run(_hold(_run(APPLIED), code)) == 12
    assert decide_run(_hold(_run(), code)) == 12
    assert decide_run(_hold(_run(STALE), code)) == 12
    assert decide_run(_hold(_run(APPLIED, FAILED), code)) == 13
    assert decide_run(_hold(_run(UNKNOWN), code)) == 14


def test_a_freeze_in_the_middle_of_a_run_leaves_it_done_in_part() -> None:
    assert decide_run(_hold(_run(APPLIED), OutcomeReason.FROZEN)) == 13


def test_what_needs_a_person_or_is_not_settled_is_never_a_success() -> None:
    assert decide_run(_run(APPLIED), needs_person=True) == 12
    assert decide_run(_run(APPLIED), has_unsettled=True) == 14
    assert decide_run(_run(APPLIED, error=errors.Locked("taken")), has_unsettled=True) == 11


def test_a_plan_with_something_to_do_has_a_code_of_its_own_only_if_it_is_asked_for() -> None:
    with World() as world:
        plan = world.plan(trade())
        assert decide_plan(plan, is_detailed=False) == ExitCode.DONE
        assert decide_plan(plan, is_detailed=True) == ExitCode.FOUND
        world.apply(plan)
        unchanged = world.plan(trade())
        assert decide_plan(unchanged, is_detailed=True) == ExitCode.DONE
        assert decide_empty(unchanged, has_unsettled=False) == ExitCode.DONE
        assert decide_empty(unchanged, has_unsettled=True) == ExitCode.UNKNOWN


def test_each_level_of_failure_includes_those_before_it() -> None:
    with World() as world:
        plan = world.plan(trade())
    breach = Guardrail(name="creates", value=Decimal(2), limit=Decimal(1), state=GuardrailState.OVER)
    notice = Notice(
        kind=NoticeKind.LOSS,
        trade="btc-dip",
        live_id=7,
        reason=reason(NoticeReason.STOP_GONE),
        needs_attention=True,
    )
    hint = reason(BlockHint.PLAN_LATER)
    blocked = Blocked(trade="b", live_id=None, reason=reason(BlockReason.PAIR_UNKNOWN), hint=hint)
    plans = {
        FailOn.GUARDRAIL: replace(plan, guardrails=(breach,)),
        FailOn.BLOCKED: replace(plan, blocked=(blocked,)),
        FailOn.LOSS: replace(plan, notices=(notice,)),
        FailOn.CHANGES: plan,
    }
    levels = list(FailOn)
    for fault, each in plans.items():
        for level in levels:
            code = decide_plan(each, is_detailed=False, fail_on=level)
            if levels.index(level) < levels.index(fault):
                assert code == ExitCode.DONE, (fault, level)
            else:
                assert code == (ExitCode.FOUND if fault is FailOn.CHANGES else ExitCode.BLOCKED), (fault, level)


def test_a_created_trade_that_no_list_shows_needs_a_person() -> None:
    with World() as world:
        plan = world.plan(trade())
    done = Outcome(operation=plan.operations[0], kind=APPLIED, live_id=1)
    assert not has_open_ends(plan, [done])
    assert has_open_ends(plan, [replace(done, is_listed=False)])
    assert has_open_ends(plan, [replace(done, kind=OutcomeKind.FILLED_WHILE_CANCELLING)])


def test_problems_drift_and_refusals_have_their_codes() -> None:
    assert decide_problems([]) == decide_drift([]) == decide_refused([]) == ExitCode.DONE
    assert decide_problems([replace(PROBLEM, severity=Severity.WARNING)]) == ExitCode.DONE
    assert decide_problems([PROBLEM]) == ExitCode.FAILED
    assert decide_refused(["#1"]) == ExitCode.FAILED


def test_the_codes_are_the_documented_ones() -> None:
    assert sorted(ExitCode) == [0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 64, 70, 130]
