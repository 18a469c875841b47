"""One run of commands: each is sent right away, and what became of it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from reconciler.applying.confirm import Confirmer, Verdict
from reconciler.applying.execute import RatesReader, describe_end
from reconciler.applying.lost_answers import Unsettled
from reconciler.applying.polling import watch_ended
from reconciler.applying.run import concerns_one_trade
from reconciler.applying.takeover import describe_filled, take_over
from reconciler.applying.writer import MOST_TRIES, HadNoEffect, Writer
from reconciler.clock import Clock
from reconciler.codec.live_trades import read_trade
from reconciler.codec.numbers import plain
from reconciler.errors import ApiError, Interrupted, JournalError, ReconcilerError
from reconciler.journal.protocol import Journal
from reconciler.live.endpoints import Entity, SmartTradeApi
from reconciler.model.commands import ENDING_KINDS, Command, CommandKind, CommandOutcome, Funds
from reconciler.model.journal import Seen, Write, WriteKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.terms import Terms

_WRITES = {
    CommandKind.START: WriteKind.FORCE_START,
    CommandKind.PROCESS: WriteKind.FORCE_PROCESS,
    CommandKind.CLOSE: WriteKind.CLOSE,
    CommandKind.CANCEL: WriteKind.CANCEL,
    CommandKind.ADD_FUNDS: WriteKind.ADD_FUNDS,
    CommandKind.REDUCE_FUNDS: WriteKind.REDUCE_FUNDS,
    CommandKind.NOTE: WriteKind.SET_NOTE,
    CommandKind.CLOSE_STEP: WriteKind.CLOSE_STEP,
    CommandKind.CANCEL_STEP: WriteKind.CANCEL_STEP,
    CommandKind.CANCEL_ORDER: WriteKind.CANCEL_ORDER,
}


class CommandObserver(Protocol):
    """Told what happens, for progress on the screen."""

    def ended(self, outcome: CommandOutcome) -> None:
        """A command has its outcome."""
        ...


@dataclass(kw_only=True)
class CommandResult:
    """What a run of commands did.

    Attributes:
        outcomes: One for each command, in the order in which they ended.
        error: What stopped the run before its end, or None.
        was_interrupted: Whether the user stopped it.
    """

    outcomes: list[CommandOutcome] = field(default_factory=list)
    error: ReconcilerError | None = None
    was_interrupted: bool = False

    def count(self, *kinds: OutcomeKind) -> int:
        """How many commands ended in one of some ways."""
        return sum(outcome.kind in kinds for outcome in self.outcomes)


def carry_out_commands(
    commands: Sequence[Command],
    api: SmartTradeApi,
    clock: Clock,
    *,
    observer: CommandObserver,
    journal: Journal,
    settle_s: float,
    read_rates: RatesReader,
    should_stop: Callable[[], bool] = lambda: False,
) -> CommandResult:
    """Send commands in order, at most one for each trade, then confirm those that end a trade by few readings for all.

    What fails, fails alone; a refusal of the key, a rate limit, a dead line and a lost lock stop the run, and so does
    the user, between two commands.

    Args:
        commands: What to do; their trades were read a moment ago.
        api: Where requests go.
        clock: Where waiting happens.
        observer: Told what happens.
        journal: Where writes are written down before they leave, and what came of them.
        settle_s: How long something that was sent may take to show up, in seconds.
        read_rates: Prices and limits of an account's pair.
        should_stop: Asked before each command.
    """
    run = _Run(api, clock, observer, journal, Writer(api, clock, journal, settle_s), read_rates)
    for place, command in enumerate(commands):
        if should_stop():
            run.result.was_interrupted = True
        elif run.result.error is None:
            run.step(command)
        if run.result.was_interrupted or run.result.error is not None:
            run.confirm_ended()
            run.leave(commands[place:])
            break
    else:
        run.confirm_ended()
    return run.result


def find_change(then: LiveTrade, now: LiveTrade) -> str:
    """What has happened to a trade since the user was asked that matters to every command; empty where nothing has.

    Args:
        then: The trade as the question showed it.
        now: The trade as it is.
    """
    if now.status != then.status:
        return f"#{now.id} is {now.status} now, it was {then.status} before"
    if (now.entered_units, now.closed_units) != (then.entered_units, then.closed_units):
        before, after = then.entered_units - then.closed_units, now.entered_units - now.closed_units
        return f"#{now.id} holds {plain(after)} {now.terms.base} now, it was {plain(before)} before"
    return ""


def _write(command: Command) -> Write:
    live = command.live
    seen = Seen(
        phase=live.phase,
        entered_units=live.entered_units,
        closed_units=live.closed_units,
        order_ids=command.order_ids,
    )
    return Write(
        kind=_WRITES[command.kind],
        trade=command.trade,
        generation=command.generation,
        live_id=live.id,
        step_id=command.step_id,
        note=command.note,
        seen=seen,
        account_id=live.terms.account_id,
    )


class _Changed(Exception):
    """The trade is not what the user was asked about any more."""


class _Run:
    """The bookkeeping of one run."""

    def __init__(
        self,
        api: SmartTradeApi,
        clock: Clock,
        observer: CommandObserver,
        journal: Journal,
        writer: Writer,
        read_rates: RatesReader,
    ) -> None:
        self.result = CommandResult()
        self._api = api
        self._clock = clock
        self._observer = observer
        self._journal = journal
        self._writer = writer
        self._read_rates = read_rates
        self._confirmer = Confirmer(api, clock)
        self._unconfirmed: dict[int, Command] = {}
        self._begun: set[int] = set()

    def step(self, command: Command) -> None:
        """One command."""
        self._begun.add(command.live.id)
        sent = self._writer.sent
        try:
            # In an emergency the room that is kept for what protects is there to be used.
            with self._api.session.budget.protecting(is_protecting=command.kind in ENDING_KINDS):
                after = self._send(command)
                if command.kind in ENDING_KINDS:
                    self._unconfirmed[command.live.id] = command
                else:
                    self._end(command, *self._confirmer.confirm(command, after))
        except HadNoEffect:
            text = f"it was sent {MOST_TRIES} times without an answer; nothing shows that it had an effect"
            self._end(command, OutcomeKind.FAILED, f"{text}; run it again later")
        except _Changed as error:
            self._end(command, OutcomeKind.STALE, f"{error}; run it again")
        except Interrupted as error:
            self.result.was_interrupted = True
            is_sent = self._writer.sent > sent
            text = f"{error.message}, before what was sent could be confirmed; run it again" if is_sent else ""
            self._end(command, OutcomeKind.INDETERMINATE if is_sent else OutcomeKind.NOT_STARTED, text)
        except Unsettled as error:
            self._end(command, OutcomeKind.INDETERMINATE, error.message)
            if error.cause is not None and not concerns_one_trade(error.cause):
                self.result.error = error.cause
        except ReconcilerError as error:
            if command.kind in ENDING_KINDS and concerns_one_trade(error) and self._find_ended(command):
                return
            self._end(command, OutcomeKind.FAILED, error.message)
            if not concerns_one_trade(error):
                self.result.error = error

    def _find_ended(self, command: Command) -> bool:
        """Whether a trade that refused to end has ended before; if so, that is its outcome."""
        try:
            live = read_trade(self._api.get(command.live.id))
        except ApiError:
            return False
        if live.phase is Phase.ENDED:
            self._end(command, OutcomeKind.ALREADY_DONE, f"it had ended before: {describe_end(live)}")
        return live.phase is Phase.ENDED

    def confirm_ended(self) -> None:
        """Read what became of all trades that were told to end."""
        seen: dict[int, LiveTrade] = {}
        try:
            with self._api.session.budget.protecting(is_protecting=True):
                if self._unconfirmed:
                    watch_ended(self._api, self._clock, self._unconfirmed, seen)
        except ApiError as error:
            self.result.error = self.result.error or error
        for live_id, command in self._unconfirmed.items():
            self._end(command, *_judge_end(command, seen.get(live_id)), self._take_over(command, seen.get(live_id)))
        self._unconfirmed.clear()

    def _take_over(self, command: Command, live: LiveTrade | None) -> Terms | None:
        """What takes charge of an entry that was filled while it was cancelled, else None."""
        if live is None or not _has_filled_meanwhile(command, live):
            return None
        try:
            rates = self._read_rates(live.terms.account_id, live.terms.pair)
        except ApiError:
            rates = None
        return take_over(live, command.live.terms, rates)

    def leave(self, commands: Sequence[Command]) -> None:
        """Commands that were not begun."""
        for command in commands:
            if command.live.id not in self._begun:
                self._end(command, OutcomeKind.NOT_STARTED, "")

    def _send(self, command: Command) -> LiveTrade | None:
        write = _write(command)
        for place in range(MOST_TRIES):
            try:
                return self._writer.send(write, partial(_request, command))
            except HadNoEffect:
                if place == MOST_TRIES - 1:
                    raise
                change = find_change(command.live, read_trade(self._api.get(command.live.id)))
                if change:
                    raise _Changed(change) from None
        raise AssertionError("the last try returns or raises")

    def _end(self, command: Command, kind: OutcomeKind, text: str, takeover: Terms | None = None) -> None:
        outcome = CommandOutcome(command=command, kind=kind, text=text, takeover=takeover)
        try:
            self._journal.record_command(outcome)
        except JournalError as error:
            # What was done is done and is told; nothing more may be sent.
            self.result.error = self.result.error or error
        self.result.outcomes.append(outcome)
        self._observer.ended(outcome)


def _request(command: Command, api: SmartTradeApi) -> Entity:
    live_id = command.live.id
    match command.kind:
        case CommandKind.START:
            return api.force_start(live_id)
        case CommandKind.PROCESS:
            return api.force_process(live_id)
        case CommandKind.CLOSE:
            return api.close_by_market(live_id)
        case CommandKind.CANCEL:
            return api.cancel(live_id)
        case CommandKind.ADD_FUNDS:
            return api.add_funds(live_id, _funds_body(command.funds))
        case CommandKind.REDUCE_FUNDS:
            return api.reduce_funds(live_id, _funds_body(command.funds))
        case CommandKind.NOTE:
            return api.set_note(live_id, command.note or "")
        case CommandKind.CLOSE_STEP:
            return api.close_trade(live_id, command.step_id or 0)
        case CommandKind.CANCEL_STEP | CommandKind.CANCEL_ORDER:
            return api.cancel_trade(live_id, command.step_id or 0)


def _has_filled_meanwhile(command: Command, live: LiveTrade | None) -> bool:
    """Whether a cancel that was to free an order has left a position instead."""
    return (
        command.kind is CommandKind.CANCEL
        and command.live.was_never_filled
        and live is not None
        and live.status == "cancelled"
        and not live.was_never_filled
    )


def _judge_end(command: Command, live: LiveTrade | None) -> Verdict:
    if live is None:
        return OutcomeKind.INDETERMINATE, "it was sent and taken, but the trade could not be read back"
    if live.phase is not Phase.ENDED:
        return OutcomeKind.FAILED, f"it was taken, and the trade is still {live.status}; look again"
    if live.status == "failed":
        return OutcomeKind.FAILED, f"the trade failed: {live.error or 'no reason given'}"
    if command.kind is CommandKind.CANCEL and live.status == "cancelled":
        return _judge_cancel(command, live)
    return OutcomeKind.APPLIED, describe_end(live)


def _judge_cancel(command: Command, live: LiveTrade) -> Verdict:
    if live.was_never_filled:
        return OutcomeKind.APPLIED, ""
    if command.live.was_never_filled:
        return OutcomeKind.FILLED_WHILE_CANCELLING, describe_filled(live)
    held = live.held_units
    return OutcomeKind.APPLIED, f"{plain(held)} {live.terms.base} stay, without steps and stop"


def _funds_body(funds: Funds | None) -> Entity:
    if funds is None:
        raise AssertionError("a change of funds says how much")
    body: Entity = {"order_type": funds.order_type.value, "units": {"value": plain(funds.units)}}
    if funds.price is not None:
        body["price"] = {"value": plain(funds.price)}
    return body
