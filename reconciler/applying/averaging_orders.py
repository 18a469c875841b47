"""Carrying out operations on averaging orders.

An order is counted in the marker before it is sent, so that it is sent at most once, with an empty disk too: what is
counted and not listed is not sent again, unless the journal proves that it never left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reconciler.applying.averaging_count import count_sent, is_proven_unsent, write_count
from reconciler.applying.polling import pauses, wait_for
from reconciler.applying.preconditions import find_staleness
from reconciler.applying.reviewed_prices import PriceCheck
from reconciler.applying.writer import Writer
from reconciler.clock import Clock
from reconciler.codec.averaging import write_averaging, write_order_text
from reconciler.codec.live_trades import read_trade
from reconciler.diffing.averaging_orders import find_sent
from reconciler.diffing.firing import is_order_reached, is_stop_reached
from reconciler.errors import AccessRefused, RequestRefused
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.live.endpoints import SmartTradeApi
from reconciler.model.averaging import AveragingOrder, SentOrder
from reconciler.model.fires import AVERAGING_FIRES
from reconciler.model.journal import Write, WriteKind
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.operations import Action, Operation
from reconciler.model.outcomes import Outcome, OutcomeKind

AVERAGING_ACTIONS = frozenset({Action.ADD_FUNDS, Action.CANCEL_AVERAGING})
# Between the answer to add funds and the placing at the exchange. Source: SmartTradesV2 page, statuses.
_UNPLACED = frozenset({"idle", "async_order_placement"})


class AveragingCarrier:
    """Carries out operations on averaging orders, one at a time.

    Args:
        api: Where reads go.
        writer: Where writes go.
        clock: Where waiting happens.
        read_rates: Fresh prices of an account's pair.
        prices: Whether they still are those of the review.
    """

    def __init__(
        self,
        api: SmartTradeApi,
        writer: Writer,
        clock: Clock,
        read_rates: Callable[[int, str], Rates],
        prices: PriceCheck,
    ) -> None:
        self._api = api
        self._writer = writer
        self._clock = clock
        self._read_rates = read_rates
        self._prices = prices

    def carry(self, operation: Operation, live: LiveTrade, *, is_later: bool, left: LiveTrade | None = None) -> Outcome:
        """Carry out one operation.

        Args:
            operation: Add funds or cancel averaging.
            live: The trade, just read.
            is_later: Whether an earlier operation of the same run has changed it.
            left: What that operation left, where it was read.

        Raises:
            HadNoEffect: A write was lost, and it is proven that it had no effect.
            Unsettled: Nobody knows whether a write had its effect.
            ApiError: A request was refused.
        """
        orders = read_averaging_orders(self._api, live)
        known = judge_averaging(operation, live, orders)
        if known is not None:
            if known.kind is OutcomeKind.ALREADY_DONE and count_sent(live) < len(orders):
                # An order that was added by hand and is in the file now: from here on it is counted.
                self._send_count(operation, live, len(orders))
            return known
        staleness = find_staleness(operation, live, is_later=is_later, left=left)
        if staleness:
            return _end(operation, OutcomeKind.STALE, live, staleness)
        carry = self._add if operation.action is Action.ADD_FUNDS else self._cancel
        return carry(operation, live, orders)

    def _add(self, operation: Operation, live: LiveTrade, orders: Sequence[SentOrder]) -> Outcome:
        obstacle = self._find_obstacle(operation, live, orders)
        if obstacle:
            return _end(operation, OutcomeKind.STALE, live, obstacle)
        counted = count_sent(live)
        if counted == len(orders):
            live = self._send_count(operation, live, counted + 1)
        order = _order_of(operation)
        write = _write(operation, WriteKind.ADD_FUNDS, live)
        try:
            after = self._writer.send(write, lambda api: api.add_funds(live.id, write_averaging(order)))
        except RequestRefused as error:
            if not isinstance(error, AccessRefused):
                # It was refused, so nothing was sent that would have to be counted.
                self._send_count(operation, live, len(orders))
            raise
        return self._confirm(operation, after or live)

    def _find_obstacle(self, operation: Operation, live: LiveTrade, orders: Sequence[SentOrder]) -> str:
        """Why an order must not be sent now, or empty."""
        counted, order = count_sent(live), _order_of(operation)
        if live.phase is not Phase.OPEN or not live.flags.add_funds:
            return f"3Commas does not offer to add funds to #{live.id} now"
        if counted < len(orders):
            adopting = f"`reconciler import --update {operation.trade} --adopt` counts them"
            return (
                f"#{live.id} has averaging orders that were not sent from here:"
                f" list those that wait in the file, too, then {adopting}"
            )
        if counted > len(orders):
            writes = self._writer.find_writes(live.id)
            if counted > len(orders) + 1 or not is_proven_unsent(writes, counted, is_settled=True):
                return (
                    f"the note of #{live.id} counts {counted} averaging orders and 3Commas lists {len(orders)}:"
                    " it may have been sent already; plan again"
                )
        prices = live.prices or self._read_rates(live.terms.account_id, live.terms.pair).prices
        if is_stop_reached(live.terms, prices):
            return f"the price moved to {prices.last} and has passed the stop: nothing is added now; plan again"
        is_reached = is_order_reached(order, live.terms.entry.side, prices)
        if is_reached and AVERAGING_FIRES not in operation.fires:
            return f"the price moved to {prices.last} since the plan was made, now the order executes at once"
        return self._prices.find_move(operation, live)

    def _confirm(self, operation: Operation, live: LiveTrade) -> Outcome:
        """Wait until the order is listed and placed, and the stop stands as before."""
        sent: tuple[SentOrder, ...] = ()
        for _ in pauses(self._clock):
            sent = find_sent(_order_of(operation), read_averaging_orders(self._api, live))
            if sent and sent[0].status not in _UNPLACED:
                break
        if not sent:
            text = "3Commas took it but does not list it; look at the trade, then plan again"
            return _end(operation, OutcomeKind.INDETERMINATE, live, text)
        if not (sent[0].is_pending or sent[0].is_executed):
            return _end(operation, OutcomeKind.FAILED, live, f"the order is {sent[0].status}, and stays unsent")
        if not _has_settled(live):
            live = wait_for(self._api, self._clock, live.id, _has_settled)
        if not _has_settled(live):
            text = f"the order stands, but #{live.id} is {live.status} and its stop {live.stop_status}; look at it now"
            return _end(operation, OutcomeKind.FAILED, live, text)
        return _end(operation, OutcomeKind.APPLIED, live, "executed at once" if sent[0].is_executed else "")

    def _cancel(self, operation: Operation, live: LiveTrade, orders: Sequence[SentOrder]) -> Outcome:
        target = _find_pending(operation, orders)[0]
        if not target.cancelable:
            return _end(operation, OutcomeKind.STALE, live, "3Commas does not offer to cancel this order now")
        write = _write(operation, WriteKind.CANCEL_AVERAGING, live, step_id=target.id)
        self._writer.send(write, lambda api: api.cancel_trade(live.id, target.id))
        left: SentOrder | None = target
        for _ in pauses(self._clock):
            orders = read_averaging_orders(self._api, live)
            left = next((sent for sent in orders if sent.id == target.id), None)
            if left is None or not left.is_pending:
                break
        after = read_trade(self._api.get(live.id))
        if left is None and count_sent(after) > len(orders):
            # Where the API lists cancelled orders no more, they must not look like orders that got lost.
            after = self._send_count(operation, after, count_sent(after) - 1)
        return _judge_cancel(operation, live, after, target, left)

    def _send_count(self, operation: Operation, live: LiveTrade, count: int) -> LiveTrade:
        note = write_count(live.note, count)
        if note == live.note:
            return live
        write = _write(operation, WriteKind.SET_NOTE, live, note=note)
        return self._writer.send(write, lambda api: api.set_note(live.id, note)) or read_trade(self._api.get(live.id))


def judge_averaging(operation: Operation, live: LiveTrade, orders: Sequence[SentOrder]) -> Outcome | None:
    """The outcome of an operation on an averaging order that must not be carried out (again), or None.

    Args:
        operation: Add funds or cancel averaging.
        live: The trade, just read.
        orders: Its averaging orders, just read.
    """
    same = find_sent(_order_of(operation), orders)
    if operation.action is Action.ADD_FUNDS:
        if not same:
            return None
        return _end(operation, OutcomeKind.ALREADY_DONE, live, f"the order is {same[0].status}")
    if len(_find_pending(operation, orders)) > operation.copies_left:
        return None
    if any(sent.is_executed for sent in same):
        return _end(operation, OutcomeKind.STALE, live, "the order was executed since the plan was made; plan again")
    return _end(operation, OutcomeKind.ALREADY_DONE, live)


def _judge_cancel(
    operation: Operation, before: LiveTrade, after: LiveTrade, target: SentOrder, left: SentOrder | None
) -> Outcome:
    if left is not None and left.is_executed:
        order = write_order_text(target.order)
        text = f"{order} was executed while it was cancelled, and is part of the position now; plan again"
        return _end(operation, OutcomeKind.FILLED_WHILE_CANCELLING, after, text)
    if left is not None and left.is_pending:
        return _end(operation, OutcomeKind.FAILED, after, f"the order is still {left.status}; plan again")
    if after.status != before.status:
        text = f"#{after.id} is {after.status} after the order was cancelled"
        return _end(operation, OutcomeKind.FAILED, after, text)
    is_more = left is not None and left.filled_units > target.filled_units
    text = f"{left.filled_units} of it were filled before" if left is not None and is_more else ""
    return _end(operation, OutcomeKind.APPLIED, after, text)


def _find_pending(operation: Operation, orders: Sequence[SentOrder]) -> list[SentOrder]:
    return [sent for sent in orders if sent.is_pending and sent.order == operation.averaging]


def _has_settled(live: LiveTrade) -> bool:
    """Whether the trade is where it was before, its stop at work, or has ended meanwhile."""
    if live.phase is not Phase.OPEN:
        return live.phase is Phase.ENDED
    return live.terms.stop_loss is None or live.is_stop_armed


def _order_of(operation: Operation) -> AveragingOrder:
    if operation.averaging is None:
        raise AssertionError(f"{operation.action} has no averaging order")
    return operation.averaging


def _write(
    operation: Operation, kind: WriteKind, live: LiveTrade, *, step_id: int | None = None, note: str | None = None
) -> Write:
    return Write(
        kind=kind,
        trade=operation.trade,
        generation=operation.generation,
        live_id=live.id,
        step_id=step_id,
        note=note,
        averaging=None if kind is WriteKind.SET_NOTE else operation.averaging,
        account_id=live.terms.account_id,
    )


def _end(operation: Operation, kind: OutcomeKind, live: LiveTrade, text: str = "") -> Outcome:
    return Outcome(operation=operation, kind=kind, live_id=live.id, text=text)
