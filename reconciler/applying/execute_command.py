"""Operations by hand: each is sent right away, and what became of it is read.

Nothing that commits money is sent twice in one run, and nothing is sent to a trade that is not as the user was asked.
"""

from __future__ import annotations

from collections.abc import Callable

from reconciler.applying.confirm_command import Confirmer, judge_end
from reconciler.applying.endings import end, end_with
from reconciler.applying.lost_answers import Unsettled
from reconciler.applying.refusals import concerns_one_trade
from reconciler.applying.reviewed_prices import RatesReader
from reconciler.applying.trade_checks import describe_end, filled_units, has_ended
from reconciler.applying.unconfirmed import EndedTrades
from reconciler.applying.writer import MOST_TRIES, HadNoEffect, Writer
from reconciler.codec.live_trades import read_trade
from reconciler.codec.numbers import plain
from reconciler.errors import ApiError, ReconcilerError
from reconciler.live.endpoints import Entity, SmartTradeApi
from reconciler.model.commands import Command, Funds
from reconciler.model.journal import Seen, Write, WriteKind
from reconciler.model.live import LiveTrade
from reconciler.model.operations import ENDING_ACTIONS, Action, Operation
from reconciler.model.outcome_codes import OutcomeReason, StaleReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Reason, reason
from reconciler.session import Session

_WRITES = {
    Action.START: WriteKind.FORCE_START,
    Action.PROCESS: WriteKind.FORCE_PROCESS,
    Action.CLOSE: WriteKind.CLOSE,
    Action.CANCEL: WriteKind.CANCEL,
    Action.ADD_FUNDS: WriteKind.ADD_FUNDS,
    Action.REDUCE_FUNDS: WriteKind.REDUCE_FUNDS,
    Action.NOTE: WriteKind.SET_NOTE,
    Action.CLOSE_STEP: WriteKind.CLOSE_STEP,
    Action.CANCEL_STEP: WriteKind.CANCEL_STEP,
    Action.CANCEL_ORDER: WriteKind.CANCEL_ORDER,
}


class CommandExecutor:
    """Carries out operations by hand, one at a time.

    Args:
        session: Where requests go, and where waiting happens.
        writer: Where writes go.
        read_rates: Prices and limits of an account's pair.
    """

    def __init__(self, session: Session, writer: Writer, read_rates: RatesReader) -> None:
        self.ended = EndedTrades(session, lambda operation, live: judge_end(operation, live, read_rates))
        self._api = session.api
        self._writer = writer
        self._confirmer = Confirmer(session)

    def carry_out(self, operation: Operation) -> Outcome | None:
        """Send an operation, and read what became of it.

        Returns:
            How it ended; None for one that ends its trade, which `ended` confirms with others.

        Raises:
            Unsettled: Nobody knows whether a write had its effect.
            ApiError: A request was refused; the run decides what that means.
        """
        command = command_of(operation)
        try:
            return self._send(operation, command)
        except Unsettled:
            raise
        except ReconcilerError as error:
            is_refusal = operation.action in ENDING_ACTIONS and concerns_one_trade(error)
            outcome = self._find_ended(operation, command) if is_refusal else None
            if outcome is None:
                raise
            return outcome

    def _send(self, operation: Operation, command: Command) -> Outcome | None:
        write, live_id = _write(operation, command), command.live.id
        for place in range(MOST_TRIES):
            try:
                after = self._writer.send(write, _make_request(operation, command))
            except HadNoEffect:
                if place == MOST_TRIES - 1:
                    break
                change = find_change(command.live, read_trade(self._api.get(live_id)))
                if change is not None:
                    return end(operation, OutcomeKind.STALE, live_id, StaleReason.RUN_AGAIN, change=change)
            else:
                return self._confirm(operation, live_id, after)
        return end(operation, OutcomeKind.FAILED, live_id, OutcomeReason.LOST_EVERY_TIME, tries=MOST_TRIES)

    def _confirm(self, operation: Operation, live_id: int, after: LiveTrade | None) -> Outcome | None:
        if operation.action in ENDING_ACTIONS:
            self.ended.add(live_id, operation)
            return None
        return self._confirmer.confirm(operation, after)

    def _find_ended(self, operation: Operation, command: Command) -> Outcome | None:
        """Make the outcome of a trade that refused to end and has ended before; None if it has not."""
        try:
            live = read_trade(self._api.get(command.live.id))
        except ApiError:
            return None
        if not has_ended(live):
            return None
        why = reason(OutcomeReason.ENDED_BEFORE, end=describe_end(live))
        return end_with(operation, OutcomeKind.ALREADY_DONE, live.id, why)


def find_change(then: LiveTrade, now: LiveTrade) -> Reason | None:
    """Find what has happened to a trade since the user was asked that matters to every command; None if nothing has.

    Args:
        then: The trade as the question showed it.
        now: The trade as it is.
    """
    if now.status != then.status:
        return reason(StaleReason.STATUS_SINCE_ASKED, live_id=now.id, now=now.status, before=then.status)
    if not (now.is_size_known and then.is_size_known):
        return None
    if (now.entered_units, now.closed_units) != (then.entered_units, then.closed_units):
        held = {"before": plain(filled_units(then)), "now": plain(filled_units(now)), "base": now.terms.unit}
        return reason(StaleReason.HELD_SINCE_ASKED, live_id=now.id, **held)
    return None


def command_of(operation: Operation) -> Command:
    """Return the part of an operation by hand that only a command has."""
    if operation.command is None:
        raise AssertionError(f"{operation.action} of a plan is not by hand")
    return operation.command


def _write(operation: Operation, command: Command) -> Write:
    live = command.live
    return Write(
        kind=_WRITES[operation.action],
        trade=operation.trade,
        generation=operation.generation,
        live_id=live.id,
        step_id=command.step_id,
        note=operation.note_after,
        seen=Seen(
            phase=live.phase,
            entered_units=live.entered_units,
            closed_units=live.closed_units,
            order_ids=command.order_ids,
        ),
        account_id=live.terms.account_id,
    )


def _funds_body(funds: Funds | None) -> Entity:
    if funds is None:
        raise AssertionError("a change of funds says how much")
    body: Entity = {"order_type": funds.order_type.value, "units": {"value": plain(funds.units)}}
    if funds.price is not None:
        body["price"] = {"value": plain(funds.price)}
    return body


def _make_request(operation: Operation, command: Command) -> Callable[[SmartTradeApi], Entity]:
    """Make what sends an operation by an API."""
    live_id, step_id = command.live.id, command.step_id or 0
    requests: dict[Action, Callable[[SmartTradeApi], Entity]] = {
        Action.START: lambda api: api.force_start(live_id),
        Action.PROCESS: lambda api: api.force_process(live_id),
        Action.CLOSE: lambda api: api.close_by_market(live_id),
        Action.CANCEL: lambda api: api.cancel(live_id),
        Action.ADD_FUNDS: lambda api: api.add_funds(live_id, _funds_body(command.funds)),
        Action.REDUCE_FUNDS: lambda api: api.reduce_funds(live_id, _funds_body(command.funds)),
        Action.NOTE: lambda api: api.set_note(live_id, operation.note_after or ""),
        Action.CLOSE_STEP: lambda api: api.close_trade(live_id, step_id),
        Action.CANCEL_STEP: lambda api: api.cancel_trade(live_id, step_id),
        Action.CANCEL_ORDER: lambda api: api.cancel_trade(live_id, step_id),
    }
    return requests[operation.action]
