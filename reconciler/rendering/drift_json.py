"""What was found about live trades as JSON; `schemas/drift.schema.json` describes what is written here."""

from __future__ import annotations

import json
from datetime import datetime

from reconciler import __version__
from reconciler.codec.body import write_step, write_stop_loss
from reconciler.model.drift import DriftReport, Finding, FindingKind, Part, count_trades
from reconciler.model.terms import Step, StopLoss

KIND = "reconciler-drift"
# Readers refuse another major number and ignore unknown keys of the same one.
FORMAT_VERSION = "1.0"


def render_drift_json(report: DriftReport) -> str:
    """A report as a JSON document with a line feed at its end."""
    return json.dumps(write_report(report), indent=2, ensure_ascii=False) + "\n"


def write_report(report: DriftReport) -> dict[str, object]:
    """The document of a report."""
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
        "findings": [write_finding(finding, report.pairs) for finding in report.findings],
    }


def write_finding(finding: Finding, pairs: dict[str, str]) -> dict[str, object]:
    """One finding as an object.

    Args:
        finding: What was found.
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
        "text": finding.text,
    }


def write_instant(instant: datetime) -> str:
    """An instant in UTC, to the second."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


def _write_part(part: Part) -> object:
    if isinstance(part, Step):
        return write_step(part)
    if isinstance(part, StopLoss):
        return write_stop_loss(part)
    return part
