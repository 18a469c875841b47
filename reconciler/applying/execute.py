"""Carrying out one operation: re-read, check, write, read what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from reconciler.applying.averaging_count import keep_count
from reconciler.applying.averaging_orders import AVERAGING_ACTIONS, AveragingCarrier
from reconciler.applying.polling import wait_for, watch_created
from reconciler.applying.preconditions import describe_edit, find_staleness, is_done, write_under_way
from reconciler.applying.reviewed_prices import PriceCheck
from reconciler.applying.takeover import filled_while_cancelling, held_units, is_filled_meanwhile
from reconciler.applying.writer import MOST_TRIES, HadNoEffect, Writer
from reconciler.clock import Clock
from reconciler.codec.body import write_body
from reconciler.codec.digests import entry_digest
from reconciler.codec.live_trades import read_trade
from reconciler.codec.note import read_note
from reconciler.codec.numbers import is_near, plain
from reconciler.diffing.compare import compare
from reconciler.diffing.firing import find_fires, is_step_reached
from reconciler.errors import ApiError, Interrupted
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.update_body import update_body
from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES
from reconciler.model.journal import Write, WriteKind
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.operations import Action, Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.terms import Step, Terms

RatesReader = Callable[[int, str], Rates]

# What a stop, or steps, that execute at once end with. Source: SmartTradesV2 page, statuses.
_CLOSED = frozenset({"stop_loss_finished", "finished"})
# How far a held size may be from the one that was asked for, as a share of it: fees in base currency make it smaller.
_HELD_TOLERANCE = Decimal("0.02")
_FIRE_WORDS = {ENTRY_FIRES: "the entry", STOP_FIRES: "the stop"}


class Carrier:
    """Carries out operations one at a time.

    Args:
        api: Where reads go.
        writer: Where writes go.
        clock: Where waiting happens.
        read_rates: Fresh prices of an account's pair.
        prices: Whether they still are those of the review; by default as close to them as by default.
    """

    def __init__(
        self,
        api: SmartTradeApi,
        writer: Writer,
        clock: Clock,
        read_rates: RatesReader,
        prices: PriceCheck | None = None,
    ) -> None:
        self._api = api
        self._writer = writer
        self._clock = clock
        self._read_rates = read_rates
        # Trades that this plan has changed, as its last operation on them left them where that was read.
        self._left: dict[int, LiveTrade | None] = {}
        self._prices = prices or PriceCheck(read_rates)
        self._averaging = AveragingCarrier(api, writer, clock, read_rates, self._prices)

    def note_change(self, live_id: int) -> None:
        """Remember that this plan has changed a trade before, so that it differs from what the plan was made for."""
        self._left.setdefault(live_id, None)

    @property
    def sent(self) -> int:
        """How many writes were sent so far."""
        return self._writer.sent

    def send_create(self, operation: Operation) -> LiveTrade | Outcome:
        """Send a create, once: one whose answer was lost and which reading does not show may still open a trade.

        Returns:
            The new trade, still to be confirmed; or an outcome, where nothing was opened.

        Raises:
            Unsettled: Nobody knows whether a trade was opened.
            ApiError: The create was refused, or never left.
        """
        terms = _terms_after(operation)
        body = write_body(terms)
        body["note"] = operation.note_after
        write = _write(operation, WriteKind.CREATE, None, note=operation.note_after, after=terms)
        crossed = self._find_crossed(operation, terms, is_entered=False)
        if crossed:
            return _end(operation, OutcomeKind.STALE, None, crossed)
        live = self._writer.send(write, lambda api: api.create(body))
        if live is None:
            raise AssertionError("a create is answered with an entity")
        return live

    def carry(self, operation: Operation) -> Outcome:
        """Carry out an operation on a live trade; where a lost write had no effect, once more from the beginning.

        Raises:
            Unsettled: Nobody knows whether a write had its effect.
            ApiError: A request was refused; the run decides what that means.
        """
        precondition = operation.precondition
        if precondition is None:
            raise AssertionError("only a create has no precondition")
        is_later = precondition.live_id in self._left
        self.note_change(precondition.live_id)
        for _ in range(MOST_TRIES):
            try:
                return self._carry_once(operation, precondition.live_id, is_later=is_later)
            except HadNoEffect:
                continue
        return _lost_every_time(operation, precondition.live_id)

    def _carry_once(self, operation: Operation, live_id: int, *, is_later: bool) -> Outcome:
        live = self._read(live_id)
        if live.phase is Phase.BUSY:
            live = wait_for(self._api, self._clock, live.id, lambda now: now.phase is not Phase.BUSY)
        if operation.action in AVERAGING_ACTIONS:
            return self._averaging.carry(operation, live, is_later=is_later, left=self._left[live.id])
        if is_filled_meanwhile(operation, live):
            return self._tell_filled(operation, live)
        if is_done(operation, live):
            self._note_done(operation, live, is_later=is_later)
            return _end(operation, OutcomeKind.ALREADY_DONE, live.id)
        if is_interrupted_replace(operation, live):
            return self._open_anew(operation)
        staleness = find_staleness(operation, live, is_later=is_later, left=self._left[live.id])
        if staleness:
            return _end(operation, OutcomeKind.STALE, live.id, staleness)
        carriers = {
            Action.UPDATE: self._update,
            Action.REPLACE: self._replace,
            Action.CANCEL: self._cancel,
            Action.CANCEL_STEP: self._cancel_step,
            Action.CLOSE: self._close,
            Action.SET_NOTE: self._set_note,
            Action.RELEASE: self._set_note,
        }
        return carriers[operation.action](operation, live)

    def _note_done(self, operation: Operation, live: LiveTrade, *, is_later: bool) -> None:
        """Of a trade whose step somebody has cancelled by hand, all else must still be as reviewed."""
        expected = operation.precondition
        if operation.action is Action.CANCEL_STEP and expected is not None and not is_later:
            planned = replace(expected.terms, steps=live.terms.steps)
            self._left[live.id] = replace(live, note=expected.note, terms=planned)

    def _update(self, operation: Operation, live: LiveTrade) -> Outcome:
        terms = _terms_after(operation)
        crossed = self._find_crossed(operation, terms, is_entered=live.phase is not Phase.ENTERING, live=live)
        if crossed:
            return _end(operation, OutcomeKind.STALE, live.id, crossed)
        if _changes_entry(operation):
            live = self._mark_under_way(operation, live, terms)
            staleness = self._find_late_staleness(operation, live)
            if staleness:
                return _end(operation, OutcomeKind.STALE, live.id, staleness)
        after = self._send_update(operation, live, terms)
        missed = _find_missed_fill(operation, after, terms)
        if missed:
            return _end(operation, OutcomeKind.FAILED, live.id, missed)
        is_note_ours = after.note == live.note
        if operation.note_after and is_note_ours:
            live = self._send_note(operation, live)
        else:
            live = self._read(live.id)
            is_note_ours = is_note_ours and live.note == after.note
        if not is_protected(live):
            live = wait_for(self._api, self._clock, live.id, is_protected)
        self._left[live.id] = live
        outcome = self._judge_update(operation, live, terms)
        if is_note_ours or outcome.kind is not OutcomeKind.APPLIED:
            return outcome
        text = "the update was taken, but its note was edited at the same time and is left as it is; plan again"
        return _end(operation, OutcomeKind.FAILED, live.id, text)

    def _judge_update(self, operation: Operation, live: LiveTrade, terms: Terms) -> Outcome:
        if operation.closes and live.status in _CLOSED:
            return _end(operation, OutcomeKind.APPLIED, live.id, f"ended as planned: {describe_end(live)}")
        if live.phase is Phase.ENDED:
            return _end(operation, OutcomeKind.FAILED, live.id, f"it ended while it was updated: {live.status}")
        if not is_protected(live):
            text = f"the update was taken, but the stop does not stand ({live.stop_status}); look at it now, plan again"
            return _end(operation, OutcomeKind.FAILED, live.id, text)
        differs = compare(live, terms, ignored=operation.ignored).all
        if differs:
            rates = self._read_rates(terms.account_id, terms.pair)
            differs = compare(live, terms, rates, operation.ignored).all
        if differs:
            paths = ", ".join(change.path for change in differs)
            return _end(operation, OutcomeKind.FAILED, live.id, f"3Commas took the update but shows another {paths}")
        return _end(operation, OutcomeKind.APPLIED, live.id)

    def _replace(self, operation: Operation, live: LiveTrade) -> Outcome:
        crossed = self._find_crossed(operation, _terms_after(operation), is_entered=False)
        if crossed:
            # Nothing is cancelled for a trade that would not be opened.
            return _end(operation, OutcomeKind.STALE, live.id, crossed)
        live = self._mark_under_way(operation, live, _terms_after(operation))
        staleness = self._find_late_staleness(operation, live)
        if staleness:
            return _end(operation, OutcomeKind.STALE, live.id, staleness)
        self._send_cancel(operation, live)
        ended = wait_for(self._api, self._clock, live.id, has_ended)
        if ended.phase is not Phase.ENDED:
            return _end(operation, OutcomeKind.FAILED, live.id, f"still {ended.status} after the cancel; plan again")
        if not ended.was_never_filled:
            return self._tell_filled(operation, ended)
        return self._open_anew(operation)

    def _open_anew(self, operation: Operation) -> Outcome:
        """The second half of a replace: the old trade is cancelled and was never filled."""
        created = self.send_create(operation)
        if isinstance(created, Outcome):
            return created
        seen: dict[int, LiveTrade] = {}
        try:
            unlisted = watch_created(self._api, self._clock, [created.id], is_confirmed, seen)
        except Interrupted as error:
            return _end(operation, OutcomeKind.INDETERMINATE, created.id, f"it was created; {error.message}")
        live = seen.get(created.id) or self._read(created.id)
        return judge_create(operation, live, is_listed=not unlisted)

    def _cancel(self, operation: Operation, live: LiveTrade) -> Outcome:
        if not live.flags.cancel:
            return _end(operation, OutcomeKind.STALE, live.id, f"3Commas does not offer to cancel #{live.id} now")
        had_position = not live.was_never_filled
        self._send_cancel(operation, live)
        ended = wait_for(self._api, self._clock, live.id, has_ended)
        if ended.phase is not Phase.ENDED:
            return _end(operation, OutcomeKind.FAILED, live.id, f"still {ended.status} after the cancel; plan again")
        if not had_position and held_units(ended) > 0:
            return self._tell_filled(operation, ended)
        return _end(operation, OutcomeKind.APPLIED, live.id)

    def _tell_filled(self, operation: Operation, ended: LiveTrade) -> Outcome:
        try:
            rates = self._read_rates(ended.terms.account_id, ended.terms.pair)
        except ApiError:
            # That coins are held is to be told whatever else fails.
            rates = None
        return filled_while_cancelling(operation, ended, rates)

    def _cancel_step(self, operation: Operation, live: LiveTrade) -> Outcome:
        step = next(step for step in live.open_steps if step.terms == operation.step)
        prices = live.prices or self._read_rates(live.terms.account_id, live.terms.pair).prices
        stays = [
            other
            for other in live.open_steps
            if other.id != step.id and not is_step_reached(live.terms, other.terms, prices)
        ]
        if not stays:
            text = "no other step would stay open, and cancelling the last one would cancel the whole trade"
            return _end(operation, OutcomeKind.STALE, live.id, text)
        if not step.cancelable:
            return _end(operation, OutcomeKind.STALE, live.id, "3Commas does not offer to cancel this step now")
        write = _write(operation, WriteKind.CANCEL_STEP, live.id, step_id=step.id)
        self._writer.send(write, lambda api: api.cancel_trade(live.id, step.id))
        after = wait_for(self._api, self._clock, live.id, lambda now: is_done(operation, now) or has_ended(now))
        if after.status != live.status:
            return _end(
                operation, OutcomeKind.FAILED, live.id, f"#{live.id} is {after.status} after the step was cancelled"
            )
        if not is_done(operation, after):
            return _end(operation, OutcomeKind.FAILED, live.id, "the step is still there; plan again")
        has_other_steps = _count_steps(after) != _count_steps(live) - Counter([step.terms])
        edit = describe_edit(after, replace(live.terms, steps=after.terms.steps))
        if has_other_steps or edit or after.note != live.note:
            what = edit or ("other steps were edited" if has_other_steps else "the note was edited")
            text = f"the step is gone, and at the same time {what}; plan again"
            return _end(operation, OutcomeKind.FAILED, live.id, text)
        self._left[live.id] = after
        return _end(operation, OutcomeKind.APPLIED, live.id)

    def _close(self, operation: Operation, live: LiveTrade) -> Outcome:
        if not live.flags.close:
            return _end(operation, OutcomeKind.STALE, live.id, f"3Commas does not offer to close #{live.id} now")
        moved = self._prices.find_move(operation, live)
        if moved:
            return _end(operation, OutcomeKind.STALE, live.id, moved)
        self._writer.send(_write(operation, WriteKind.CLOSE, live.id), lambda api: api.close_by_market(live.id))
        ended = wait_for(self._api, self._clock, live.id, has_ended)
        if ended.phase is not Phase.ENDED:
            return _end(operation, OutcomeKind.FAILED, live.id, f"still {ended.status} after the close; plan again")
        return _end(operation, OutcomeKind.APPLIED, live.id, describe_end(ended))

    def _set_note(self, operation: Operation, live: LiveTrade) -> Outcome:
        after = self._send_note(operation, live)
        if after.note != keep_count(operation.note_after or "", after):
            return _end(operation, OutcomeKind.FAILED, live.id, "3Commas shows another note than the one it was sent")
        if after.phase is Phase.ENDED:
            return _end(operation, OutcomeKind.APPLIED, live.id, f"the trade has ended meanwhile: {after.status}")
        edit = describe_edit(after, live.terms)
        return _end(operation, OutcomeKind.APPLIED, live.id, f"at the same time {edit}; plan again" if edit else "")

    def _mark_under_way(self, operation: Operation, live: LiveTrade, terms: Terms) -> LiveTrade:
        note = write_under_way(live.note, terms)
        return live if note == live.note else self._send_note(operation, live, note)

    def _find_late_staleness(self, operation: Operation, live: LiveTrade) -> str:
        """Why a trade, as the answer to its announcement shows it, does not fit any more; that is then taken back."""
        staleness = find_staleness(operation, live)
        expected = operation.precondition
        if staleness and expected is not None and live.note != expected.note:
            self._send_note(operation, live, expected.note)
        return staleness

    def _send_note(self, operation: Operation, live: LiveTrade, note: str | None = None) -> LiveTrade:
        """The trade with another note, by default the one that the operation leaves."""
        text = keep_count(note or operation.note_after or "", live)
        write = _write(operation, WriteKind.SET_NOTE, live.id, note=text)
        after = self._writer.send(write, lambda api: api.set_note(live.id, text))
        return after or self._read(live.id)

    def _send_update(self, operation: Operation, live: LiveTrade, terms: Terms) -> LiveTrade:
        paths = [change.path for change in operation.changes]
        body = update_body(live.entity, terms, {_group_to_send(path) for path in paths})
        write = _write(operation, WriteKind.UPDATE, live.id, after=terms, changed=tuple(paths))
        return self._writer.send(write, lambda api: api.update(live.id, body)) or self._read(live.id)

    def _send_cancel(self, operation: Operation, live: LiveTrade) -> None:
        self._writer.send(_write(operation, WriteKind.CANCEL, live.id), lambda api: api.cancel(live.id))

    def _find_crossed(
        self, operation: Operation, terms: Terms, *, is_entered: bool, live: LiveTrade | None = None
    ) -> str:
        """What does not fit the prices of the review any more; empty where all does.

        That is what would act at once now and would not have then, and what executes at another price.
        """
        moved = self._prices.find_move(operation, live)
        if moved:
            return moved
        prices = live.prices if live and live.prices else self._read_rates(terms.account_id, terms.pair).prices
        executed = live.executed_terms if live else ()
        fires = find_fires(terms, prices, is_entered=is_entered, executed=executed)
        fresh = [fire for fire in fires if fire not in operation.fires]
        if not fresh:
            return ""
        words = ", ".join(_FIRE_WORDS.get(fire, str(fire)) for fire in fresh)
        return f"the price moved to {prices.last} since the plan was made, now: {words} at once; plan again"

    def _read(self, live_id: int) -> LiveTrade:
        return read_trade(self._api.get(live_id))


def is_interrupted_replace(operation: Operation, live: LiveTrade) -> bool:
    """Whether this replace was begun before: its old trade is cancelled, unfilled, and marked for the new entry."""
    if operation.action is not Action.REPLACE or operation.after is None:
        return False
    marker = live.reading.marker
    return (
        live.status == "cancelled"
        and live.was_never_filled
        and marker is not None
        and marker.entry.pending == entry_digest(operation.after)
    )


def is_confirmed(live: LiveTrade) -> bool:
    """Whether a new trade has left `created` and, where its position is held, its stop stands."""
    return live.phase is not Phase.BUSY and is_protected(live)


def judge_create(operation: Operation, live: LiveTrade, *, is_listed: bool = True) -> Outcome:
    """The outcome of a create whose trade has settled, or did not in time.

    Args:
        operation: What was carried out.
        live: The new trade.
        is_listed: Whether lists show it; to a plan made before they do it does not exist.
    """
    if live.status == "failed":
        return _end(operation, OutcomeKind.FAILED, live.id, f"#{live.id} failed: {live.error or 'no reason given'}")
    if live.phase is Phase.BUSY:
        return _end(operation, OutcomeKind.FAILED, live.id, f"#{live.id} is still {live.status}; plan again")
    if not is_protected(live):
        text = f"#{live.id} is open and its stop does not stand ({live.stop_status}); look at it now, plan again"
        return _end(operation, OutcomeKind.FAILED, live.id, text)
    has_marker = read_note(operation.note_after).marker == live.reading.marker
    if not has_marker:
        return _end(operation, OutcomeKind.FAILED, live.id, f"#{live.id} does not show the marker that it was sent")
    if not is_listed:
        text = f"lists do not show #{live.id} yet, so it was read by its id; plan again until they do"
        return replace(_end(operation, OutcomeKind.APPLIED, live.id, text), is_listed=False)
    return _end(operation, OutcomeKind.APPLIED, live.id, describe_end(live) if live.phase is Phase.ENDED else "")


def _changes_entry(operation: Operation) -> bool:
    return any(change.path.startswith("position") for change in operation.changes)


def _find_missed_fill(operation: Operation, after: LiveTrade, terms: Terms) -> str:
    """The old entry filled right before the update, so the note must not say that the new one applies; else empty."""
    is_filled = _changes_entry(operation) and after.phase is not Phase.ENTERING
    if not is_filled or is_near(after.terms.entry.units, terms.entry.units, _HELD_TOLERANCE):
        return ""
    held = f"{plain(after.terms.entry.units)} {terms.base}"
    return f"#{after.id} was filled while its entry was changed: {held} instead of {plain(terms.entry.units)}"


def _group_to_send(path: str) -> str:
    """Steps go as one group, since they are rebuilt together; so does a stop that is only to be armed again."""
    if path.startswith("take_profit"):
        return "take_profit"
    return "stop_loss" if path == "stop_loss.status" else path


def is_protected(live: LiveTrade) -> bool:
    """Whether no position is held without the stop that should stand behind it."""
    return live.phase is not Phase.OPEN or live.terms.stop_loss is None or live.is_stop_armed


def _count_steps(live: LiveTrade) -> Counter[Step]:
    """The steps that were not taken away: what executes meanwhile stays among them."""
    return Counter(step.terms for step in live.steps if not step.is_cancelled)


def has_ended(live: LiveTrade) -> bool:
    """Whether the trade is over."""
    return live.phase is Phase.ENDED


def describe_end(live: LiveTrade) -> str:
    """How a trade ended, with its profit."""
    return live.status if live.profit is None else f"{live.status}, profit {live.profit} {live.terms.quote}"


def _terms_after(operation: Operation) -> Terms:
    if operation.after is None:
        raise AssertionError(f"{operation.action} has no terms")
    return operation.after


def _write(
    operation: Operation,
    kind: WriteKind,
    live_id: int | None,
    *,
    step_id: int | None = None,
    note: str | None = None,
    after: Terms | None = None,
    changed: tuple[str, ...] = (),
) -> Write:
    return Write(
        kind=kind,
        trade=operation.trade,
        generation=operation.generation,
        live_id=live_id,
        step_id=step_id,
        note=note,
        after=after,
        changed=changed,
        account_id=_account_of(operation, kind),
    )


def _account_of(operation: Operation, kind: WriteKind) -> int:
    """The account of the trade that a write creates or works on; 0 where the operation does not say it."""
    if operation.precondition is not None and kind is not WriteKind.CREATE:
        return operation.precondition.terms.account_id
    return 0 if operation.after is None else operation.after.account_id


def _lost_every_time(operation: Operation, live_id: int | None) -> Outcome:
    text = f"it was sent {MOST_TRIES} times without an answer, and by reading it had no effect; apply again later"
    return _end(operation, OutcomeKind.FAILED, live_id, text)


def _end(operation: Operation, kind: OutcomeKind, live_id: int | None, text: str = "") -> Outcome:
    return Outcome(operation=operation, kind=kind, live_id=live_id, text=text)
