"""Plan trades of the workspace that no file names: a waiting entry is cancelled, a position is never touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from reconciler.matching.opening import name_live
from reconciler.matching.sighting import owned_marker
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningHint, OpeningReason
from reconciler.model.operations import Cause
from reconciler.model.plan import Blocked
from reconciler.model.plan_reasons import BlockHint, BlockReason
from reconciler.model.problems import Doubt
from reconciler.model.reasons import Reason, reason
from reconciler.planning.decisions import Decision
from reconciler.planning.endings import notice_busy, plan_cancel


def plan_orphans(orphans: Sequence[LiveTrade], unread: Sequence[Doubt]) -> list[Decision]:
    """Decide about the trades of this workspace that no file names.

    Args:
        orphans: The trades.
        unread: Where plan files may be missing; with any, nothing is cancelled.
    """
    by_name: dict[str, list[LiveTrade]] = defaultdict(list)
    for orphan in orphans:
        by_name[owned_marker(orphan).name].append(orphan)
    return [_plan_orphan(name, lives, unread) for name, lives in by_name.items()]


def _plan_orphan(name: str, lives: Sequence[LiveTrade], unread: Sequence[Doubt]) -> Decision:
    live = lives[0]
    if len(lives) > 1:
        twice = reason(OpeningReason.NAME_TWICE, trades=tuple(name_live(other, name) for other in lives))
        return _block(name, live, twice, reason(OpeningHint.END_OTHERS))
    if live.phase is Phase.BUSY:
        return Decision(notices=(notice_busy(name, live),))
    if unread:
        doubt = unread[0]
        missing = reason(BlockReason.FILES_MISSING, file=str(doubt.file), doubt=doubt.reason)
        return _block(name, live, missing, reason(BlockHint.FIND_FILES, remedy=doubt.remedy))
    if live.phase is Phase.ENTERING:
        return plan_cancel(live, Cause.OMISSION)
    return _block(name, live, reason(BlockReason.POSITION_IN_NO_FILE), reason(BlockHint.PUT_BACK))


def _block(name: str, live: LiveTrade, why: Reason, hint: Reason) -> Decision:
    return Decision(blocked=(Blocked(trade=name, live_id=live.id, reason=why, hint=hint),))
