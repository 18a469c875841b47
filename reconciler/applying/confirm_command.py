"""The confirmation of operations by hand: what became of them, by reading."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.applying.command_effects import list_added
from reconciler.applying.endings import end, end_with
from reconciler.applying.polling import pauses, wait_for
from reconciler.applying.reviewed_prices import RatesReader
from reconciler.applying.takeover import end_filled
from reconciler.applying.trade_checks import (
    NO_REASON_GIVEN,
    describe_end,
    has_ended,
    has_failed,
    is_protected,
)
from reconciler.codec.live_trades import read_trade
from reconciler.codec.numbers import plain
from reconciler.errors import ApiError
from reconciler.live.orders import read_orders
from reconciler.model.commands import Command
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Operation
from reconciler.model.orders import LiveOrder
from reconciler.model.outcome_codes import CommandReason, OutcomeReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.statuses import OrderStatus, TradeStatus
from reconciler.model.unreadable import SIZE_PARTS, Part
from reconciler.session import Session

# An order that was taken and not sent to the exchange yet. Source: SmartTradesV2 page, statuses of orders.
_UNSENT_STATUSES = frozenset({OrderStatus.IDLE, OrderStatus.TO_PROCESS, OrderStatus.ASYNC_ORDER_PLACEMENT})


class Confirmer:
    """Reads what became of operations by hand that do not end their trade.

    Args:
        session: Where to read and to wait.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def confirm(self, operation: Operation, after: LiveTrade | None) -> Outcome:
        """Make the outcome of an operation that was taken.

        Args:
            operation: Which; none that ends its trade.
            after: The trade as the answer showed it, or None if the answer was empty.
        """
        command = operation.command
        if command is None:
            raise AssertionError(f"{operation.action} of a plan is not by hand")
        confirmation = _Confirmation(self._session, operation, command)
        try:
            return confirmation.run(after)
        except ApiError as error:
            code = CommandReason.UNREADABLE
            return end(operation, OutcomeKind.INDETERMINATE, command.live.id, code, message=error.message)


class _Confirmation:
    """The confirmation of one operation."""

    def __init__(self, session: Session, operation: Operation, command: Command) -> None:
        self._session = session
        self._operation = operation
        self._command = command
        self._asked = command.live

    def run(self, after: LiveTrade | None) -> Outcome:
        action = self._operation.action
        if action is Action.NOTE:
            return self._judge_note(after or self._read())
        if action is Action.PROCESS:
            status = (after or self._read()).status
            return self._end(OutcomeKind.APPLIED, CommandReason.TRADE_IS, status=status)
        confirm: dict[Action, Callable[[], Outcome]] = {
            Action.START: self._confirm_start,
            Action.ADD_FUNDS: self._confirm_added,
            Action.REDUCE_FUNDS: self._confirm_reduced,
            Action.CLOSE_STEP: self._confirm_closed_step,
            Action.CANCEL_STEP: self._confirm_cancelled_step,
            Action.CANCEL_ORDER: self._confirm_cancelled_order,
        }
        return confirm[action]()

    def _confirm_start(self) -> Outcome:
        live = self._wait_for(_is_entered)
        if has_failed(live):
            return self._end(OutcomeKind.FAILED, CommandReason.TRADE_FAILED, error=live.error or NO_REASON_GIVEN)
        if not _is_entered(live):
            return self._end(OutcomeKind.FAILED, CommandReason.ENTRY_STILL, status=live.entry_status)
        if not live.average_price:
            return self._judge_held(live, None)
        held = Amount(live.held_units, live.terms.unit)
        return self._judge_held(live, reason(CommandReason.HOLDS, units=held, price=plain(live.average_price)))

    def _confirm_added(self) -> Outcome:
        live, order = self._asked, None
        for _ in pauses(self._session.clock):
            live = self._read()
            order = self._find_added()
            if live.entered_units != self._asked.entered_units or (order and order.status not in _UNSENT_STATUSES):
                break
        if order is not None and order.status == OrderStatus.FAILED:
            return self._end(OutcomeKind.FAILED, CommandReason.ORDER_FAILED)
        if live.entered_units == self._asked.entered_units:
            code = CommandReason.ORDER_WAITS if order else CommandReason.ORDER_HIDDEN
            return self._end(OutcomeKind.APPLIED, code)
        return self._judge_held(live, _describe_held(live))

    def _find_added(self) -> LiveOrder | None:
        orders = read_orders(self._session.api, self._asked.id)
        fresh = set(list_added(orders)) - set(self._command.order_ids)
        return next((order for order in orders if order.id in fresh), None)

    def _confirm_reduced(self) -> Outcome:
        funds = self._command.funds
        if funds is not None and funds.price is not None:
            live = self._read()
            is_done = live.closed_units != self._asked.closed_units
            return self._judge_held(live, _describe_held(live) if is_done else reason(CommandReason.ORDER_WAITS))
        live = self._wait_for(lambda now: now.phase is not Phase.BUSY)
        if live.closed_units == self._asked.closed_units:
            return self._end(OutcomeKind.FAILED, CommandReason.NOTHING_CLOSED, status=live.status)
        return self._judge_held(live, _describe_held(live))

    def _confirm_closed_step(self) -> Outcome:
        def is_over(now: LiveTrade) -> bool:
            return has_ended(now) or self._is_step_gone(now)

        live = self._wait_for(is_over)
        if not is_over(live):
            return self._end(OutcomeKind.FAILED, CommandReason.STEP_STILL_OPEN)
        if has_ended(live):
            return self._end(OutcomeKind.APPLIED, CommandReason.WAS_LAST_STEP, status=live.status)
        return self._judge_held(live, _describe_held(live))

    def _confirm_cancelled_step(self) -> Outcome:
        def is_over(now: LiveTrade) -> bool:
            return now.status != self._asked.status or self._is_step_gone(now)

        live = self._wait_for(is_over)
        if live.status != self._asked.status:
            code = OutcomeReason.STATUS_AFTER_STEP
            return self._end(OutcomeKind.FAILED, code, live_id=live.id, status=live.status)
        if not is_over(live):
            return self._end(OutcomeKind.FAILED, OutcomeReason.STEP_STILL_THERE)
        if any(step.id == self._command.step_id and step.is_finished for step in live.steps):
            return self._end(OutcomeKind.FAILED, CommandReason.STEP_EXECUTED)
        return self._judge_held(live, None)

    def _confirm_cancelled_order(self) -> Outcome:
        left: list[LiveOrder] = []
        for _ in pauses(self._session.clock):
            orders = read_orders(self._session.api, self._asked.id)
            left = [order for order in orders if order.id == self._command.step_id]
            if not any(order.cancelable for order in left):
                break
        else:
            return self._end(OutcomeKind.FAILED, CommandReason.ORDER_STILL_THERE)
        if left and left[0].filled_units:
            units = Amount(left[0].filled_units, self._asked.terms.unit)
            return self._end(OutcomeKind.FILLED_WHILE_CANCELLING, CommandReason.EXECUTED_BEFORE_CANCEL, units=units)
        return end(self._operation, OutcomeKind.APPLIED, self._asked.id)

    def _judge_note(self, live: LiveTrade) -> Outcome:
        if live.note != self._operation.note_after:
            return self._end(OutcomeKind.FAILED, OutcomeReason.NOTE_DIFFERS)
        return end(self._operation, OutcomeKind.APPLIED, live.id)

    def _judge_held(self, live: LiveTrade, why: Reason | None) -> Outcome:
        """Make an outcome that is good only if the stop of the position is still active."""
        if not is_protected(live):
            live = self._wait_for(is_protected)
        if not is_protected(live):
            return self._end(OutcomeKind.FAILED, CommandReason.DONE_UNPROTECTED, status=live.stop_status)
        return end_with(self._operation, OutcomeKind.APPLIED, live.id, why)

    def _is_step_gone(self, live: LiveTrade) -> bool:
        return self._command.step_id not in {step.id for step in live.open_steps}

    def _wait_for(self, is_settled: Callable[[LiveTrade], bool]) -> LiveTrade:
        return wait_for(self._session, self._asked.id, is_settled)

    def _read(self) -> LiveTrade:
        return read_trade(self._session.api.get(self._asked.id))

    def _end(self, kind: OutcomeKind, code: CommandReason | OutcomeReason, **values: str | int | Amount) -> Outcome:
        return end(self._operation, kind, self._asked.id, code, **values)


def judge_end(operation: Operation, live: LiveTrade | None, read_rates: RatesReader) -> Outcome:
    """Make the outcome of an operation by hand that ends its trade.

    Args:
        operation: Close or cancel.
        live: The trade, read afterwards; None if it could not be read.
        read_rates: Prices and limits of an account's pair, for what takes over a position that nobody wanted.
    """
    live_id = operation.live_id
    if live is None or live.find_unreadable({Part.STATUS}) is not None:
        return end(operation, OutcomeKind.INDETERMINATE, live_id, CommandReason.END_NOT_READ_BACK)
    if not has_ended(live):
        return end(operation, OutcomeKind.FAILED, live_id, CommandReason.STILL_AFTER_END, status=live.status)
    if has_failed(live):
        error = live.error or NO_REASON_GIVEN
        return end(operation, OutcomeKind.FAILED, live_id, CommandReason.TRADE_FAILED, error=error)
    if operation.action is Action.CANCEL and live.status == TradeStatus.CANCELLED:
        return _judge_cancel(operation, live, read_rates)
    return end_with(operation, OutcomeKind.APPLIED, live_id, describe_end(live))


def _judge_cancel(operation: Operation, live: LiveTrade, read_rates: RatesReader) -> Outcome:
    command = operation.command
    unreadable = live.find_unreadable(SIZE_PARTS)
    if unreadable is not None:
        code = CommandReason.STAYS_UNKNOWN
        return end(operation, OutcomeKind.APPLIED, live.id, code, problem=unreadable.problem)
    if live.was_never_filled or command is None:
        return end(operation, OutcomeKind.APPLIED, live.id)
    if command.live.was_never_filled:
        return _end_filled(operation, live, read_rates)
    units = Amount(live.held_units, live.terms.unit)
    return end(operation, OutcomeKind.APPLIED, live.id, CommandReason.STAYS_UNPROTECTED, units=units)


def _end_filled(operation: Operation, live: LiveTrade, read_rates: RatesReader) -> Outcome:
    """Make the outcome of a cancel that was to free an order and has left a position instead."""
    try:
        rates = read_rates(live.terms.account_id, live.terms.pair)
    except ApiError:
        # That coins are held is reported whatever else fails.
        rates = None
    return end_filled(operation, live, rates)


def _is_entered(live: LiveTrade) -> bool:
    return live.phase in (Phase.OPEN, Phase.ENDED)


def _describe_held(live: LiveTrade) -> Reason:
    return reason(CommandReason.HOLDS, units=Amount(live.held_units, live.terms.unit))
