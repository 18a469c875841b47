"""Decide about live trades of which a part cannot be read: they end or are released as asked, and are not changed."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.matching.sighting import Index
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.operations import Cause
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import reason
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.unreadable import CHANGE_PARTS
from reconciler.planning import operations
from reconciler.planning.decisions import PLAN_LATER, Decision, block, notice
from reconciler.planning.endings import plan_cancel


def plan_unreadable(spec: TradeSpec, live: LiveTrade, rates: Rates | None) -> Decision:
    """Decide about a live trade that cannot be compared with its file.

    Args:
        spec: What the file wants.
        live: The trade; not ended.
        rates: Prices and limits of the pair, or None if they are not known.
    """
    if spec.state is DesiredState.CLOSED:
        return _plan_closed(spec, live, rates)
    if spec.state is DesiredState.ABANDONED:
        return plan_cancel(live, Cause.STATE)
    if spec.state is DesiredState.RELEASED:
        return Decision(operations=(operations.release(spec, live),))
    unreadable = live.find_unreadable(CHANGE_PARTS)
    problem = unreadable.problem if unreadable else ""
    return block(spec, live, reason(BlockReason.UNREADABLE, problem=problem), reason(BlockHint.END_OR_PLAN_LATER))


def notice_unreadable(index: Index) -> Iterator[Notice]:
    """Name the fields of the trades of this workspace that cannot be read."""
    for name, lives in index.by_name.items():
        for live in lives:
            for each in live.unreadable:
                found = reason(NoticeReason.UNREADABLE, problem=each.problem)
                yield notice(NoticeKind.WARNING, name, live, found)


def _plan_closed(spec: TradeSpec, live: LiveTrade, rates: Rates | None) -> Decision:
    if live.flags.close:
        return Decision(operations=(operations.close(live, rates.prices if rates else live.prices),))
    if live.was_never_filled:
        return plan_cancel(live, Cause.STATE)
    return block(spec, live, reason(BlockReason.CLOSE_NOT_OFFERED, status=live.status), PLAN_LATER)
