"""Operations of a plan, carried out stage by stage: read, check, write, read what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reconciler.applying.averaging_orders import AVERAGING_ACTIONS, AveragingStages
from reconciler.applying.endings import end, end_with
from reconciler.applying.fresh_limits import FreshLimits
from reconciler.applying.judgements import (
    find_missed_fill,
    is_interrupted_replace,
    judge_cancelled_step,
    judge_create,
    judge_note,
    judge_update,
)
from reconciler.applying.polling import wait_for, watch_created
from reconciler.applying.preconditions import find_staleness, is_done, write_under_way
from reconciler.applying.requests import Requests
from reconciler.applying.reviewed_prices import PriceCheck, RatesReader
from reconciler.applying.sale import SaleStages
from reconciler.applying.sale_lookup import find_sale, may_be_sold
from reconciler.applying.takeover import end_filled, is_filled_meanwhile
from reconciler.applying.trade_checks import describe_end, filled_units, has_ended, is_confirmed, is_protected
from reconciler.applying.unconfirmed import CreatedTrades
from reconciler.applying.update_forms import UpdateForms
from reconciler.applying.work import Work
from reconciler.applying.writer import MOST_TRIES, HadNoEffect, Writer
from reconciler.diffing.compare import compare
from reconciler.diffing.firing import find_fires, is_step_reached
from reconciler.diffing.progress import fill_distance
from reconciler.errors import ApiError, Interrupted
from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES, Fire
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, FieldChange, Operation
from reconciler.model.outcome_codes import OutcomeReason, StaleReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Reason, reason
from reconciler.planning.stages import OPENING_STAGES, SHARED_STAGES, Stage, changes_entry, list_stages
from reconciler.session import Session

# Carries out one stage; an outcome ends the operation there.
Handler = Callable[[Work], Outcome | None]


class PlanExecutor:
    """Carries out the operations of a plan, one at a time, by their stages.

    Args:
        session: Where requests go, and where waiting happens.
        writer: Where writes go.
        read_rates: Reads fresh prices of an account's pair.
        limits: Limits on what is opened at present prices; None for none.
    """

    def __init__(
        self, session: Session, writer: Writer, read_rates: RatesReader, limits: FreshLimits | None = None
    ) -> None:
        self.created = CreatedTrades(session)
        self._session = session
        self._requests = Requests(session.api, writer)
        self._updates = UpdateForms(self._requests, writer)
        self._read_rates = read_rates
        self._limits = limits
        self._prices = PriceCheck(read_rates, limits.price_moved_pct if limits else session.settings.price_moved_pct)
        # Trades that this plan has changed, as its last operation on them left them, if that was read.
        self._left: dict[int, LiveTrade | None] = {}
        self._averaging = AveragingStages(session, self._requests, writer, self._prices, limits)
        sale = SaleStages(session, self._requests, read_rates)
        self._handlers: dict[Stage, Handler] = (
            self._list_handlers() | self._averaging.list_handlers() | sale.list_handlers()
        )

    def note_change(self, live_id: int) -> None:
        """Remember that this plan has changed a trade before, so that it differs from what the plan was made for."""
        self._left.setdefault(live_id, None)

    def carry_out(self, operation: Operation) -> Outcome | None:
        """Carry out an operation; if a lost write had no effect, once more from the beginning.

        Returns:
            How it ended; None for a create, which `created` confirms with others.

        Raises:
            Unsettled: Nobody knows whether a write had its effect.
            ApiError: A request was refused; the run decides what that means.
        """
        if operation.action is Action.CREATE:
            return self._create(operation)
        live_id = operation.live_id
        if live_id is None:
            raise AssertionError("only a create has no precondition")
        is_later = live_id in self._left
        self.note_change(live_id)
        for _ in range(MOST_TRIES):
            try:
                return self._carry_once(operation, live_id, is_later=is_later)
            except HadNoEffect:
                continue
        return end(operation, OutcomeKind.FAILED, live_id, OutcomeReason.LOST_EVERY_TIME, tries=MOST_TRIES)

    def _create(self, operation: Operation) -> Outcome | None:
        """Send a create, once: one whose answer was lost and which reading does not show may still open a trade."""
        work = Work(operation=operation)
        outcome = self._carry_stages(work, [stage for stage in list_stages(operation) if stage not in SHARED_STAGES])
        if outcome is None and work.created is not None:
            self.created.add(work.created.id, operation)
        return outcome

    def _carry_once(self, operation: Operation, live_id: int, *, is_later: bool) -> Outcome:
        work = Work(operation=operation, live_id=live_id, is_later=is_later, left=self._left[live_id])
        outcome = self._carry_stages(work, list_stages(operation))
        if outcome is None:
            raise AssertionError(f"the last stage of {operation.action} gives an outcome")
        return outcome

    def _carry_stages(self, work: Work, stages: Sequence[Stage]) -> Outcome | None:
        for stage in stages:
            outcome = self._handlers[stage](work)
            if outcome is not None:
                return outcome
        return None

    def _list_handlers(self) -> dict[Stage, Handler]:
        return {
            Stage.READ: self._read,
            Stage.RATES: self._check_prices,
            Stage.ANNOUNCE: self._announce,
            Stage.UPDATE: self._update,
            Stage.NOTE: self._write_note,
            Stage.READ_BACK: self._read_back,
            Stage.CANCEL: self._cancel,
            Stage.CLOSE: self._close,
            Stage.AWAIT_END: self._await_end,
            Stage.CREATE: self._open,
            Stage.AWAIT_CREATED: self._await_created,
            Stage.CANCEL_STEP: self._cancel_step,
            Stage.AWAIT_STEP: self._await_step,
        }

    def _read(self, work: Work) -> Outcome | None:
        operation = work.operation
        live = self._requests.read(work.live_id)
        if live.phase is Phase.BUSY:
            live = wait_for(self._session, live.id, lambda now: now.phase is not Phase.BUSY)
        work.read = live
        if operation.action in AVERAGING_ACTIONS:
            return None
        if is_filled_meanwhile(operation, live):
            return self._end_filled(operation, live)
        if is_done(operation, live):
            self._note_done(work)
            return end(operation, OutcomeKind.ALREADY_DONE, live.id)
        if is_interrupted_replace(operation, live):
            return self._carry_stages(work, OPENING_STAGES)
        stale = find_staleness(operation, live, is_later=work.is_later, left=work.left)
        if stale is not None:
            return end_with(operation, OutcomeKind.STALE, live.id, stale)
        return self._check_offered(work)

    def _check_offered(self, work: Work) -> Outcome | None:
        """Check what needs no further request."""
        operation, live = work.operation, work.live
        if operation.action is Action.CANCEL and not live.flags.cancel:
            return end(operation, OutcomeKind.STALE, live.id, StaleReason.CANCEL_NOT_OFFERED, live_id=live.id)
        if operation.sells_rest:
            return self._check_sale(work)
        if operation.action is Action.CLOSE and not live.flags.close:
            return end(operation, OutcomeKind.STALE, live.id, StaleReason.CLOSE_NOT_OFFERED, live_id=live.id)
        if operation.action is Action.CANCEL_STEP:
            return self._choose_step(work)
        if operation.action is Action.UPDATE and not operation.executes:
            # The prices that the trade itself shows are enough for it.
            return self._check_prices(work)
        return None

    def _check_sale(self, work: Work) -> Outcome | None:
        """Check that the entry can still be cancelled, or that it was cancelled and nothing was opened since."""
        operation, live = work.operation, work.live
        if not has_ended(live):
            if live.flags.cancel:
                return None
            return end(operation, OutcomeKind.STALE, live.id, StaleReason.CANCEL_NOT_OFFERED, live_id=live.id)
        sale_id = find_sale(self._session, live)
        if sale_id is not None:
            taken = reason(OutcomeReason.IS_THAT_TRADE, live_id=sale_id)
            return end_with(operation, OutcomeKind.STALE, sale_id, taken)
        if may_be_sold(self._session, live):
            return end(operation, OutcomeKind.INDETERMINATE, live.id, OutcomeReason.SALE_UNKNOWN)
        work.ended = live
        return None

    def _note_done(self, work: Work) -> None:
        """Store the expected state of a trade whose step somebody cancelled by hand: all else must be as reviewed."""
        operation, live, expected = work.operation, work.live, work.operation.precondition
        if operation.action is Action.CANCEL_STEP and expected is not None and not work.is_later:
            planned = replace(expected.terms, steps=live.terms.steps)
            self._left[live.id] = replace(live, note=expected.note, terms=planned)

    def _check_prices(self, work: Work) -> Outcome | None:
        """End an operation that no longer fits the prices of its review.

        It no longer fits if a part would act at once now but not then, or if it executes at another price.
        """
        operation = work.operation
        if operation.action is Action.ADD_FUNDS:
            return self._averaging.check_prices(work)
        stale = self._prices.find_move(operation, None if operation.opens else work.live)
        if stale is None and operation.action is not Action.CLOSE:
            stale = self._find_fresh_fires(work)
        if stale is None and operation.opens and self._limits is not None:
            # These prices were read a moment ago.
            prices = self._read_rates(work.terms.account_id, work.terms.pair).prices
            stale = self._limits.find_passed(operation, prices)
        return None if stale is None else end_with(operation, OutcomeKind.STALE, work.live_id or None, stale)

    def _find_fresh_fires(self, work: Work) -> Reason | None:
        """Find what would act at once now and was not reviewed; None if nothing would."""
        operation, terms = work.operation, work.terms
        live = None if operation.opens else work.live
        prices = live.prices if live and live.prices else self._read_rates(terms.account_id, terms.pair).prices
        is_entered = live is not None and live.phase is not Phase.ENTERING
        fires = find_fires(terms, prices, is_entered=is_entered, executed=live.executed_terms if live else ())
        fresh = tuple(_name_fire(fire) for fire in fires if fire not in operation.fires)
        return reason(StaleReason.FIRES_NOW, last=str(prices.last), fires=fresh) if fresh else None

    def _announce(self, work: Work) -> Outcome | None:
        """Write the note under way; a trade that its answer shows edited is left, and the note is taken back."""
        operation, live = work.operation, work.live
        note = write_under_way(live.note, work.terms)
        work.read = live = live if note == live.note else self._requests.set_note(operation, live, note)
        stale, expected = find_staleness(operation, live), operation.precondition
        if stale is None:
            return None
        if expected is not None and live.note != expected.note:
            self._requests.set_note(operation, live, expected.note)
        return end_with(operation, OutcomeKind.STALE, live.id, stale)

    def _update(self, work: Work) -> Outcome | None:
        operation, live = work.operation, work.live
        work.changed = self._updates.send(operation, live, work.terms)
        if changes_entry(operation):
            missed = find_missed_fill(work.changed, work.terms)
            if missed is not None:
                return end_with(operation, OutcomeKind.FAILED, live.id, missed)
        work.is_note_ours = work.changed.note == live.note
        return None

    def _write_note(self, work: Work) -> Outcome | None:
        """Write the note that the operation leaves, unless somebody else has edited it meanwhile."""
        if work.operation.action is not Action.UPDATE:
            after = self._requests.set_note(work.operation, work.live)
            return judge_note(work.operation, work.live, after)
        if not work.is_note_ours:
            return self._read_back(work)
        work.changed = self._requests.set_note(work.operation, work.live)
        return self._end_update(work)

    def _read_back(self, work: Work) -> Outcome | None:
        before = work.after
        work.changed = self._requests.read(work.live_id)
        work.is_note_ours = work.is_note_ours and work.changed.note == before.note
        return self._end_update(work)

    def _end_update(self, work: Work) -> Outcome:
        operation, live = work.operation, work.after
        if not is_protected(live):
            live = wait_for(self._session, live.id, is_protected)
        self._left[live.id] = live
        can_compare = not has_ended(live) and is_protected(live)
        outcome = judge_update(operation, live, self._find_differences(work, live) if can_compare else ())
        if work.is_note_ours or outcome.kind is not OutcomeKind.APPLIED:
            return outcome
        return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.UPDATE_NOTE_EDITED)

    def _find_differences(self, work: Work, live: LiveTrade) -> tuple[FieldChange, ...]:
        """Find inputs that are others than the update asked for; its rounding by the exchange is none."""
        ignored = work.operation.ignored
        # The marker is still that of before, so it cannot tell which distance was sent.
        live = replace(live, terms=fill_distance(live.terms, work.terms))
        differs = compare(live, work.terms, ignored=ignored).all
        if not differs:
            return ()
        rates = self._read_rates(work.terms.account_id, work.terms.pair)
        return compare(live, work.terms, rates, ignored).all

    def _cancel(self, work: Work) -> Outcome | None:
        self._requests.cancel(work.operation, work.live)
        return None

    def _close(self, work: Work) -> Outcome | None:
        self._requests.close(work.operation, work.live)
        return None

    def _await_end(self, work: Work) -> Outcome | None:
        """Wait for the end; what a cancel has left as a position is reported with a trade that takes it over."""
        operation, live = work.operation, work.live
        work.ended = ended = wait_for(self._session, live.id, has_ended)
        if not has_ended(ended):
            is_close = operation.action is Action.CLOSE
            code = OutcomeReason.STILL_AFTER_CLOSE if is_close else OutcomeReason.STILL_AFTER_CANCEL
            return end(operation, OutcomeKind.FAILED, live.id, code, status=ended.status)
        if operation.action is Action.CLOSE:
            return end_with(operation, OutcomeKind.APPLIED, live.id, describe_end(ended))
        if operation.action is Action.REPLACE:
            return None if ended.was_never_filled else self._end_filled(operation, ended)
        if live.was_never_filled and filled_units(ended) > 0:
            return self._end_filled(operation, ended)
        return end(operation, OutcomeKind.APPLIED, live.id)

    def _end_filled(self, operation: Operation, ended: LiveTrade) -> Outcome:
        try:
            rates = self._read_rates(ended.terms.account_id, ended.terms.pair)
        except ApiError:
            # That coins are held is reported whatever else fails.
            rates = None
        return end_filled(operation, ended, rates)

    def _open(self, work: Work) -> Outcome | None:
        work.created = self._requests.create(work.operation, work.terms)
        return None

    def _await_created(self, work: Work) -> Outcome | None:
        """Confirm the second half of a replace."""
        if work.created is None:
            raise AssertionError("a trade is awaited after its create")
        operation, created_id = work.operation, work.created.id
        seen: dict[int, LiveTrade] = {}
        try:
            unlisted = watch_created(self._session, [created_id], is_confirmed, seen)
        except Interrupted as error:
            code = OutcomeReason.CREATED_INTERRUPTED
            return end(operation, OutcomeKind.INDETERMINATE, created_id, code, message=error.message)
        live = seen.get(created_id) or self._requests.read(created_id)
        return judge_create(operation, live, is_listed=not unlisted)

    def _choose_step(self, work: Work) -> Outcome | None:
        """Find the step, and refuse to cancel the last one that would stay open: that cancels the whole trade."""
        operation, live = work.operation, work.live
        step = next(step for step in live.open_steps if step.terms == operation.step)
        prices = live.prices or self._read_rates(live.terms.account_id, live.terms.pair).prices
        others = (other for other in live.open_steps if other.id != step.id)
        if all(is_step_reached(live.terms, other.terms, prices) for other in others):
            return end(operation, OutcomeKind.STALE, live.id, StaleReason.LAST_STEP)
        if not step.cancelable:
            return end(operation, OutcomeKind.STALE, live.id, StaleReason.STEP_NOT_OFFERED)
        work.step = step
        return None

    def _cancel_step(self, work: Work) -> Outcome | None:
        if work.step is None:
            raise AssertionError("a step is chosen before it is cancelled")
        self._requests.cancel_order(work.operation, work.live, work.step.id)
        return None

    def _await_step(self, work: Work) -> Outcome | None:
        operation, live = work.operation, work.live
        after = wait_for(self._session, live.id, lambda now: is_done(operation, now) or has_ended(now))
        outcome = judge_cancelled_step(work, after)
        if outcome.kind is OutcomeKind.APPLIED:
            self._left[live.id] = after
        return outcome


def _name_fire(fire: Fire) -> Reason:
    if fire == ENTRY_FIRES:
        return reason(StaleReason.FIRES_ENTRY)
    if fire == STOP_FIRES:
        return reason(StaleReason.FIRES_STOP)
    return reason(StaleReason.FIRES_OTHER, name=str(fire))
