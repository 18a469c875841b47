"""Changes in the files that were not applied yet; `plan` shows them in detail."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.drifting.baseline import Baseline, shows_exits_as_applied
from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.drifting.edits import Edits
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.reasons import reason
from reconciler.model.remedies import Remedy
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Terms


def find_file_changes(trade: ComparedTrade, baseline: Baseline, edits: Edits) -> Iterator[Finding]:
    """Report that the file differs from what was last applied, if it does.

    Args:
        trade: The trade.
        baseline: Its last applied values.
        edits: The differences between live and these values.
    """
    if baseline.is_under_way:
        unfinished, hint = reason(DriftCode.CHANGE_UNFINISHED), reason(Remedy.APPLY_COMPLETES_IT)
        yield trade.make_finding(FindingKind.FILE, Topic.UNDER_WAY, unfinished, hint)
    elif trade.spec is not None and _is_changed(trade, trade.spec, baseline):
        if _may_hide_edits(trade, trade.spec, baseline, edits):
            topic, code = Topic.CHANGED_AND_PERHAPS_EDITED, DriftCode.FILE_CHANGED_PERHAPS_EDITED
        else:
            topic, code = Topic.CHANGED, DriftCode.FILE_CHANGED
        yield trade.make_finding(FindingKind.FILE, topic, reason(code))


def _is_changed(trade: ComparedTrade, spec: TradeSpec, baseline: Baseline) -> bool:
    """Return whether the file differs from the last applied values; it does if these are not known in full."""
    if not baseline.is_known or _has_other_goal(spec, trade.live):
        return True
    has_other_note = Ignored.NOTE not in trade.ignored and spec.note.strip() != baseline.note.strip()
    return has_other_note or not _has_same_digests(spec, baseline.terms)


def _may_hide_edits(trade: ComparedTrade, spec: TradeSpec, baseline: Baseline, edits: Edits) -> bool:
    """Return whether edits outside the files may hide behind the change of the file."""
    live = trade.live
    if baseline.is_known or _has_other_goal(spec, live):
        return False
    is_entry_sure = baseline.knows_entry or live.phase is Phase.OPEN or _shows_entry_as_applied(live)
    is_exits_sure = baseline.knows_exits or not edits.exits or shows_exits_as_applied(live, edits.stated, trade.ignored)
    return not (is_entry_sure and is_exits_sure)


def _has_other_goal(spec: TradeSpec, live: LiveTrade) -> bool:
    """Return whether the file wants the trade closed, given up, or opened again under another generation."""
    marker = live.reading.marker
    is_raised = marker is not None and spec.generation != marker.generation
    return spec.state is not DesiredState.OPEN or is_raised


def _has_same_digests(spec: TradeSpec, other: Terms) -> bool:
    """Return whether the file's terms differ only in what the marker's digests leave out, if at all."""
    terms, ignored = spec.terms, spec.lifecycle.ignored
    return terms == other or (
        entry_digest(terms) == entry_digest(other) and exits_digest(terms, ignored) == exits_digest(other, ignored)
    )


def _shows_entry_as_applied(live: LiveTrade) -> bool:
    marker = live.reading.marker
    return marker is not None and entry_digest(live.terms) == marker.entry.applied
