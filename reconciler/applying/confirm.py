"""Reading what became of a command that leaves its trade alive."""

from __future__ import annotations

from reconciler.applying.command_effects import list_added
from reconciler.applying.execute import has_ended, is_protected
from reconciler.applying.polling import pauses, wait_for
from reconciler.clock import Clock
from reconciler.codec.live_trades import read_trade
from reconciler.codec.numbers import plain
from reconciler.errors import ApiError
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.orders import read_orders
from reconciler.model.commands import Command, CommandKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.orders import LiveOrder
from reconciler.model.outcomes import OutcomeKind

Verdict = tuple[OutcomeKind, str]

# An order that was taken and not sent to the exchange yet. Source: SmartTradesV2 page, statuses of orders.
_UNSENT_STATUSES = frozenset({"idle", "to_process", "async_order_placement"})


class Confirmer:
    """Reads what became of commands.

    Args:
        api: Where to read.
        clock: Where to wait.
    """

    def __init__(self, api: SmartTradeApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock

    def confirm(self, command: Command, after: LiveTrade | None) -> Verdict:
        """How a command ended that was taken.

        Args:
            command: Which; none that ends its trade.
            after: The trade as the answer showed it, or None where the answer was empty.
        """
        confirm = {
            CommandKind.START: self._confirm_start,
            CommandKind.ADD_FUNDS: self._confirm_added,
            CommandKind.REDUCE_FUNDS: self._confirm_reduced,
            CommandKind.CLOSE_STEP: self._confirm_closed_step,
            CommandKind.CANCEL_STEP: self._confirm_cancelled_step,
            CommandKind.CANCEL_ORDER: self._confirm_cancelled_order,
        }
        try:
            if command.kind is CommandKind.NOTE:
                return self._confirm_note(command, after or self._read(command))
            if command.kind is CommandKind.PROCESS:
                return OutcomeKind.APPLIED, f"the trade is {(after or self._read(command)).status}"
            kind, text = confirm[command.kind](command)
        except ApiError as error:
            return OutcomeKind.INDETERMINATE, f"it was taken, and what became of it cannot be read: {error.message}"
        return kind, text

    def _confirm_start(self, command: Command) -> Verdict:
        live = wait_for(self._api, self._clock, command.live.id, _is_entered)
        if live.status == "failed":
            return OutcomeKind.FAILED, f"the trade failed: {live.error or 'no reason given'}"
        if not _is_entered(live):
            return OutcomeKind.FAILED, f"it was taken, and the entry is still {live.entry_status}; look again"
        return self._judge_held(
            live, f"holds {_held(live)} at {plain(live.average_price)}" if live.average_price else ""
        )

    def _confirm_added(self, command: Command) -> Verdict:
        live, order = command.live, None
        for _ in pauses(self._clock):
            live = self._read(command)
            order = self._find_added(command)
            if live.entered_units != command.live.entered_units or (order and order.status not in _UNSENT_STATUSES):
                break
        if order is not None and order.status == "failed":
            return OutcomeKind.FAILED, "3Commas took it and the order failed; is there enough money in the account?"
        if live.entered_units == command.live.entered_units:
            return OutcomeKind.APPLIED, "the order waits for its price" if order else "the order does not show yet"
        return self._judge_held(live, f"holds {_held(live)}")

    def _find_added(self, command: Command) -> LiveOrder | None:
        orders = read_orders(self._api, command.live.id)
        fresh = set(list_added(orders)) - set(command.order_ids)
        return next((order for order in orders if order.id in fresh), None)

    def _confirm_reduced(self, command: Command) -> Verdict:
        if command.funds is not None and command.funds.price is not None:
            live = self._read(command)
            is_done = live.closed_units != command.live.closed_units
            return self._judge_held(live, f"holds {_held(live)}" if is_done else "the order waits for its price")
        live = wait_for(self._api, self._clock, command.live.id, lambda now: now.phase is not Phase.BUSY)
        if live.closed_units == command.live.closed_units:
            return OutcomeKind.FAILED, f"it was taken, and nothing was closed; the trade is {live.status}"
        return self._judge_held(live, f"holds {_held(live)}")

    def _confirm_closed_step(self, command: Command) -> Verdict:
        def is_over(live: LiveTrade) -> bool:
            return has_ended(live) or command.step_id not in {step.id for step in live.open_steps}

        live = wait_for(self._api, self._clock, command.live.id, is_over)
        if not is_over(live):
            return OutcomeKind.FAILED, "it was taken, and the step is still open; look again"
        if has_ended(live):
            return OutcomeKind.APPLIED, f"it was the last one: the trade is {live.status}"
        return self._judge_held(live, f"holds {_held(live)}")

    def _confirm_cancelled_step(self, command: Command) -> Verdict:
        def is_over(live: LiveTrade) -> bool:
            return live.status != command.live.status or command.step_id not in {step.id for step in live.open_steps}

        live = wait_for(self._api, self._clock, command.live.id, is_over)
        if live.status != command.live.status:
            return OutcomeKind.FAILED, f"the trade is {live.status} after the step was cancelled; look at it now"
        if not is_over(live):
            return OutcomeKind.FAILED, "it was taken, and the step is still there; look again"
        if any(step.id == command.step_id and step.is_finished for step in live.steps):
            return OutcomeKind.FAILED, "the step was executed before it could be cancelled"
        return self._judge_held(live, "")

    def _confirm_cancelled_order(self, command: Command) -> Verdict:
        left: list[LiveOrder] = []
        for _ in pauses(self._clock):
            left = [order for order in read_orders(self._api, command.live.id) if order.id == command.step_id]
            if not any(order.cancelable for order in left):
                break
        else:
            return OutcomeKind.FAILED, "it was taken, and the order is still there; look again"
        if left and left[0].filled_units:
            filled = f"{plain(left[0].filled_units)} {command.live.terms.base}"
            return OutcomeKind.FILLED_WHILE_CANCELLING, f"{filled} were executed before it was cancelled"
        return OutcomeKind.APPLIED, ""

    def _confirm_note(self, command: Command, live: LiveTrade) -> Verdict:
        if live.note != command.note:
            return OutcomeKind.FAILED, "3Commas shows another note than the one it was sent"
        return OutcomeKind.APPLIED, ""

    def _judge_held(self, live: LiveTrade, text: str) -> Verdict:
        """An outcome that is good only where the stop still stands behind the position."""
        if not is_protected(live):
            live = wait_for(self._api, self._clock, live.id, is_protected)
        if not is_protected(live):
            return OutcomeKind.FAILED, f"it was done, and the stop does not stand ({live.stop_status}); look at it now"
        return OutcomeKind.APPLIED, text

    def _read(self, command: Command) -> LiveTrade:
        return read_trade(self._api.get(command.live.id))


def _is_entered(live: LiveTrade) -> bool:
    return live.phase in (Phase.OPEN, Phase.ENDED)


def _held(live: LiveTrade) -> str:
    return f"{plain(live.held_units)} {live.terms.base}"
