"""Losses of an open position: a stop that is gone or not active, a take-profit step that failed."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.drifting.baseline import Baseline
from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.drifting.edits import STOP_PATH
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import Phase
from reconciler.model.reasons import reason
from reconciler.model.remedies import Remedy
from reconciler.model.statuses import OrderStatus
from reconciler.model.terms import StopLoss


def find_losses(trade: ComparedTrade, baseline: Baseline | None) -> Iterator[Finding]:
    """Find the losses of a live trade; none unless its position is open.

    Args:
        trade: The trade.
        baseline: Its last applied values, or None if they are not known.
    """
    live = trade.live
    if live.phase is not Phase.OPEN:
        return
    stop, wanted = live.terms.stop_loss, _find_wanted_stop(trade, baseline)
    if stop is None and wanted is not None:
        yield _make_stop_loss_finding(trade, wanted)
    elif stop is not None and not live.is_stop_armed:
        inactive = reason(DriftCode.STOP_INACTIVE, status=live.stop_status or None)
        hint = reason(Remedy.PLAN_REACTIVATES_STOP)
        yield trade.make_finding(FindingKind.LOSS, Topic.STOP_NOT_ARMED, inactive, hint)
    for number, step in enumerate(live.steps, start=1):
        if step.status == OrderStatus.FAILED:
            failed = reason(DriftCode.STEP_INACTIVE, step=number, status=step.status)
            yield trade.make_finding(FindingKind.LOSS, Topic.STEP_FAILED, failed)


def _find_wanted_stop(trade: ComparedTrade, baseline: Baseline | None) -> StopLoss | None:
    """Return the stop that the position should have, or None if it should have none or that is not known."""
    spec = trade.spec
    if spec is not None and spec.terms.stop_loss is None:
        return None
    if spec is not None and Ignored.STOP_LOSS in trade.ignored:
        return spec.terms.stop_loss
    return baseline.terms.stop_loss if baseline and baseline.knows_exits else None


def _make_stop_loss_finding(trade: ComparedTrade, wanted: StopLoss) -> Finding:
    is_ignored = Ignored.STOP_LOSS in trade.ignored
    code = DriftCode.IGNORED_STOP_MISSING if is_ignored else DriftCode.STOP_REMOVED
    return Finding(
        kind=FindingKind.LOSS,
        topic=Topic.STOP_GONE,
        trade=trade.name,
        live_id=trade.live.id,
        reason=reason(code),
        hint=None if is_ignored else reason(Remedy.PLAN_RESTORES_STOP),
        path=STOP_PATH,
        applied=wanted,
        filed=trade.spec.terms.stop_loss if trade.spec else None,
    )
