"""A drift report as JSON; `schemas/drift.schema.json` describes the document."""

from __future__ import annotations

import json

from reconciler import __version__
from reconciler.codec.body import write_step, write_stop_loss
from reconciler.codec.instants import write_instant
from reconciler.codec.reasons import write_reason
from reconciler.model.drift import DriftReport, Finding, FindingKind, Part, count_trades
from reconciler.model.terms import Step, StopLoss
from reconciler.rendering.finding_text import describe_finding
from reconciler.rendering.freeze_json import write_freeze
from reconciler.rendering.risk_json import write_risk_change

KIND = "reconciler-drift"
# Readers refuse another major number and ignore unknown keys of the same one.
FORMAT_VERSION = "1.2"


def render_drift_json(report: DriftReport) -> str:
    """Write a report as a JSON document with a line feed at its end."""
    return json.dumps(write_report(report), indent=2, ensure_ascii=False) + "\n"


def write_report(report: DriftReport) -> dict[str, object]:
    """Make the document of a report."""
    context = report.context
    return {
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "reconciler_version": __version__,
        "workspace": context.workspace,
        "target": {"name": context.target, "kind": context.target_kind, "mode": context.mode},
        "git_commit": context.git_commit,
        "checked_at": write_instant(report.made_at),
        "has_journal": report.has_journal,
        "summary": {
            "checked": report.checked,
            **{kind.value: count_trades(report.of(kind)) for kind in FindingKind},
        },
        "requests": report.requests,
        "not_managed": list(report.unmanaged),
        "freezes": [write_freeze(freeze) for freeze in report.freezes],
        "risks": {trade: write_risk_change(risk) for trade, risk in report.risks.items()},
        "findings": [write_finding(finding, report.pairs) for finding in report.findings],
    }


def write_finding(finding: Finding, pairs: dict[str, str]) -> dict[str, object]:
    """Make the object of one finding.

    Args:
        finding: The finding.
        pairs: Trade to its pair.
    """
    return {
        "kind": finding.kind.value,
        "topic": finding.topic.value,
        "trade": finding.trade,
        "live_id": finding.live_id,
        "pair": pairs.get(finding.trade),
        "path": finding.path or None,
        "applied": _write_part(finding.applied),
        "filed": _write_part(finding.filed),
        "live": _write_part(finding.live),
        "reason": write_reason(finding.reason),
        "hint": write_reason(finding.hint) if finding.hint else None,
        "text": describe_finding(finding),
    }


def _write_part(part: Part) -> object:
    if isinstance(part, Step):
        return write_step(part)
    if isinstance(part, StopLoss):
        return write_stop_loss(part)
    return part
