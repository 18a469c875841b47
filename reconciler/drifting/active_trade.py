"""Check a trade that is live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler.diffing.ignored_fields import take_ignored
from reconciler.drifting.averaging_edits import has_averaging_changes
from reconciler.drifting.baseline import find_baseline
from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.drifting.edits import find_edits
from reconciler.drifting.file_changes import find_file_changes
from reconciler.drifting.losses import find_losses
from reconciler.drifting.outside_edits import find_outside_edits
from reconciler.drifting.progress import find_progress
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.live import Phase
from reconciler.model.reasons import reason
from reconciler.model.unreadable import CHANGE_PARTS


def check_active(trade: ComparedTrade) -> Iterator[Finding]:
    """Find all findings about a live trade: losses, edits, changes in its file, and progress."""
    live = trade.live
    if live.phase is Phase.ENDED:
        return
    unreadable = live.find_unreadable(CHANGE_PARTS)
    if unreadable is not None:
        found = reason(DriftCode.UNREADABLE, problem=unreadable.problem)
        yield trade.make_finding(FindingKind.LOSS, Topic.UNPROVEN, found)
        return
    baseline = find_baseline(live, trade.spec, trade.applied)
    yield from find_losses(trade, baseline)
    if live.phase is Phase.BUSY:
        busy = reason(DriftCode.IN_TRANSITION, status=live.status)
        yield trade.make_finding(FindingKind.PROGRESS, Topic.BUSY, busy)
        return
    if baseline is None:
        yield from find_progress(trade, None, None)
        return
    edits = find_edits(live, baseline.terms, trade.rates, trade.ignored)
    yield from find_progress(trade, baseline.terms, edits.stated)
    if trade.ignored:
        baseline = replace(baseline, terms=take_ignored(baseline.terms, edits.stated, trade.ignored))
        edits = find_edits(live, baseline.terms, trade.rates, trade.ignored)
    yield from find_outside_edits(trade, baseline, edits)
    changes = tuple(find_file_changes(trade, baseline, edits))
    yield from changes
    if not changes and has_averaging_changes(trade):
        yield trade.make_finding(FindingKind.FILE, Topic.CHANGED, reason(DriftCode.AVERAGING_CHANGED))
