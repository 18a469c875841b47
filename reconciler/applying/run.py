"""One run of apply: all operations of a plan, in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reconciler.applying.averaging_orders import AVERAGING_ACTIONS, judge_averaging
from reconciler.applying.execute import Carrier, RatesReader, is_confirmed, is_interrupted_replace, judge_create
from reconciler.applying.lost_answers import Unsettled
from reconciler.applying.polling import watch_created
from reconciler.applying.preconditions import find_staleness, is_done
from reconciler.applying.reviewed_prices import PriceCheck
from reconciler.applying.takeover import is_filled_meanwhile
from reconciler.applying.writer import Writer
from reconciler.clock import Clock
from reconciler.codec.live_trades import read_trade
from reconciler.codec.note import read_note
from reconciler.errors import (
    AccessRefused,
    ApiError,
    Interrupted,
    JournalError,
    NotFound,
    ReconcilerError,
    RequestRefused,
    UnreadableAnswer,
)
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.live.endpoints import SmartTradeApi
from reconciler.matching.misfit import find_other_place
from reconciler.matching.opening import Judge, Wanted
from reconciler.matching.sighting import Sighting, owned_marker
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.outcomes import Outcome, OutcomeKind

# Half a page: creates of this many are confirmed by one reading of the newest page, with room for trades of others.
CREATES_PER_CONFIRMATION = 50
# A create is confirmed after this many seconds at the latest, however few there are: its stop may not stand.
CONFIRM_AFTER_S = 15.0
# Preconditions of fewer trades than this are read one by one, of more from the pages of active trades.
_FEW_TRADES = 10

ReadActive = Callable[[], Sequence[LiveTrade]]


class Observer(Protocol):
    """Told what happens, for progress on the screen."""

    def starting(self, operation: Operation) -> None:
        """An operation begins."""
        ...

    def ended(self, outcome: Outcome) -> None:
        """An operation has its outcome."""
        ...


@dataclass(kw_only=True)
class Result:
    """What a run did.

    Attributes:
        outcomes: One for each operation, in the order in which they ended.
        error: What stopped the run before its end, or None.
        was_interrupted: Whether the user stopped it.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    error: ReconcilerError | None = None
    was_interrupted: bool = False

    def count(self, *kinds: OutcomeKind) -> int:
        """How many operations ended in one of some ways."""
        return sum(outcome.kind in kinds for outcome in self.outcomes)


def check_creates(operations: Sequence[Operation], sighting: Sighting) -> dict[Operation, Outcome]:
    """Creates and replaces that must not be sent, by what is seen right before.

    Args:
        operations: Creates and replaces.
        sighting: What is seen now.

    Returns:
        Outcomes of those that are done already or stale; all others may be sent.
    """
    judge = Judge(sighting)
    judged = [_judge_opening(each, judge) for each in operations]
    return {outcome.operation: outcome for outcome in judged if outcome is not None}


def check_preconditions(
    operations: Sequence[Operation], api: SmartTradeApi, read_active: ReadActive, prices: PriceCheck | None = None
) -> dict[Operation, Outcome]:
    """Operations of a saved plan that are stale, or done already, before anything is sent.

    Args:
        operations: The plan's operations.
        api: Where to read.
        read_active: Reads all active trades; used where that takes fewer requests than one for each trade.
        prices: Whether they still are those of the review; None to leave that to the moment before each write.
    """
    ids = {operation.precondition.live_id for operation in operations if operation.precondition}
    active = {live.id: live for live in read_active()} if len(ids) > _FEW_TRADES else {}
    lives = {live_id: active.get(live_id) or _read_or_none(api, live_id) for live_id in ids}
    settled: dict[Operation, Outcome] = {}
    done_before: set[int] = set()
    for operation in operations:
        if operation.precondition is None:
            continue
        live = lives[operation.precondition.live_id]
        if live is None:
            text = f"#{operation.precondition.live_id} does not exist for this key and mode"
            settled[operation] = Outcome(operation=operation, kind=OutcomeKind.STALE, live_id=None, text=text)
            continue
        if is_filled_meanwhile(operation, live):
            # Told, with what takes charge of it, when its turn comes.
            continue
        known = _judge_before(operation, live, api)
        if known is not None:
            settled[operation] = known
            if known.kind is OutcomeKind.ALREADY_DONE:
                done_before.add(live.id)
        else:
            staleness = _find_staleness(operation, live, prices, is_later=live.id in done_before)
            if staleness:
                settled[operation] = Outcome(
                    operation=operation, kind=OutcomeKind.STALE, live_id=live.id, text=staleness
                )
    return settled


def _find_staleness(operation: Operation, live: LiveTrade, prices: PriceCheck | None, *, is_later: bool) -> str:
    """Why an operation does not fit its trade, or the prices of its review, any more; empty where it does."""
    is_begun = is_interrupted_replace(operation, live)
    staleness = "" if is_begun else find_staleness(operation, live, is_later=is_later)
    return staleness or (prices.find_move(operation, live) if prices else "")


def block_unsettled(operations: Sequence[Operation], reasons: Mapping[str, str]) -> dict[Operation, Outcome]:
    """Operations on trades of which it is not known what an earlier run did to them.

    Args:
        operations: The plan's operations.
        reasons: Trade to the reason why it must be left alone.
    """
    return {
        operation: Outcome(operation=operation, kind=OutcomeKind.INDETERMINATE, live_id=None, text=reasons[name])
        for operation in operations
        for name in operation.names
        if name in reasons
    }


def apply_operations(
    operations: Sequence[Operation],
    api: SmartTradeApi,
    clock: Clock,
    *,
    read_rates: RatesReader,
    observer: Observer,
    settled: Mapping[Operation, Outcome],
    should_stop: Callable[[], bool] = lambda: False,
    journal: Journal = NO_JOURNAL,
    settle_s: float = 0,
    prices: PriceCheck | None = None,
) -> Result:
    """Carry out operations in order.

    A failed operation fails its trade, not the run; so does one whose answer was lost and which reading cannot settle.
    A refusal of the key, a rate limit, a dead line and a lost lock stop the run; so does the user, between two
    operations.

    Args:
        operations: What to do, in order.
        api: Where requests go.
        clock: Where waiting happens.
        read_rates: Fresh prices of an account's pair.
        observer: Told what happens.
        settled: Operations whose outcome is known already and that are not sent.
        should_stop: Asked before each operation.
        journal: Where writes are written down before they leave, and what came of them.
        settle_s: How long something that was sent may take to show up, in seconds.
        prices: Whether they still are those of the review.
    """
    carrier = Carrier(api, Writer(api, clock, journal, settle_s), clock, read_rates, prices)
    run = _Run(api, clock, carrier, observer, journal)
    for place, operation in enumerate(operations):
        if should_stop():
            run.result.was_interrupted = True
        elif run.result.error is None:
            run.step(operation, settled.get(operation))
        if run.result.was_interrupted or run.result.error is not None:
            run.confirm_creates()
            run.leave(operations[place:])
            break
    else:
        run.confirm_creates()
    return run.result


class _Run:
    """The bookkeeping of one run."""

    def __init__(
        self, api: SmartTradeApi, clock: Clock, carrier: Carrier, observer: Observer, journal: Journal
    ) -> None:
        self.result = Result()
        self._journal = journal
        self._api = api
        self._clock = clock
        self._carrier = carrier
        self._observer = observer
        self._unconfirmed: dict[int, Operation] = {}
        self._unconfirmed_since_s = 0.0
        self._failed: set[str] = set()
        self._ended: set[Operation] = set()

    def step(self, operation: Operation, known: Outcome | None) -> None:
        """One operation, if it is to be sent at all."""
        if known is not None:
            if known.kind is OutcomeKind.ALREADY_DONE and known.live_id is not None:
                self._carrier.note_change(known.live_id)
            self._end(known)
        elif operation.trade in self._failed:
            text = "an earlier operation of this trade did not succeed"
            self._end(Outcome(operation=operation, kind=OutcomeKind.NOT_STARTED, live_id=None, text=text))
        else:
            self._observer.starting(operation)
            is_protecting = operation.effect is Effect.PROTECTS
            with self._api.session.budget.protecting(is_protecting=is_protecting):
                self._send(operation)

    def _send(self, operation: Operation) -> None:
        sent = self._carrier.sent
        try:
            if operation.action is Action.CREATE:
                created = self._carrier.send_create(operation)
                if isinstance(created, Outcome):
                    self._end(created)
                else:
                    self._remember(created.id, operation)
            else:
                self._end(self._carrier.carry(operation))
        except Interrupted as error:
            self.result.was_interrupted = True
            self._end(_describe_interrupted(operation, error, has_sent=self._carrier.sent > sent))
        except Unsettled as error:
            # What was sent may have had its effect; the next run finds out by reading.
            self._fail(operation, error, OutcomeKind.INDETERMINATE)
            if error.cause is not None and not concerns_one_trade(error.cause):
                self.result.error = error.cause
        except ReconcilerError as error:
            self._fail(operation, error, OutcomeKind.FAILED)
            if not concerns_one_trade(error):
                self.result.error = error

    def _remember(self, live_id: int, operation: Operation) -> None:
        """Keep a create for its confirmation, which is due when there are many or the first has waited long."""
        now_s = self._clock.monotonic()
        if not self._unconfirmed:
            self._unconfirmed_since_s = now_s
        self._unconfirmed[live_id] = operation
        is_due = now_s - self._unconfirmed_since_s >= CONFIRM_AFTER_S
        if is_due or len(self._unconfirmed) == CREATES_PER_CONFIRMATION:
            self.confirm_creates()

    def confirm_creates(self) -> None:
        """Wait until all creates that were sent have settled and are listed, with one reading for many of them."""
        if not self._unconfirmed:
            return
        seen: dict[int, LiveTrade] = {}
        unlisted: set[int] = set()
        try:
            unlisted = watch_created(self._api, self._clock, self._unconfirmed, is_confirmed, seen)
        except ApiError as error:
            self.result.error = self.result.error or error
        for live_id, operation in self._unconfirmed.items():
            live = seen.get(live_id)
            if live is None:
                text = f"#{live_id} was created but could not be read back; plan again"
                self._end(Outcome(operation=operation, kind=OutcomeKind.INDETERMINATE, live_id=live_id, text=text))
            else:
                self._end(judge_create(operation, live, is_listed=live_id not in unlisted))
        self._unconfirmed.clear()

    def leave(self, operations: Collection[Operation]) -> None:
        """Operations that were not begun."""
        for operation in operations:
            if operation not in self._ended:
                self._end(Outcome(operation=operation, kind=OutcomeKind.NOT_STARTED, live_id=None, text=""))

    def _fail(self, operation: Operation, error: ReconcilerError, kind: OutcomeKind) -> None:
        live_id = operation.precondition.live_id if operation.precondition else None
        known_id = error.live_id if isinstance(error, Unsettled) and error.live_id else live_id
        self._end(Outcome(operation=operation, kind=kind, live_id=known_id, text=error.message))

    def _end(self, outcome: Outcome) -> None:
        if outcome.kind not in (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE):
            self._failed.add(outcome.operation.trade)
        self._ended.add(outcome.operation)
        self._record(outcome)
        self.result.outcomes.append(outcome)
        self._observer.ended(outcome)

    def _record(self, outcome: Outcome) -> None:
        try:
            self._journal.record(outcome)
        except JournalError as error:
            # What was done is done and is told; nothing more may be sent.
            self.result.error = self.result.error or error


def _describe_interrupted(operation: Operation, error: Interrupted, *, has_sent: bool) -> Outcome:
    """An operation that a signal ended while it waited: before it sent anything, or before that was confirmed."""
    live_id = operation.precondition.live_id if operation.precondition else None
    if not has_sent:
        return Outcome(operation=operation, kind=OutcomeKind.NOT_STARTED, live_id=live_id, text="")
    text = f"{error.message}, before what was sent could be confirmed; apply again"
    return Outcome(operation=operation, kind=OutcomeKind.INDETERMINATE, live_id=live_id, text=text)


def _judge_before(operation: Operation, live: LiveTrade, api: SmartTradeApi) -> Outcome | None:
    """The outcome of an operation on a live trade that holds already, or None."""
    if operation.action in AVERAGING_ACTIONS:
        return judge_averaging(operation, live, read_averaging_orders(api, live))
    if is_done(operation, live):
        return Outcome(operation=operation, kind=OutcomeKind.ALREADY_DONE, live_id=live.id, text="")
    return None


def _judge_opening(operation: Operation, judge: Judge) -> Outcome | None:
    """The outcome of a create or replace that must not be sent, or None where it may be."""
    wanted = read_note(operation.note_after).marker
    if wanted is None or operation.after is None:
        raise AssertionError("whatever opens a trade writes a marker and has terms")
    replaced_id = operation.precondition.live_id if operation.precondition else None
    verdict = judge.judge(
        Wanted(name=operation.trade, generation=wanted.generation, terms=operation.after, replaced_id=replaced_id)
    )
    live, obstacle = verdict.live, verdict.obstacle
    misfit = "" if live is None else find_other_place(live, operation.after)
    if live is not None and misfit:
        text = f"{misfit}; repair its note in 3Commas, then plan again"
        return Outcome(operation=operation, kind=OutcomeKind.STALE, live_id=live.id, text=text)
    if live is not None and owned_marker(live).entry.applied == wanted.entry.applied:
        text = f"#{live.id} is that trade"
        return Outcome(operation=operation, kind=OutcomeKind.ALREADY_DONE, live_id=live.id, text=text)
    if live is not None:
        text = f"#{live.id} of this name is {live.status}; plan again"
        return Outcome(operation=operation, kind=OutcomeKind.STALE, live_id=live.id, text=text)
    if obstacle is not None:
        text = f"{obstacle.reason}; {obstacle.hint}"
        return Outcome(operation=operation, kind=OutcomeKind.STALE, live_id=obstacle.live_id, text=text)
    return None


def concerns_one_trade(error: ReconcilerError) -> bool:
    """Whether other trades may still succeed; a refused key, a limit or a dead line is the same for all."""
    return isinstance(error, RequestRefused | UnreadableAnswer) and not isinstance(error, AccessRefused)


def _read_or_none(api: SmartTradeApi, live_id: int) -> LiveTrade | None:
    try:
        return read_trade(api.get(live_id))
    except NotFound:
        return None
