"""The close of a partly filled entry: the rest is cancelled, and a trade on own funds sells what is held.

3Commas offers no close while an entry waits, and its cancel keeps the coins. A run that dies after the cancel leaves
it in the journal, and the next one goes on from there; one that dies after the opening leaves a trade with the marker
of the old one, which is closed like any other. So nothing is ever opened, or sold, twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reconciler.applying.endings import end, end_with
from reconciler.applying.polling import wait_for
from reconciler.applying.requests import Requests
from reconciler.applying.reviewed_prices import RatesReader
from reconciler.applying.takeover import take_over
from reconciler.applying.trade_checks import NO_REASON_GIVEN, describe_end, filled_units, has_ended, has_failed
from reconciler.applying.work import Work
from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.note import write_note, write_sale_text
from reconciler.codec.numbers import truncate
from reconciler.errors import AccessRefused, ApiError, RequestRefused
from reconciler.matching.sighting import owned_marker
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.marker import Digest
from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Amount, reason
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Terms
from reconciler.planning.stages import Stage
from reconciler.session import Session

Handler = Callable[[Work], Outcome | None]


class SaleStages:
    """Carries out the stages that close a partly filled entry.

    Args:
        session: Where to read and to wait.
        requests: Where writes go.
        read_rates: Reads prices and limits of an account's pair.
    """

    def __init__(self, session: Session, requests: Requests, read_rates: RatesReader) -> None:
        self._session = session
        self._requests = requests
        self._read_rates = read_rates

    def list_handlers(self) -> dict[Stage, Handler]:
        """List what carries out which stage."""
        return {
            Stage.TAKE_BACK: self._take_back,
            Stage.AWAIT_REST: self._await_rest,
            Stage.LOTS: self._choose_size,
            Stage.OPEN_SALE: self._open,
            Stage.AWAIT_SALE: self._await_open,
            Stage.SELL: self._sell,
            Stage.AWAIT_SOLD: self._await_sold,
        }

    def _take_back(self, work: Work) -> Outcome | None:
        self._requests.take_back(work.operation, work.live)
        return None

    def _await_rest(self, work: Work) -> Outcome | None:
        operation, live = work.operation, work.live
        work.ended = ended = wait_for(self._session, live.id, has_ended)
        if not has_ended(ended):
            code = OutcomeReason.STILL_AFTER_CANCEL
            return end(operation, OutcomeKind.FAILED, live.id, code, status=ended.status)
        if ended.status == TradeStatus.CANCELLED and filled_units(ended) > 0:
            return None
        # The exits were quicker than the cancel.
        return end_with(operation, OutcomeKind.APPLIED, live.id, describe_end(ended))

    def _choose_size(self, work: Work) -> Outcome | None:
        """Cut what is held to whole lots, if the exchange tells their size."""
        ended = _ended(work)
        rates = self._find_rates(ended)
        held = filled_units(ended)
        work.sold_units = held if rates is None or not rates.lot_step else truncate(held, rates.lot_step)
        if work.sold_units > 0:
            return None
        return self._give_up(work, f"it is less than one lot of {ended.terms.pair}")

    def _open(self, work: Work) -> Outcome | None:
        operation, ended = work.operation, _ended(work)
        if ended.reading.marker is None:
            # Without its name nobody would find what sells it.
            return self._give_up(work, "its note was edited meanwhile and names no trade of the workspace any more")
        if not _is_same_trade(ended, work.live):
            # Under that name there may be a trade already, and a plan does nothing for a name that is live twice.
            return self._give_up(work, "its note was edited meanwhile and names another trade")
        terms = _sale_terms(operation, ended, work)
        # Under the name in the marker, by which it is searched for, though the files may have another one by now.
        name = owned_marker(ended).name
        opening = replace(operation, trade=name, after=terms, note_after=_write_sale_note(ended, terms))
        try:
            work.created = self._requests.create(opening, terms)
        except AccessRefused:
            raise
        except RequestRefused as error:
            return self._give_up(work, error.message)
        return None

    def _await_open(self, work: Work) -> Outcome | None:
        """Wait until the sale is open, or has failed for a reason of the exchange."""
        created = _created(work)
        work.created = live = wait_for(self._session, created.id, lambda now: now.flags.close or has_ended(now))
        if has_failed(live):
            return self._give_up(work, live.error or NO_REASON_GIVEN, live.id)
        if has_ended(live):
            return self._end_sold(work, live)
        return None if live.flags.close else self._end_held(work, live)

    def _sell(self, work: Work) -> Outcome | None:
        self._requests.close(work.operation, _created(work))
        return None

    def _await_sold(self, work: Work) -> Outcome | None:
        live = wait_for(self._session, _created(work).id, has_ended)
        if has_failed(live):
            return self._give_up(work, live.error or NO_REASON_GIVEN, live.id)
        return self._end_sold(work, live) if has_ended(live) else self._end_held(work, live)

    def _end_sold(self, work: Work, live: LiveTrade) -> Outcome:
        if live.status == TradeStatus.CANCELLED:
            return self._give_up(work, f"it is {live.status}", live.id)
        units = Amount(work.sold_units, live.terms.unit)
        why = reason(OutcomeReason.REST_CLOSED, live_id=live.id, units=units, end=describe_end(live))
        return end_with(work.operation, OutcomeKind.APPLIED, live.id, why)

    def _end_held(self, work: Work, live: LiveTrade) -> Outcome:
        units = Amount(work.sold_units, live.terms.unit)
        code = OutcomeReason.REST_STILL_HELD
        return end(work.operation, OutcomeKind.FAILED, live.id, code, live_id=live.id, units=units, status=live.status)

    def _give_up(self, work: Work, problem: str, live_id: int | None = None) -> Outcome:
        """Make the outcome of coins that are still held, with the trade that can take them over."""
        operation, ended = work.operation, _ended(work)
        units = Amount(filled_units(ended), ended.terms.unit)
        return Outcome(
            operation=operation,
            kind=OutcomeKind.FILLED_WHILE_CANCELLING,
            live_id=ended.id,
            reason=reason(OutcomeReason.REST_NOT_SOLD, units=units, problem=problem, live_id=live_id),
            takeover=take_over(ended, _reviewed_terms(operation, ended), self._find_rates(ended)),
        )

    def _find_rates(self, live: LiveTrade) -> Rates | None:
        try:
            return self._read_rates(live.terms.account_id, live.terms.pair)
        except ApiError:
            # What is held is sold, or reported, whatever else fails.
            return None


def _is_same_trade(ended: LiveTrade, live: LiveTrade) -> bool:
    """Return whether the note of a trade still says whose it is as it did before the change."""
    after, before = ended.reading.marker, live.reading.marker
    return (
        after is not None
        and before is not None
        and (after.workspace, after.name, after.generation) == (before.workspace, before.name, before.generation)
    )


def _sale_terms(operation: Operation, ended: LiveTrade, work: Work) -> Terms:
    """Return a trade on own funds, without steps and stop: it is closed at once."""
    held = take_over(ended, _reviewed_terms(operation, ended), None)
    return replace(held, entry=replace(held.entry, units=work.sold_units), steps=(), stop_loss=None)


def _write_sale_note(ended: LiveTrade, terms: Terms) -> str:
    """Write the marker of the trade that is closed, for its sale: the next run finds it under the same name."""
    marker = owned_marker(ended)
    entry, exits = Digest(applied=entry_digest(terms)), Digest(applied=exits_digest(terms))
    return write_note(replace(marker, entry=entry, exits=exits, averaging_sent=0), write_sale_text(ended.id))


def _reviewed_terms(operation: Operation, ended: LiveTrade) -> Terms:
    return operation.precondition.terms if operation.precondition else ended.terms


def _ended(work: Work) -> LiveTrade:
    if work.ended is None:
        raise AssertionError("what is held is known before it is sold")
    return work.ended


def _created(work: Work) -> LiveTrade:
    if work.created is None:
        raise AssertionError("a sale is opened before it is closed")
    return work.created
