"""Operations on averaging orders, stage by stage.

An order is counted in the marker before it is sent. So it is sent at most once, even if the local disk is empty. An
order that is counted but not listed is not sent again, unless the journal proves that it was never sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reconciler.applying.averaging_count import count_sent, is_proven_unsent, write_count
from reconciler.applying.endings import end, end_with
from reconciler.applying.fresh_limits import FreshLimits
from reconciler.applying.polling import pauses, wait_for
from reconciler.applying.preconditions import find_staleness
from reconciler.applying.requests import Requests
from reconciler.applying.reviewed_prices import PriceCheck
from reconciler.applying.work import Work
from reconciler.applying.writer import Writer
from reconciler.codec.numbers import plain
from reconciler.diffing.averaging_orders import find_sent
from reconciler.diffing.firing import is_order_reached, is_stop_reached
from reconciler.errors import AccessRefused, Frozen, RequestRefused
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.model.averaging import AveragingOrder, SentOrder
from reconciler.model.fires import AVERAGING_FIRES
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Operation
from reconciler.model.outcome_codes import OutcomeReason, StaleReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Reason, reason
from reconciler.model.statuses import OrderStatus
from reconciler.planning.stages import Stage
from reconciler.session import Session

AVERAGING_ACTIONS = frozenset({Action.ADD_FUNDS, Action.CANCEL_AVERAGING})
# Between the answer to add funds and the placing at the exchange. Source: SmartTradesV2 page, statuses.
_UNPLACED = frozenset({OrderStatus.IDLE, OrderStatus.ASYNC_ORDER_PLACEMENT})


class AveragingStages:
    """The stages of operations on averaging orders.

    Args:
        session: Where reads go, and where waiting happens.
        requests: Where writes go.
        writer: Knows what was written before.
        prices: Checks prices against the review.
        limits: Limits on what is added at present prices; None for none.
    """

    def __init__(
        self,
        session: Session,
        requests: Requests,
        writer: Writer,
        prices: PriceCheck,
        limits: FreshLimits | None = None,
    ) -> None:
        self._session = session
        self._requests = requests
        self._writer = writer
        self._prices = prices
        self._limits = limits

    def list_handlers(self) -> dict[Stage, Callable[[Work], Outcome | None]]:
        """List what carries out each stage."""
        return {
            Stage.READ_ORDERS: self._read_orders,
            Stage.COUNT: self._count,
            Stage.ADD_FUNDS: self._add,
            Stage.AWAIT_ORDER: self._await_order,
            Stage.CANCEL_ORDER: self._cancel,
            Stage.AWAIT_CANCELLED: self._await_cancelled,
            Stage.READ_CANCELLED: self._read_cancelled,
        }

    def check_prices(self, work: Work) -> Outcome | None:
        """End an order that does not fit the prices of its review any more."""
        operation, live, order = work.operation, work.live, _order_of(work.operation)
        prices = live.prices or self._prices.read_rates(live.terms.account_id, live.terms.pair).prices
        if is_stop_reached(live.terms, prices):
            return end(operation, OutcomeKind.STALE, live.id, StaleReason.STOP_PASSED, last=str(prices.last))
        is_reached = is_order_reached(order, live.terms.entry.side, prices)
        if is_reached and AVERAGING_FIRES not in operation.fires:
            return end(operation, OutcomeKind.STALE, live.id, StaleReason.ORDER_EXECUTES_NOW, last=str(prices.last))
        stale = self._prices.find_move(operation, live)
        if stale is None and self._limits is not None:
            stale = self._limits.find_passed_order(operation, live, work.orders, prices)
        return None if stale is None else end_with(operation, OutcomeKind.STALE, live.id, stale)

    def _read_orders(self, work: Work) -> Outcome | None:
        operation, live = work.operation, work.live
        work.orders = read_averaging_orders(self._session.api, live)
        known = judge_averaging(operation, live, work.orders)
        if known is not None:
            if known.kind is OutcomeKind.ALREADY_DONE and count_sent(live) < len(work.orders):
                # An order that was added by hand and is in the file now: from here on it is counted.
                self._send_count(operation, live, len(work.orders))
            return known
        stale = find_staleness(operation, live, is_later=work.is_later, left=work.left)
        if stale is not None:
            return end_with(operation, OutcomeKind.STALE, live.id, stale)
        if operation.action is Action.CANCEL_AVERAGING:
            return self._choose(work)
        obstacle = self._find_obstacle(work)
        if obstacle is not None:
            return end_with(operation, OutcomeKind.STALE, live.id, obstacle)
        return None if operation.executes else self.check_prices(work)

    def _find_obstacle(self, work: Work) -> Reason | None:
        """Find why an order must not be sent to a trade that is otherwise as planned; None if it may be."""
        live, counted, listed = work.live, count_sent(work.live), len(work.orders)
        if live.phase is not Phase.OPEN or not live.flags.add_funds:
            return reason(StaleReason.FUNDS_NOT_OFFERED, live_id=live.id)
        if counted < listed:
            return reason(StaleReason.UNCOUNTED_ORDERS, live_id=live.id, trade=work.operation.trade)
        if counted == listed:
            return None
        writes = self._writer.find_writes(live.id)
        if counted > listed + 1 or not is_proven_unsent(writes, counted, is_settled=True):
            return reason(StaleReason.COUNTED_UNLISTED, live_id=live.id, counted=counted, listed=listed)
        return None

    def _count(self, work: Work) -> Outcome | None:
        counted = count_sent(work.live)
        if counted == len(work.orders):
            work.read = self._send_count(work.operation, work.live, counted + 1)
        return None

    def _add(self, work: Work) -> Outcome | None:
        operation, live = work.operation, work.live
        try:
            work.changed = self._requests.add_funds(operation, live)
        except Frozen:
            # The count was written, and the order is not sent now.
            self._send_count(operation, live, len(work.orders))
            raise
        except RequestRefused as error:
            if not isinstance(error, AccessRefused):
                # It was refused, so nothing was sent that would have to be counted.
                self._send_count(operation, live, len(work.orders))
            raise
        return None

    def _await_order(self, work: Work) -> Outcome | None:
        """Wait until the order is listed and placed, and the stop is active as before."""
        operation, live = work.operation, work.after
        sent: tuple[SentOrder, ...] = ()
        for _ in pauses(self._session.clock):
            sent = find_sent(_order_of(operation), read_averaging_orders(self._session.api, live))
            if sent and sent[0].status not in _UNPLACED:
                break
        if not sent:
            return end(operation, OutcomeKind.INDETERMINATE, live.id, OutcomeReason.ORDER_UNLISTED)
        if not (sent[0].is_pending or sent[0].is_executed):
            return end(operation, OutcomeKind.FAILED, live.id, OutcomeReason.ORDER_UNSENT, status=sent[0].status)
        if not _has_settled(live):
            live = wait_for(self._session, live.id, _has_settled)
        if not _has_settled(live):
            code = OutcomeReason.ORDER_STANDS_UNPROTECTED
            status = {"status": live.status, "stop": live.stop_status}
            return end(operation, OutcomeKind.FAILED, live.id, code, live_id=live.id, **status)
        code_at_once = OutcomeReason.ORDER_EXECUTED_AT_ONCE if sent[0].is_executed else None
        return end(operation, OutcomeKind.APPLIED, live.id, code_at_once)

    def _choose(self, work: Work) -> Outcome | None:
        work.target = _find_pending(work.operation, work.orders)[0]
        if not work.target.cancelable:
            return end(work.operation, OutcomeKind.STALE, work.live.id, StaleReason.ORDER_NOT_OFFERED)
        return None

    def _cancel(self, work: Work) -> Outcome | None:
        self._requests.cancel_order(work.operation, work.live, _target_of(work).id)
        return None

    def _await_cancelled(self, work: Work) -> Outcome | None:
        target_id = _target_of(work).id
        for _ in pauses(self._session.clock):
            work.orders = read_averaging_orders(self._session.api, work.live)
            work.remaining = next((sent for sent in work.orders if sent.id == target_id), None)
            if work.remaining is None or not work.remaining.is_pending:
                break
        return None

    def _read_cancelled(self, work: Work) -> Outcome | None:
        after = self._requests.read(work.live_id)
        if work.remaining is None and count_sent(after) > len(work.orders):
            # If the API does not list cancelled orders any more, they must not be taken for lost orders.
            after = self._send_count(work.operation, after, count_sent(after) - 1)
        return _judge_cancel(work, after)

    def _send_count(self, operation: Operation, live: LiveTrade, count: int) -> LiveTrade:
        note = write_count(live.note, count)
        return live if note == live.note else self._requests.set_exact_note(operation, live, note)


def judge_averaging(operation: Operation, live: LiveTrade, orders: Sequence[SentOrder]) -> Outcome | None:
    """Make the outcome of an operation on an averaging order that must not be carried out (again); None if it may be.

    Args:
        operation: Add funds or cancel averaging.
        live: The trade, just read.
        orders: Its averaging orders, just read.
    """
    same = find_sent(_order_of(operation), orders)
    if operation.action is Action.ADD_FUNDS:
        if not same:
            return None
        return end(operation, OutcomeKind.ALREADY_DONE, live.id, OutcomeReason.ORDER_IS, status=same[0].status)
    if len(_find_pending(operation, orders)) > operation.copies_left:
        return None
    if any(sent.is_executed for sent in same):
        return end(operation, OutcomeKind.STALE, live.id, StaleReason.ORDER_EXECUTED)
    return end(operation, OutcomeKind.ALREADY_DONE, live.id)


def _judge_cancel(work: Work, after: LiveTrade) -> Outcome:
    operation, target, left = work.operation, _target_of(work), work.remaining
    if left is not None and left.is_executed:
        code = OutcomeReason.ORDER_EXECUTED_WHILE_CANCELLED
        order = {"units": plain(target.order.units), "price": plain(target.order.price)}
        return end(operation, OutcomeKind.FILLED_WHILE_CANCELLING, after.id, code, **order)
    if left is not None and left.is_pending:
        return end(operation, OutcomeKind.FAILED, after.id, OutcomeReason.ORDER_STILL, status=left.status)
    if after.status != work.live.status:
        code = OutcomeReason.STATUS_AFTER_ORDER
        return end(operation, OutcomeKind.FAILED, after.id, code, live_id=after.id, status=after.status)
    if left is not None and left.filled_units > target.filled_units:
        units = plain(left.filled_units)
        return end(operation, OutcomeKind.APPLIED, after.id, OutcomeReason.ORDER_PARTLY_FILLED, units=units)
    return end(operation, OutcomeKind.APPLIED, after.id)


def _target_of(work: Work) -> SentOrder:
    if work.target is None:
        raise AssertionError("an order is chosen before it is cancelled")
    return work.target


def _find_pending(operation: Operation, orders: Sequence[SentOrder]) -> list[SentOrder]:
    return [sent for sent in orders if sent.is_pending and sent.order == operation.averaging]


def _has_settled(live: LiveTrade) -> bool:
    """Return whether the trade is in the phase of before with an active stop, or has ended meanwhile."""
    if live.phase is not Phase.OPEN:
        return live.phase is Phase.ENDED
    return not live.lacks_active_stop


def _order_of(operation: Operation) -> AveragingOrder:
    if operation.averaging is None:
        raise AssertionError(f"{operation.action} has no averaging order")
    return operation.averaging
