"""Decide about trades that have ended, that are to end, or with which nothing can be done now."""

from __future__ import annotations

from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.matching.sighting import owned_marker
from reconciler.model.live import LiveTrade, Phase, Prices, Rates
from reconciler.model.operations import Cause
from reconciler.model.plan import Blocked, Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.statuses import TradeStatus
from reconciler.planning import operations
from reconciler.planning.decisions import PLAN_LATER, Decision, block, notice
from reconciler.planning.sales import is_sale, plan_ended_sale


def plan_ended(spec: TradeSpec, live: LiveTrade) -> Decision:
    """Decide about a trade that has ended and that its file wants open: it is never opened again by itself."""
    if is_sale(spec, live):
        return plan_ended_sale(spec, live, _describe_ending(live))
    marker = owned_marker(live)
    wanted = (entry_digest(spec.terms), exits_digest(spec.terms, spec.lifecycle.ignored))
    is_same = (marker.entry.target, marker.exits.target) == wanted
    ended = _describe_ending(live)
    if is_same and not (live.status == TradeStatus.FAILED and live.entered_units == 0):
        return Decision(notices=(notice(NoticeKind.ENDED, spec.name, live, ended),))
    code = NoticeReason.NOTHING_FILLED if is_same else NoticeReason.FILE_CHANGED_SINCE
    why = reason(code, ended=ended, generation=spec.generation + 1)
    return Decision(notices=(notice(NoticeKind.NOT_OPENED, spec.name, live, why),))


def plan_closed(spec: TradeSpec, live: LiveTrade, rates: Rates | None) -> Decision:
    """Decide about a trade whose file says `state: closed`."""
    if live.phase is Phase.ENTERING:
        return plan_cancel(live, Cause.STATE)
    prices = rates.prices if rates else live.prices
    if live.phase is Phase.FILLING:
        return _plan_filling(spec, live, prices)
    if not live.flags.close:
        return block(spec, live, reason(BlockReason.CLOSE_NOT_OFFERED, status=live.status), PLAN_LATER)
    return Decision(operations=(operations.close(live, prices),))


def plan_half_closed(live: LiveTrade, rates: Rates | None) -> Decision:
    """Go on with a close that was cut short after it had cancelled the rest of a partly filled entry."""
    return Decision(operations=(operations.sell_rest(live, rates.prices if rates else live.prices),))


def _plan_filling(spec: TradeSpec, live: LiveTrade, prices: Prices | None) -> Decision:
    if live.terms.instant:
        return block(spec, live, reason(BlockReason.PARTLY_FILLED), reason(BlockHint.WAIT_OR_ABANDON))
    if not live.flags.cancel:
        return block(spec, live, reason(BlockReason.CANCEL_NOT_OFFERED, status=live.status), PLAN_LATER)
    return Decision(operations=(operations.sell_rest(live, prices),))


def plan_cancel(live: LiveTrade, cause: Cause) -> Decision:
    """Plan a cancel, or say that 3Commas does not offer it.

    Args:
        live: The trade.
        cause: Why it is cancelled.
    """
    if live.flags.cancel:
        return Decision(operations=(operations.cancel(live, cause),))
    why = reason(BlockReason.CANCEL_NOT_OFFERED, status=live.status)
    return Decision(blocked=(Blocked(trade=owned_marker(live).name, live_id=live.id, reason=why, hint=PLAN_LATER),))


def notice_busy(name: str, live: LiveTrade) -> Notice:
    """Say that a trade is between two phases, so that nothing can be done with it."""
    return notice(NoticeKind.BUSY, name, live, reason(NoticeReason.BUSY, status=live.status))


def _describe_ending(live: LiveTrade) -> Reason:
    held = live.held_units
    is_left = live.status == TradeStatus.CANCELLED and held > 0
    return reason(
        NoticeReason.ENDED,
        status=live.status,
        error=live.error or None,
        held=Amount(held, live.terms.unit) if is_left else None,
    )
