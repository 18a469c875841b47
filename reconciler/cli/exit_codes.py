"""The exit codes of the program, and which one a result gets; `main` adds those of usage, interrupt and bug."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Protocol

from reconciler.errors import (
    AccessRefused,
    AnswerLost,
    CommandRefused,
    GuardrailError,
    Interrupted,
    JournalError,
    Locked,
    RateLimited,
    ReconcilerError,
    StalePlanError,
    UsageError,
)

if TYPE_CHECKING:
    from reconciler.model.drift import Finding
    from reconciler.model.outcomes import Outcome, OutcomeKind
    from reconciler.model.plan import Plan
    from reconciler.model.problems import Problem
    from reconciler.model.reasons import Reason


class ExitCode(IntEnum):
    """Every exit code of the program; if several apply to a run, the highest is returned, but see `decide_run`."""

    # All went well.
    DONE = 0
    # An error, or an approval that was declined.
    FAILED = 1
    # `plan --detailed-exitcode` found something to do, `drift` found drift.
    FOUND = 2
    # `fmt --check` found a file with another layout.
    UNFORMATTED = 3
    # A saved plan, or what was approved, does not fit the live trades any more; nothing was sent.
    STALE = 10
    # Another run holds the lock.
    LOCKED = 11
    # A guardrail, a block or bad news needs a person.
    BLOCKED = 12
    # A part was done.
    PARTLY_DONE = 13
    # It is not known whether a request had an effect.
    UNKNOWN = 14
    # The API allows no more requests now.
    RATE_LIMITED = 15
    # The key, its permissions, the mode or the host is wrong.
    ACCESS_REFUSED = 16
    # The command line or the environment asks for something impossible. Source: sysexits.h, EX_USAGE.
    USAGE = 64
    # A bug of this program. Source: sysexits.h, EX_SOFTWARE.
    BUG = 70
    # Ctrl-C or a signal. Source: POSIX shells, 128 and the number of SIGINT.
    INTERRUPTED = 130


# The code of an error is that of its nearest class in this table.
_CODES: dict[type[ReconcilerError], ExitCode] = {
    ReconcilerError: ExitCode.FAILED,
    UsageError: ExitCode.USAGE,
    StalePlanError: ExitCode.STALE,
    GuardrailError: ExitCode.BLOCKED,
    CommandRefused: ExitCode.BLOCKED,
    Locked: ExitCode.LOCKED,
    AccessRefused: ExitCode.ACCESS_REFUSED,
    RateLimited: ExitCode.RATE_LIMITED,
    Interrupted: ExitCode.INTERRUPTED,
    AnswerLost: ExitCode.UNKNOWN,
}


class _Ended(Protocol):
    @property
    def kind(self) -> OutcomeKind: ...

    @property
    def reason(self) -> Reason | None: ...


class _Result(Protocol):
    """A run of operations or of commands."""

    @property
    def error(self) -> ReconcilerError | None: ...

    @property
    def was_interrupted(self) -> bool: ...

    @property
    def outcomes(self) -> Sequence[_Ended]: ...


def decide_error(error: ReconcilerError) -> ExitCode:
    """Return the exit code of a command that ended with an error."""
    return next(_CODES[kind] for kind in type(error).__mro__ if kind in _CODES)


def decide_problems(problems: Sequence[Problem]) -> ExitCode:
    """Return the exit code of a check of plan files."""
    from reconciler.model.problems import Severity

    has_errors = any(problem.severity is Severity.ERROR for problem in problems)
    return ExitCode.FAILED if has_errors else ExitCode.DONE


class FailOn(StrEnum):
    """What makes a plan fail; each one includes those before it.

    Attributes:
        ERROR: Only an error that leaves no plan.
        GUARDRAIL: The plan would be refused: by a guardrail, a freeze or a policy.
        BLOCKED: Something that the files ask for cannot be done.
        LOSS: Bad news that nothing in the plan ends.
        CHANGES: Something is to be done.
    """

    ERROR = "error"
    GUARDRAIL = "guardrail"
    BLOCKED = "blocked"
    LOSS = "loss"
    CHANGES = "changes"


def decide_plan(plan: Plan, *, is_detailed: bool, fail_on: FailOn = FailOn.ERROR) -> ExitCode:
    """Return the exit code of a command that only plans; the most severe one if several apply.

    Args:
        plan: What was planned.
        is_detailed: Whether a plan with something to do has a code of its own.
        fail_on: What makes it fail.
    """
    is_found = not plan.is_empty or bool(plan.attention)
    faults = {
        FailOn.GUARDRAIL: ExitCode.DONE if plan.is_applicable else ExitCode.BLOCKED,
        FailOn.BLOCKED: ExitCode.BLOCKED if plan.blocked else ExitCode.DONE,
        FailOn.LOSS: ExitCode.BLOCKED if plan.attention else ExitCode.DONE,
        FailOn.CHANGES: ExitCode.FOUND if is_found else ExitCode.DONE,
    }
    levels = list(FailOn)
    counted = [code for level, code in faults.items() if levels.index(level) <= levels.index(fail_on)]
    return max([ExitCode.FOUND if is_detailed and is_found else ExitCode.DONE, *counted])


def decide_drift(alarms: Sequence[Finding]) -> ExitCode:
    """Return the exit code of a check for drift.

    Args:
        alarms: Edits and losses that are active at its end.
    """
    return ExitCode.FOUND if alarms else ExitCode.DONE


def decide_refused(refused: Sequence[object]) -> ExitCode:
    """Return the exit code of an import.

    Args:
        refused: Trades that were asked for and not imported.
    """
    return ExitCode.FAILED if refused else ExitCode.DONE


def decide_empty(plan: Plan, *, has_unsettled: bool) -> ExitCode:
    """Return the exit code of an apply that had nothing to send.

    Args:
        plan: A plan without operations.
        has_unsettled: Whether it is not known what an earlier run did to a trade.
    """
    if has_unsettled:
        return ExitCode.UNKNOWN
    return ExitCode.BLOCKED if plan.blocked or plan.attention else ExitCode.DONE


def decide_run(result: _Result, *, needs_person: bool = False, has_unsettled: bool = False) -> ExitCode:
    """Return the exit code of a run that sent something; the most severe one if several apply.

    A lost lock comes before all others, since nothing else is certain then, and an interrupt before the rest.

    Args:
        result: What the run did.
        needs_person: Whether something is blocked, or needs attention; see `has_open_ends`.
        has_unsettled: Whether it is not known what an earlier run did to a trade.
    """
    # Imported here, since the start of every command imports this module.
    from reconciler.model.outcomes import OutcomeKind, is_held_back

    if isinstance(result.error, Locked):
        return ExitCode.LOCKED
    codes = [ExitCode.DONE] if result.error is None else [decide_error(result.error)]
    if has_unsettled or _count(result, OutcomeKind.INDETERMINATE):
        codes.append(ExitCode.UNKNOWN)
    good = _count(result, OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)
    # What a limit or a freeze holds back was said before anything was sent, and is not a part that went wrong.
    held = sum(map(is_held_back, result.outcomes))
    begun = len(result.outcomes) - held
    # What was done and could not be written down is not done as planned.
    if good and (good < begun or isinstance(result.error, JournalError)):
        codes.append(ExitCode.PARTLY_DONE)
    elif not good and (begun or not held):
        is_stale = _count(result, OutcomeKind.STALE) == begun
        codes.append(ExitCode.STALE if is_stale else ExitCode.FAILED)
    if needs_person or held:
        codes.append(ExitCode.BLOCKED)
    return ExitCode.INTERRUPTED if result.was_interrupted else max(codes)


def has_open_ends(plan: Plan, outcomes: Sequence[Outcome]) -> bool:
    """Return whether a person has to check a trade after a plan was carried out.

    Args:
        plan: What was to be done.
        outcomes: What was done.
    """
    from reconciler.model.outcomes import OutcomeKind, is_frozen

    is_listed = all(outcome.is_listed for outcome in outcomes)
    is_held = any(outcome.kind is OutcomeKind.FILLED_WHILE_CANCELLING for outcome in outcomes)
    is_stopped = any(map(is_frozen, outcomes))
    return bool(plan.blocked or plan.attention or is_held or is_stopped or not is_listed)


def _count(result: _Result, *kinds: OutcomeKind) -> int:
    return sum(outcome.kind in kinds for outcome in result.outcomes)
