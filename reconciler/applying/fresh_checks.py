"""Checks of a whole plan against the world as it is now, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reconciler.applying.averaging_orders import AVERAGING_ACTIONS, judge_averaging
from reconciler.applying.endings import end, end_with
from reconciler.applying.judgements import is_interrupted_replace
from reconciler.applying.preconditions import find_staleness, is_done
from reconciler.applying.reviewed_prices import PriceCheck
from reconciler.applying.takeover import is_filled_meanwhile
from reconciler.codec.live_trades import read_trade
from reconciler.codec.note import read_note
from reconciler.errors import NotFound
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.live.endpoints import SmartTradeApi
from reconciler.matching.misfit import find_other_place
from reconciler.matching.opening import Judge, Wanted
from reconciler.matching.sighting import Sighting, owned_marker
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Operation
from reconciler.model.outcome_codes import OutcomeReason, StaleReason
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.reasons import Reason
from reconciler.planning.requests import FEW_TRADES

ReadActive = Callable[[], Sequence[LiveTrade]]


def check_creates(operations: Sequence[Operation], sighting: Sighting) -> dict[Operation, Outcome]:
    """Find creates and replaces that must not be sent, by what is seen right before.

    Args:
        operations: Creates and replaces.
        sighting: What is seen now.

    Returns:
        Outcomes of those that are done already or stale; all others may be sent.
    """
    judge = Judge(sighting)
    judged = [_judge_opening(each, judge) for each in operations]
    return {outcome.operation: outcome for outcome in judged if outcome is not None}


def check_preconditions(
    operations: Sequence[Operation], api: SmartTradeApi, read_active: ReadActive, prices: PriceCheck | None = None
) -> dict[Operation, Outcome]:
    """Find operations of a saved plan that are stale, or done already, before anything is sent.

    Args:
        operations: The plan's operations.
        api: Where to read.
        read_active: Reads all active trades; used if that takes fewer requests than one for each trade.
        prices: Checks prices against the review; None to leave that to the moment before each write.
    """
    ids = {operation.live_id for operation in operations if operation.live_id is not None}
    active = {live.id: live for live in read_active()} if len(ids) > FEW_TRADES else {}
    checks = _Checks(api, {live_id: active.get(live_id) or _read_or_none(api, live_id) for live_id in ids}, prices)
    settled = {operation: checks.check(operation) for operation in operations if operation.precondition is not None}
    return {operation: outcome for operation, outcome in settled.items() if outcome is not None}


def block_unsettled(operations: Sequence[Operation], reasons: Mapping[str, Reason]) -> dict[Operation, Outcome]:
    """Find operations on trades of which it is not known what an earlier run did to them.

    Args:
        operations: The plan's operations.
        reasons: Trade to the reason why it must be left as it is.
    """
    return {
        operation: end(operation, OutcomeKind.INDETERMINATE, None, OutcomeReason.UNSETTLED_BEFORE, reason=reasons[name])
        for operation in operations
        for name in operation.names
        if name in reasons
    }


class _Checks:
    """The operations on live trades, in order.

    Args:
        api: Where to read.
        lives: SmartTrade id to the trade as it is now; None if it does not exist.
        prices: Checks prices against the review, or None.
    """

    def __init__(self, api: SmartTradeApi, lives: Mapping[int, LiveTrade | None], prices: PriceCheck | None) -> None:
        self._api = api
        self._lives = lives
        self._prices = prices
        self._done_before: set[int] = set()

    def check(self, operation: Operation) -> Outcome | None:
        live_id = operation.live_id or 0
        live = self._lives[live_id]
        if live is None:
            return end(operation, OutcomeKind.STALE, None, StaleReason.GONE, live_id=live_id)
        if is_filled_meanwhile(operation, live):
            # Reported, with what takes it over, when its turn comes.
            return None
        known = _judge_before(operation, live, self._api)
        if known is not None:
            if known.kind is OutcomeKind.ALREADY_DONE:
                self._done_before.add(live.id)
            return known
        stale = self._find_staleness(operation, live)
        return None if stale is None else end_with(operation, OutcomeKind.STALE, live.id, stale)

    def _find_staleness(self, operation: Operation, live: LiveTrade) -> Reason | None:
        """Find why an operation does not fit its trade, or the prices of its review, any more; None if it does."""
        if not is_interrupted_replace(operation, live):
            stale = find_staleness(operation, live, is_later=live.id in self._done_before)
            if stale is not None:
                return stale
        return None if self._prices is None else self._prices.find_move(operation, live)


def _judge_before(operation: Operation, live: LiveTrade, api: SmartTradeApi) -> Outcome | None:
    """Make the outcome of an operation whose effect a live trade shows already; None if it does not."""
    if operation.action in AVERAGING_ACTIONS:
        return judge_averaging(operation, live, read_averaging_orders(api, live))
    return end(operation, OutcomeKind.ALREADY_DONE, live.id) if is_done(operation, live) else None


def _judge_opening(operation: Operation, judge: Judge) -> Outcome | None:
    """Make the outcome of a create or replace that must not be sent; None if it may be."""
    marker = read_note(operation.note_after).marker
    if marker is None or operation.after is None:
        raise AssertionError("whatever opens a trade writes a marker and has terms")
    wanted = Wanted(
        name=operation.trade,
        generation=marker.generation,
        terms=operation.after,
        replaced_id=operation.live_id,
    )
    verdict = judge.judge(wanted)
    if verdict.live is not None:
        is_same = owned_marker(verdict.live).entry.applied == marker.entry.applied
        return _judge_present(operation, verdict.live, find_other_place(verdict.live, wanted.terms), is_same=is_same)
    if verdict.obstacle is None:
        return None
    obstacle = verdict.obstacle
    values = {"text": obstacle.reason, "hint": obstacle.hint}
    return end(operation, OutcomeKind.STALE, obstacle.live_id, StaleReason.OBSTACLE, **values)


def _judge_present(operation: Operation, live: LiveTrade, misfit: Reason | None, *, is_same: bool) -> Outcome:
    """Make the outcome of an opening whose trade exists already."""
    if misfit is not None:
        return end(operation, OutcomeKind.STALE, live.id, StaleReason.OTHER_TRADE, text=misfit)
    if is_same:
        return end(operation, OutcomeKind.ALREADY_DONE, live.id, OutcomeReason.IS_THAT_TRADE, live_id=live.id)
    return end(operation, OutcomeKind.STALE, live.id, StaleReason.NAME_TAKEN, live_id=live.id, status=live.status)


def _read_or_none(api: SmartTradeApi, live_id: int) -> LiveTrade | None:
    try:
        return read_trade(api.get(live_id))
    except NotFound:
        return None
