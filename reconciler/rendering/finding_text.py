"""One finding as text."""

from __future__ import annotations

from reconciler.model.drift import Finding, FindingKind, Part
from reconciler.model.terms import Step, StopLoss
from reconciler.rendering.reasons import describe
from reconciler.rendering.style import printable
from reconciler.rendering.terms_text import describe_step, describe_stop


def describe_finding(finding: Finding) -> str:
    """Write the sentence of a finding with its remedy, without its trade; text of the API is not escaped."""
    sentence = describe(finding.reason)
    return f"{sentence}: {describe(finding.hint)}" if finding.hint else sentence


def finding_line(finding: Finding) -> str:
    """Write a finding in one line, without its trade: the edit of an input, else its sentence."""
    if is_field_edit(finding):
        return f"{shorten_path(finding.path)}  {describe_change(finding)}"
    return printable(describe_finding(finding))


def finding_trade(finding: Finding) -> str:
    """Write the trade of a finding, with the id of its live trade."""
    return f"{printable(finding.trade)} #{finding.live_id}" if finding.live_id else printable(finding.trade)


def is_field_edit(finding: Finding) -> bool:
    """Return whether a finding is shown as the old and the new value of an input."""
    return finding.kind is FindingKind.DRIFT and bool(finding.path)


def describe_change(finding: Finding) -> str:
    """Write the applied and the live value of an edited input, and the value in the file if it differs."""
    filed = ""
    if finding.filed != finding.applied:
        filed = f"  (the file says {_describe_part(finding.filed)})"
    return f"{_describe_part(finding.applied)} -> {_describe_part(finding.live)}{filed}"


def shorten_path(path: str) -> str:
    """Write a path in the short form of plan files."""
    return printable(path).replace("take_profit.steps", "take_profit").removesuffix(".value")


def _describe_part(part: Part) -> str:
    if isinstance(part, Step):
        return describe_step(part)
    if isinstance(part, StopLoss):
        return describe_stop(part)
    return "(none)" if not part else printable(part)
