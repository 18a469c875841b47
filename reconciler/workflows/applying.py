"""From a plan to the outcomes of its operations."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reconciler.applying.earlier_runs import settle_earlier_runs
from reconciler.applying.endings import end, end_held_back
from reconciler.applying.fresh_checks import block_unsettled, check_creates, check_preconditions
from reconciler.applying.fresh_limits import FreshLimits, find_lossy, hold_lossy
from reconciler.applying.reviewed_prices import PriceCheck
from reconciler.applying.run import Observer, run_operations
from reconciler.errors import JournalError, ReconcilerError, StalePlanError
from reconciler.guardrails.held_back import find_held_back
from reconciler.live.history import read_active
from reconciler.live.rates import PairRates
from reconciler.matching.sighting import Sighting
from reconciler.model.guardrails import Guardrail
from reconciler.model.journal import RunStart
from reconciler.model.operations import Action, Operation
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.reasons import Reason
from reconciler.model.terms import Terms
from reconciler.progress import Advance, Task
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from reconciler.rendering.style import printable
from reconciler.saved_plan.files import digest_plan
from reconciler.session import Session
from reconciler.workflows.accounts import check_accounts
from reconciler.workflows.freeze import trip_freeze
from reconciler.workflows.fresh_totals import hold_grown
from reconciler.workflows.live_reader import Reader
from reconciler.workflows.past_trades import read_past
from reconciler.workflows.policies import judge_again, refuse_by_policy
from reconciler.workflows.refusals import refuse_inapplicable


class _Unobserved:
    """An observer that does nothing."""

    def starting(self, operation: Operation) -> None:
        """Show that an operation begins."""

    def ended(self, outcome: Outcome) -> None:
        """Show the outcome of an operation."""


@dataclass(frozen=True, slots=True)
class _Counting:
    """An observer that counts what has ended."""

    observer: Observer
    advance: Advance

    def starting(self, operation: Operation) -> None:
        """Pass on that an operation begins."""
        self.observer.starting(operation)

    def ended(self, outcome: Outcome) -> None:
        """Pass on the outcome of an operation, and count it."""
        self.advance(1)
        self.observer.ended(outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOptions:
    """Options of carrying out a plan.

    Attributes:
        needs_check: Whether all preconditions are checked first, because time has passed since the plan was made.
        is_partial: Whether the rest of a plan is carried out if a part of it is stale.
        lock_timeout_s: How long to wait for another run to end, in seconds.
        not_reviewed: Operations that a new plan has and a reviewed one had not: they are refused by name.
        policy: Command of `--policy`, which judges the plan beside that of reconciler.yaml; empty without.
        watch_interrupts: Is entered once the lock is held. It gives a function that is called before each operation and
            says whether to stop.
        observer: Gets each operation as it begins and each outcome.
    """

    needs_check: bool = True
    is_partial: bool = False
    lock_timeout_s: float = 0.0
    not_reviewed: tuple[Operation, ...] = ()
    policy: tuple[str, ...] = ()
    watch_interrupts: Callable[[], AbstractContextManager[Callable[[], bool]]] = lambda: nullcontext(lambda: False)
    observer: Observer = field(default_factory=_Unobserved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The result of a run.

    Attributes:
        outcomes: One for each operation of the plan, in the order in which they ended.
        error: What stopped the run before its end, or None.
        was_interrupted: Whether it was stopped from outside.
        unsettled: Trade to the reason why it is not known what an earlier run did to it.
    """

    outcomes: tuple[Outcome, ...] = ()
    error: ReconcilerError | None = None
    was_interrupted: bool = False
    unsettled: Mapping[str, Reason] = field(default_factory=dict)

    def count(self, *kinds: OutcomeKind) -> int:
        """Count the operations that ended in one of some ways."""
        return sum(outcome.kind in kinds for outcome in self.outcomes)


def apply_plan(
    session: Session, plan: Plan, acknowledged: Mapping[str, Decimal], options: ApplyOptions | None = None
) -> Applied:
    """Carry out a plan, with the lock and all checks; never asks for approval.

    If the plan passes a limit that is not acknowledged, or a freeze is in force, only what lowers risk is sent; the
    outcomes of all else say that it was held back.

    A plan without operations settles what earlier runs left open, if there is anything.

    Args:
        session: The workspace; its journal is written.
        plan: What to do.
        acknowledged: Guardrail to what was acknowledged for it beside what the plan holds.
        options: How.

    Raises:
        PolicyRefused: A policy does not accept it; nothing was sent.
        ReconcilerError: As `refuse_inapplicable` and `carry_out`; nothing was sent.
        Locked: Another run still holds the lock.
    """
    options = options or ApplyOptions()
    holds = refuse_inapplicable(session, plan, acknowledged)
    if not plan.operations and not session.journal.find_unresolved():
        return Applied()
    if plan.operations:
        refuse_by_policy(judge_again(plan, session.settings, os.environ, option=options.policy))
    with hold_run(session, make_start(plan), options.lock_timeout_s):
        known = replace(plan, acknowledged={**plan.acknowledged, **acknowledged})
        if not plan.operations:
            return Applied(unsettled=_settle(session))
        return carry_out(session, known, options, holds.breaches)


def make_start(plan: Plan) -> RunStart:
    """Describe the begin of a run that carries out a plan."""
    return RunStart(git_commit=plan.context.git_commit, plan_digest=digest_plan(plan), operations=len(plan.operations))


@contextmanager
def hold_run(session: Session, start: RunStart, wait_s: float) -> Iterator[None]:
    """Hold a run in the journal, with the lock, until the end of the block.

    Args:
        session: Its journal has the run and the lock.
        start: What the run begins with.
        wait_s: How long to wait for another run to end, in seconds.

    Raises:
        Locked: Another run still holds the lock.
    """
    session.journal.begin_run(start, wait_s)
    try:
        yield
    except (Exception, KeyboardInterrupt):
        _end_run(session)
        raise
    _end_run(session)


def _end_run(session: Session) -> None:
    """Write down the end of a run; what the run did counts even if that fails."""
    try:
        session.journal.end_run()
    except JournalError as error:
        session.report(f"Warning: the end of this run could not be written down: {error.message}.")


def carry_out(session: Session, plan: Plan, options: ApplyOptions, breaches: Sequence[Guardrail] = ()) -> Applied:
    """Settle what earlier runs left open, check the plan against the live trades, and send its operations.

    For a run that `hold_run` holds.

    Args:
        session: The workspace; its journal holds the lock, and each write is written to it before it is sent.
        plan: What to do.
        options: How.
        breaches: Limits that the plan passes and that were not acknowledged: only what lowers risk is sent.

    Raises:
        StalePlanError: A part does not fit the live trades any more, and is not skipped; nothing was sent.
        ApiError: The live trades cannot be read; nothing was sent.
    """
    with options.watch_interrupts() as should_stop:
        return _carry_out(session, plan, options, breaches, should_stop)


def _carry_out(
    session: Session,
    plan: Plan,
    options: ApplyOptions,
    breaches: Sequence[Guardrail],
    should_stop: Callable[[], bool],
) -> Applied:
    settings, api = session.settings, session.api
    used = {terms.account_id for terms in _find_terms(plan.operations)}
    rates = PairRates(api, session.clock, check_accounts(session, used))
    unsettled = _settle(session)
    held = _hold_back(session, plan, breaches)
    left = [each for each in plan.operations if each not in held]
    limits = FreshLimits(plan, settings.limits, settings.price_moved_pct)
    prices = PriceCheck(rates.read, limits.price_moved_pct)
    settled: dict[Operation, Outcome] = {}
    if options.needs_check:
        settled |= check_preconditions(left, api, lambda: read_active(api).trades, prices)
    settled |= _prove_absence(session, plan, left, limits)
    if options.needs_check:
        settled |= prices.find_stale(each for each in left if each not in settled)
    if not options.is_partial:
        _refuse_stale(settled.values())
    settled |= block_unsettled(plan.operations, unsettled) | held
    refused = {each: end(each, OutcomeKind.STALE, None, OutcomeReason.NOT_REVIEWED) for each in options.not_reviewed}
    operations = (*options.not_reviewed, *plan.operations)
    settled |= refused
    with session.progress.show(Task.APPLYING, len(operations)) as advance:
        observer = _Counting(options.observer, advance)
        result = run_operations(operations, session, rates.read, observer, settled, should_stop, limits)
    return Applied(
        outcomes=tuple(result.outcomes),
        error=result.error,
        was_interrupted=result.was_interrupted,
        unsettled=unsettled,
    )


def _hold_back(session: Session, plan: Plan, breaches: Sequence[Guardrail]) -> dict[Operation, Outcome]:
    """Make the outcomes of operations that a passed limit or a freeze holds back now."""
    held = find_held_back(plan.operations, breaches, session.find_freezes())
    return {each.operation: end_held_back(each) for each in held}


def _settle(session: Session) -> dict[str, Reason]:
    """Find out what became of requests whose answers were lost, and report the trades of which that is not known."""
    unsettled = settle_earlier_runs(session)
    for trade, why in unsettled.items():
        session.report(printable(f"{trade} skipped: {describe(why)}"))
    return unsettled


def _prove_absence(
    session: Session, plan: Plan, operations: Sequence[Operation], limits: FreshLimits
) -> Mapping[Operation, Outcome]:
    """Find creates that must not be sent, by a proof that is late enough to show what a killed run has just sent.

    The same reading shows which trades have ended with a loss since the plan was made.
    """
    opening = [each for each in operations if each.opens]
    reader = Reader(session=session)
    if not opening:
        return _hold_lossy(session, plan, operations, reader, limits)
    settings = session.settings
    _wait_for_last_create(session)
    renames = {former: operation.trade for operation in opening for former in operation.former_names}
    index, history = reader.read_for_opening({each.trade: each.generation for each in opening}, renames)
    grown = hold_grown(settings, plan, index, operations)
    lossy = _hold_lossy(session, plan, operations, reader, limits)
    sighting = Sighting(
        index=index,
        history=history,
        foreign=settings.foreign | find_released(plan),
        # A plan of an earlier format does not say which names the files have.
        all_names={*(plan.names or index.by_name), *(operation.trade for operation in opening)},
        named_accounts=settings.named_accounts or settings.target.account_ids,
    )
    return grown | lossy | check_creates(opening, sighting)


def _hold_lossy(
    session: Session, plan: Plan, operations: Sequence[Operation], reader: Reader, limits: FreshLimits
) -> dict[Operation, Outcome]:
    """Find what binds money while trades have lost more than is allowed, by now."""
    past = read_past(reader, operations, [session.settings.limits])
    limits.note_past(past)
    lossy = find_lossy(plan, session.settings.limits, past)
    trip_freeze(session, lossy)
    return hold_lossy(plan.operations, lossy)


def _wait_for_last_create(session: Session) -> None:
    """Wait until a create that an earlier run may just have sent is listed."""
    journal, clock, settle_s = session.journal, session.clock, session.settings.target.settle_s
    # Without a journal that knows, another run may have been active until this one took the lock.
    since = journal.find_last_create() if journal.knows_last_run else clock.now()
    wait_s = 0.0 if since is None else settle_s - (clock.now() - since).total_seconds()
    if wait_s > 0:
        # Never longer, whatever the clock did since.
        wait_s = min(wait_s, settle_s)
        session.report(f"Waiting {wait_s:.0f} s: what an earlier run may just have sent is not listed before.")
        clock.sleep(wait_s)


def find_released(plan: Plan) -> frozenset[int]:
    """Find SmartTrade ids of trades that were released before or are released by this plan; none is opened instead."""
    releases = [each.precondition for each in plan.operations if each.action is Action.RELEASE]
    return frozenset((*plan.released, *(each.live_id for each in releases if each is not None)))


def _refuse_stale(outcomes: Iterable[Outcome]) -> None:
    stale = [outcome for outcome in outcomes if outcome.kind is OutcomeKind.STALE]
    if stale:
        reasons = "\n".join(printable(f"  {outcome.operation.trade}: {describe_outcome(outcome)}") for outcome in stale)
        raise StalePlanError(
            f"The plan is stale, nothing was sent:\n{reasons}\nMake a new plan, or carry out the rest with --partial."
        )


def _find_terms(operations: Sequence[Operation]) -> Iterator[Terms]:
    for operation in operations:
        if operation.after is not None:
            yield operation.after
        if operation.precondition is not None:
            yield operation.precondition.terms
