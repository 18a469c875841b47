"""One run: operations of a plan or by hand, in order, each to its outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reconciler.applying.endings import end, end_by_error
from reconciler.applying.execute import PlanExecutor
from reconciler.applying.execute_command import CommandExecutor
from reconciler.applying.freeze_gate import FreezeGate
from reconciler.applying.fresh_limits import FreshLimits
from reconciler.applying.lost_answers import Unsettled
from reconciler.applying.refusals import concerns_one_trade
from reconciler.applying.reviewed_prices import RatesReader
from reconciler.applying.unconfirmed import CreatedTrades, EndedTrades
from reconciler.applying.writer import Writer
from reconciler.errors import Frozen, Interrupted, JournalError, ReconcilerError
from reconciler.guardrails.freeze import explain_freezes
from reconciler.model.operations import ENDING_ACTIONS, Effect, Operation, Origin
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind, is_frozen, is_held_back
from reconciler.session import Session

NOTHING_SETTLED: Mapping[Operation, Outcome] = {}
_GOOD = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)


class Observer(Protocol):
    """Gets what happens, for progress on the screen."""

    def starting(self, operation: Operation) -> None:
        """Report that an operation begins."""
        ...

    def ended(self, outcome: Outcome) -> None:
        """Report the outcome of an operation."""
        ...


@dataclass(kw_only=True)
class Result:
    """The outcomes of a run, and what stopped it.

    Attributes:
        outcomes: One for each operation, in the order in which they ended.
        error: What stopped the run before its end, or None.
        was_interrupted: Whether the user stopped it.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    error: ReconcilerError | None = None
    was_interrupted: bool = False

    def count(self, *kinds: OutcomeKind) -> int:
        """Count the operations that ended in one of some ways."""
        return sum(outcome.kind in kinds for outcome in self.outcomes)


def run_operations(
    operations: Sequence[Operation],
    session: Session,
    read_rates: RatesReader,
    observer: Observer,
    settled: Mapping[Operation, Outcome] = NOTHING_SETTLED,
    should_stop: Callable[[], bool] = lambda: False,
    limits: FreshLimits | None = None,
) -> Result:
    """Carry out operations in order, those of a plan and those by hand alike.

    A failed operation fails its trade, not the run; so does one whose answer was lost and which reading cannot settle.
    A refusal of the key, a rate limit, a dead line and a lost lock stop the run; so does the user, between two
    operations.

    Args:
        operations: What to do, in order; by hand at most one for each trade, which was read a moment ago.
        session: Where requests go, where waiting happens, and the journal that gets each write before it is sent.
        read_rates: Reads fresh prices of an account's pair.
        observer: Gets what happens.
        settled: Operations whose outcome is known already and that are not sent.
        should_stop: Asked before each operation.
        limits: Limits on what is opened at present prices; None for none.
    """
    run = _Run(session, read_rates, observer, limits)
    for place, operation in enumerate(operations):
        if should_stop():
            run.result.was_interrupted = True
        elif run.result.error is None:
            run.step(operation, settled.get(operation))
        if run.result.was_interrupted or run.result.error is not None:
            run.confirm_all()
            run.leave(operations[place:])
            break
    else:
        run.confirm_all()
    return run.result


class _Run:
    """The bookkeeping of one run."""

    def __init__(
        self, session: Session, read_rates: RatesReader, observer: Observer, limits: FreshLimits | None
    ) -> None:
        self.result = Result()
        self._session = session
        self._observer = observer
        self._gate = FreezeGate(session)
        settle_s = session.settings.target.settle_s
        self._writer = Writer(session.api, session.clock, session.journal, settle_s, self._gate)
        self._planned = PlanExecutor(session, self._writer, read_rates, limits)
        self._by_hand = CommandExecutor(session, self._writer, read_rates)
        self._failed: set[str] = set()
        self._begun: set[Operation] = set()

    def step(self, operation: Operation, known: Outcome | None) -> None:
        """Carry out one operation, if it is to be sent at all."""
        self._begun.add(operation)
        if known is not None:
            if known.kind is OutcomeKind.ALREADY_DONE and known.live_id is not None:
                self._planned.note_change(known.live_id)
            self._end(known)
        elif operation.origin is Origin.FILE and operation.trade in self._failed:
            self._end(end(operation, OutcomeKind.NOT_STARTED, None, OutcomeReason.EARLIER_FAILED))
        else:
            self._observer.starting(operation)
            with self._session.api.session.budget.protecting(is_protecting=_is_urgent(operation)):
                self._carry_out(operation)

    def _carry_out(self, operation: Operation) -> None:
        sent = self._writer.sent
        self._gate.begin(operation)
        is_planned = operation.origin is Origin.FILE or operation.sells_rest
        executor = self._planned if is_planned else self._by_hand
        try:
            outcome = executor.carry_out(operation)
        except Interrupted as error:
            self.result.was_interrupted = True
            outcome = _end_interrupted(operation, error, has_sent=self._writer.sent > sent)
        except Unsettled as error:
            # What was sent may have had its effect; the next run finds out by reading.
            outcome = end_by_error(operation, OutcomeKind.INDETERMINATE, error.live_id or operation.live_id, error)
            self._stop_for(error.cause)
        except Frozen:
            outcome = self._end_frozen(operation, has_sent=self._writer.sent > sent)
        except ReconcilerError as error:
            outcome = end_by_error(operation, OutcomeKind.FAILED, operation.live_id, error)
            self._stop_for(error)
        if outcome is not None:
            self._end(outcome)
        elif self._planned.created.is_due:
            self._confirm(self._planned.created)

    def _end_frozen(self, operation: Operation, *, has_sent: bool) -> Outcome:
        """Make the outcome of an operation that a freeze has stopped; the next ones may lower risk and go on."""
        freezes = explain_freezes(self._session.find_freezes(), operation)
        kind = OutcomeKind.FAILED if has_sent else OutcomeKind.NOT_STARTED
        return end(operation, kind, operation.live_id, OutcomeReason.FROZEN, freezes=freezes)

    def _stop_for(self, error: ReconcilerError | None) -> None:
        """Stop the run for an error that is the same for all trades."""
        if error is not None and not concerns_one_trade(error):
            self.result.error = error

    def confirm_all(self) -> None:
        """Read what became of all that was sent and not confirmed yet."""
        self._confirm(self._planned.created)
        self._confirm(self._by_hand.ended)

    def _confirm(self, waiting: CreatedTrades | EndedTrades) -> None:
        confirmed = waiting.confirm()
        self.result.error = self.result.error or confirmed.error
        for outcome in confirmed.outcomes:
            self._end(outcome)

    def leave(self, operations: Collection[Operation]) -> None:
        """Give an outcome to operations that were not begun."""
        for operation in operations:
            if operation not in self._begun:
                self._end(end(operation, OutcomeKind.NOT_STARTED, None))

    def _end(self, outcome: Outcome) -> None:
        if outcome.kind not in _GOOD and not (is_frozen(outcome) or is_held_back(outcome)):
            self._failed.add(outcome.operation.trade)
        self._record(outcome)
        self.result.outcomes.append(outcome)
        self._observer.ended(outcome)

    def _record(self, outcome: Outcome) -> None:
        try:
            self._session.journal.record(outcome)
        except JournalError as error:
            # What was done is done and is reported; nothing more may be sent.
            self.result.error = self.result.error or error


def _is_urgent(operation: Operation) -> bool:
    """Return whether an operation may use the room of the pace that is kept for what protects.

    By hand that is whatever ends a trade: in an emergency the room is there to be used.
    """
    if operation.origin is Origin.BY_HAND:
        return operation.action in ENDING_ACTIONS
    return operation.effect is Effect.PROTECTS


def _end_interrupted(operation: Operation, error: Interrupted, *, has_sent: bool) -> Outcome:
    """Make the outcome of an operation that a signal ended: before it sent anything, or before that was confirmed."""
    if not has_sent:
        return end(operation, OutcomeKind.NOT_STARTED, operation.live_id)
    code = OutcomeReason.INTERRUPTED
    return end(operation, OutcomeKind.INDETERMINATE, operation.live_id, code, message=error.message)
