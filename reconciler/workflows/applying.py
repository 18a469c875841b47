"""The applying stages, joined: a plan to the outcomes of its operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from reconciler.applying.lost_answers import settle_earlier_runs
from reconciler.applying.reviewed_prices import PriceCheck
from reconciler.applying.run import (
    Observer,
    Result,
    apply_operations,
    block_unsettled,
    check_creates,
    check_preconditions,
)
from reconciler.cli.console import print_message
from reconciler.clock import Clock
from reconciler.errors import JournalError, StalePlanError
from reconciler.journal.protocol import Journal
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.history import read_active
from reconciler.live.rates import RatesCache
from reconciler.matching.sighting import Sighting
from reconciler.model.journal import RunStart
from reconciler.model.operations import Action, Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.terms import Terms
from reconciler.rendering.style import printable
from reconciler.settings import Settings
from reconciler.workflows.live_reader import Reader
from reconciler.workflows.planning import check_accounts

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """What a run did.

    Attributes:
        result: The outcomes of its operations.
        unsettled: Trade to the reason why it is not known what an earlier run did to it.
    """

    result: Result
    unsettled: Mapping[str, str]


@contextmanager
def hold_run(journal: Journal, start: RunStart, wait_s: float) -> Iterator[None]:
    """A run in the journal, with the lock, which is given back at the end.

    Args:
        journal: Where.
        start: What the run begins with.
        wait_s: How long to wait for another run to end, in seconds.

    Raises:
        Locked: Another run still holds the lock.
    """
    journal.begin_run(start, wait_s)
    try:
        yield
    except (Exception, KeyboardInterrupt):
        _end_run(journal)
        raise
    _end_run(journal)


def _end_run(journal: Journal) -> None:
    """What the run did is said and counts, whether or not its end can be written down."""
    try:
        journal.end_run()
    except JournalError as error:
        print_message(f"Warning: the end of this run could not be written down: {error.message}.")


def carry_out(
    settings: Settings,
    api: SmartTradeApi,
    clock: Clock,
    plan: Plan,
    journal: Journal,
    *,
    observer: Observer,
    needs_check: bool,
    is_partial: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
    tell: Tell,
) -> CarriedOut:
    """Settle what earlier runs left, check the plan against the world as it is now, and carry it out.

    Args:
        settings: The workspace.
        api: Where requests go.
        clock: Where waiting happens.
        plan: What to do.
        journal: Holds the lock; where writes are written down before they leave.
        observer: Told what happens.
        needs_check: Whether time has passed since the plan was made, so that all preconditions are checked first.
        is_partial: Whether what still holds of a stale plan is carried out.
        should_stop: Asked before each operation.
        tell: Told of waiting and of trades that are left alone.

    Raises:
        StalePlanError: Something does not hold any more; nothing was sent.
        ApiError: The world cannot be read; nothing was sent.
    """
    used = {terms.account_id for terms in _find_terms(plan.operations)}
    rates = RatesCache(api, clock, check_accounts(settings, api, used))
    unsettled = settle_earlier_runs(
        journal, api, clock, settings.target.settle_s, delay_s=settings.target.gateway_delay_s
    )
    prices = PriceCheck(rates.read, settings.price_moved_pct)
    settled: dict[Operation, Outcome] = {}
    if needs_check:
        settled |= check_preconditions(plan.operations, api, lambda: read_active(api).trades, prices)
    settled |= _prove_absence(settings, api, clock, plan, journal, tell)
    if needs_check:
        settled |= prices.find_stale(each for each in plan.operations if each not in settled)
    if not is_partial:
        _refuse_stale(settled.values())
    settled |= block_unsettled(plan.operations, unsettled)
    for trade, reason in unsettled.items():
        tell(printable(f"{trade} is left alone: {reason}"))
    result = apply_operations(
        plan.operations,
        api,
        clock,
        read_rates=rates.read,
        observer=observer,
        settled=settled,
        should_stop=should_stop,
        journal=journal,
        settle_s=settings.target.settle_s,
        prices=prices,
    )
    return CarriedOut(result=result, unsettled=unsettled)


def _prove_absence(
    settings: Settings, api: SmartTradeApi, clock: Clock, plan: Plan, journal: Journal, tell: Tell
) -> Mapping[Operation, Outcome]:
    """Creates that must not be sent, by a proof that is late enough to show what a killed run has just sent."""
    opening = [operation for operation in plan.operations if operation.opens]
    if not opening:
        return {}
    # Others may have been at work until this run took the lock, however long ago its plan was made.
    since = journal.find_last_create() if journal.knows_last_run else clock.now()
    wait_s = 0.0 if since is None else settings.target.settle_s - (clock.now() - since).total_seconds()
    if wait_s > 0:
        # Whatever the clock did since.
        wait_s = min(wait_s, settings.target.settle_s)
        tell(f"Waiting {wait_s:.0f} s, so that what an earlier run may just have sent shows up.")
        clock.sleep(wait_s)
    renames = {former: operation.trade for operation in opening for former in operation.former_names}
    reader = Reader(settings=settings, api=api, clock=clock, journal=journal)
    index, history = reader.read_for_opening({each.trade: each.generation for each in opening}, renames)
    sighting = Sighting(
        index=index,
        history=history,
        foreign=settings.foreign | find_released(plan),
        # A plan of an earlier format does not say which names the files have.
        all_names={*(plan.names or index.by_name), *(operation.trade for operation in opening)},
        named_accounts=settings.named_accounts or settings.target.account_ids,
    )
    return check_creates(opening, sighting)


def find_released(plan: Plan) -> frozenset[int]:
    """SmartTrade ids of trades that were released from here, or are by this plan; nothing is opened in their stead."""
    releases = [each.precondition for each in plan.operations if each.action is Action.RELEASE]
    return frozenset((*plan.released, *(each.live_id for each in releases if each is not None)))


def _refuse_stale(outcomes: Iterable[Outcome]) -> None:
    stale = [outcome for outcome in outcomes if outcome.kind is OutcomeKind.STALE]
    if stale:
        reasons = "\n".join(printable(f"  {outcome.operation.trade}: {outcome.text}") for outcome in stale)
        raise StalePlanError(
            f"The plan is stale, nothing was sent:\n{reasons}\nMake a new plan, or carry out the rest with --partial."
        )


def _find_terms(operations: Sequence[Operation]) -> Iterator[Terms]:
    for operation in operations:
        if operation.after is not None:
            yield operation.after
        if operation.precondition is not None:
            yield operation.precondition.terms
