"""Drift reports of every kind, for the tests of their rendering."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.drift import DriftReport, Finding, FindingKind, Part, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.remedies import Remedy
from reconciler.model.risk import OperationRisk
from tests.support import builders
from tests.support.risks import trade_risk


def finding(
    kind: FindingKind,
    topic: Topic,
    trade: str = "btc-dip",
    *,
    code: Reason | None = None,
    hint: Reason | None = None,
    path: str = "",
    applied: Part = None,
    filed: Part = None,
    live: Part = None,
    live_id: int | None = 7,
) -> Finding:
    return Finding(
        kind=kind,
        topic=topic,
        trade=trade,
        live_id=live_id,
        reason=code or reason(DriftCode.FIELD_EDITED),
        hint=hint,
        path=path,
        applied=applied,
        filed=filed,
        live=live,
    )


RISKS = {
    "btc-dip": OperationRisk(
        trade="btc-dip",
        before=trade_risk(loss_at_stop="16.18", reward="38.81", reward_risk="2.3979"),
        after=trade_risk(loss_at_stop="21.18", reward="38.81", reward_risk="1.8324"),
    ),
    "eth": OperationRisk(
        trade="eth",
        before=trade_risk(loss_at_stop="16.18"),
        after=trade_risk(has_stop=False, unknown=["reward"]),
    ),
}


def report(*findings: Finding, checked: int = 3) -> DriftReport:
    edited = {each.trade for each in findings if each.counts}
    return DriftReport(
        risks={trade: risk for trade, risk in RISKS.items() if trade in edited},
        context=builders.context(),
        has_journal=True,
        findings=findings,
        pairs={"btc-dip": "USDT_BTC", "eth": "USDT_ETH"},
        checked=checked,
        requests=2,
    )


LOSSES = (
    finding(
        FindingKind.LOSS,
        Topic.STOP_NOT_ARMED,
        code=reason(DriftCode.STOP_INACTIVE, status="failed"),
        hint=reason(Remedy.PLAN_REACTIVATES_STOP),
    ),
    finding(
        FindingKind.LOSS,
        Topic.STOP_GONE,
        "eth",
        code=reason(DriftCode.STOP_REMOVED),
        hint=reason(Remedy.PLAN_RESTORES_STOP),
        path="stop_loss",
        applied=builders.stop(58500),
        filed=builders.stop(58500),
    ),
)
EDITS = (
    finding(
        FindingKind.DRIFT,
        Topic.FIELD,
        path="stop_loss.conditional.price.value",
        applied="58500",
        filed="58700",
        live="58000",
    ),
    finding(
        FindingKind.DRIFT,
        Topic.FIELD,
        path="take_profit.steps[1]",
        applied=builders.step(66000, 50),
        filed=builders.step(66000, 50),
    ),
    finding(
        FindingKind.DRIFT,
        Topic.NOTE,
        code=reason(DriftCode.NOTE_EDITED),
        path="note",
        applied="",
        filed="",
        live="x",
    ),
    finding(
        FindingKind.DRIFT,
        Topic.DUPLICATE,
        "eth",
        code=reason(DriftCode.DUPLICATE_NAME, live_ids=(8, 9)),
        live_id=8,
    ),
)
FILES = (
    finding(FindingKind.FILE, Topic.CHANGED, code=reason(DriftCode.FILE_CHANGED)),
    finding(
        FindingKind.FILE,
        Topic.CHANGED_AND_PERHAPS_EDITED,
        "eth",
        code=reason(DriftCode.FILE_CHANGED_PERHAPS_EDITED),
    ),
    finding(
        FindingKind.FILE,
        Topic.UNDER_WAY,
        "sol",
        code=reason(DriftCode.CHANGE_UNFINISHED),
        hint=reason(Remedy.APPLY_COMPLETES_IT),
    ),
    finding(FindingKind.FILE, Topic.NOT_LIVE, "ada", code=reason(DriftCode.NOT_LIVE), live_id=None),
)
ENTERED = reason(DriftCode.POSITION_ENTERED, units=Amount(Decimal("0.01"), "BTC"), price=Amount(Decimal(60000), "USDT"))
PROGRESS = (
    finding(FindingKind.PROGRESS, Topic.ENTERED, code=ENTERED),
    finding(FindingKind.PROGRESS, Topic.STEPS_HIT, code=reason(DriftCode.STEPS_EXECUTED, executed=1, total=2)),
    finding(
        FindingKind.PROGRESS, Topic.ENDED, "eth", code=reason(DriftCode.ENDED_BY_MARKET, status="stop_loss_finished")
    ),
)
CASES = {
    "nothing": report(checked=1),
    "progress": report(*PROGRESS),
    "loss": report(*LOSSES),
    "edits": report(*EDITS),
    "all": report(*LOSSES, *EDITS, *FILES, *PROGRESS),
    "many-files": report(*(replace(FILES[0], trade=f"t{number}") for number in range(9)), checked=9),
}
