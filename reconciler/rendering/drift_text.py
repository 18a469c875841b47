"""A drift report as text: losses first, then edits, then one line each for files and market."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconciler.model.drift import DriftReport, Finding, FindingKind, Topic, count_trades
from reconciler.model.risk import OperationRisk
from reconciler.rendering.finding_text import (
    describe_change,
    describe_finding,
    finding_trade,
    is_field_edit,
    shorten_path,
)
from reconciler.rendering.folding import fold_text
from reconciler.rendering.freeze_text import freeze_lines
from reconciler.rendering.risk_text import describe_risk_change, describe_unknown
from reconciler.rendering.style import Style, printable
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged
from reconciler.rendering.words import count_of
from reconciler.risk.danger import find_loss_growth

NO_DRIFT = "No drift."
_ADVICE = (
    "To restore the values of the files: reconciler plan, then apply. To keep an edit: reconciler import --update NAME."
)

# A line lists at most this many names; more are counted.
_LONGEST_LIST = 8
_PROGRESS_WORDS = {
    Topic.BUSY: "{} busy",
    Topic.FILLING: "{} filling (what is filled has no stop yet)",
    Topic.ENTERED: "{} entered",
    Topic.STEPS_HIT: "{} with executed steps",
    Topic.STOP_MOVED: "{} with a moved stop",
    Topic.LEVELS_SET: "{} with percent become prices",
    Topic.ENDED: "{} ended",
}
_FILE_LINES = {
    Topic.CHANGED: "Changed in the file and not applied yet (reconciler plan)",
    Topic.CHANGED_AND_PERHAPS_EDITED: "Changed in the file, and perhaps edited outside too (reconciler plan)",
    Topic.UNDER_WAY: "A change was started and is not finished (reconciler apply completes it)",
    Topic.NOT_LIVE: "In a file, but not live (reconciler plan)",
}


def render_drift(report: DriftReport, style: Style | None = None, *, is_verbose: bool = False) -> str:
    """Write a report as text with a line feed at its end.

    Args:
        report: The report.
        style: Colours; plain text by default.
        is_verbose: Whether to show the progress of every trade.
    """
    return "\n".join(_report_lines(report, style or Style(), is_verbose=is_verbose)) + "\n"


def _report_lines(report: DriftReport, style: Style, *, is_verbose: bool) -> Iterator[str]:
    context = report.context
    head = f"Workspace {context.workspace}, target {context.target} ({context.mode})"
    yield style.paint(printable(head), "bold")
    yield from freeze_lines(report.freezes, style)
    yield ""
    by_trade: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.alarms:
        by_trade[finding.trade].append(finding)
    for trade in sorted(by_trade, key=lambda name: _rank_trade(by_trade[name], report.risks.get(name))):
        findings = by_trade[trade]
        yield from _trade_lines(findings, report.pairs.get(trade, ""), style)
        yield from _risk_lines(report.risks.get(trade), style)
        yield ""
    rest = [*_file_lines(report.of(FindingKind.FILE)), *_progress_lines(report, is_verbose=is_verbose)]
    yield from rest
    if rest:
        yield ""
    yield _summarize(report, style)
    if report.of(FindingKind.DRIFT):
        yield _ADVICE
    outside = [each.live_id for each in report.of(FindingKind.INFORMATION) if each.live_id is not None]
    yield from filter(None, [describe_unmanaged(report.unmanaged), describe_outside(outside)])
    yield f"Requests: {report.requests} used."


def _rank_trade(mine: Sequence[Finding], risk: OperationRisk | None) -> tuple[bool, Decimal]:
    """Rank a trade: losses first, then by how much more can be lost; what is not known counts as the most."""
    growth = Decimal(0) if risk is None else find_loss_growth(risk)
    is_lost = any(finding.kind is FindingKind.LOSS for finding in mine)
    return not is_lost, Decimal("-Infinity") if growth is None else -growth


def _trade_lines(mine: Sequence[Finding], pair: str, style: Style) -> Iterator[str]:
    """Write the findings about one trade."""
    is_loss = any(finding.kind is FindingKind.LOSS for finding in mine)
    symbol, word, color = ("!", "LOSS", "red") if is_loss else ("~", "edited outside the files", "yellow")
    head = f"  {symbol} {finding_trade(mine[0])}  {printable(pair)}  {word}"
    yield style.paint(head, color, "bold")
    for finding in mine:
        if not is_field_edit(finding):
            colors = ["red"] if finding.kind is FindingKind.LOSS else []
            yield "      " + style.paint(printable(describe_finding(finding)), *colors)
    edits = [finding for finding in mine if is_field_edit(finding)]
    width = max((len(shorten_path(finding.path)) for finding in edits), default=0)
    for finding in edits:
        yield f"      {shorten_path(finding.path)}:".ljust(width + 7) + f"  {describe_change(finding)}"


def _risk_lines(risk: OperationRisk | None, style: Style) -> Iterator[str]:
    """Write what an edit has done to the money at risk: as applied, and as it is live."""
    if risk is None:
        return
    text = describe_risk_change(risk)
    if text:
        growth = find_loss_growth(risk)
        is_worse = (growth is not None and growth > 0) or (risk.after is not None and not risk.after.has_stop)
        first, *others = fold_text(f"risk: {text}", indent=6)
        lines = [f"      {first}", *(f"        {line}" for line in others)]
        yield from (style.paint(line, *(("red",) if is_worse else ())) for line in lines)
    yield from (style.paint(f"      {printable(line)}", "yellow") for line in describe_unknown(risk))


def _file_lines(findings: Sequence[Finding]) -> Iterator[str]:
    for topic, words in _FILE_LINES.items():
        names = [finding.trade for finding in findings if finding.topic is topic]
        if names:
            yield f"{words}: {_list_names(names)}"


def _progress_lines(report: DriftReport, *, is_verbose: bool) -> Iterator[str]:
    findings = report.of(FindingKind.PROGRESS)
    if is_verbose:
        for finding in findings:
            yield f"  {finding_trade(finding)}: {printable(describe_finding(finding))}"
    counts = Counter(finding.topic for finding in findings)
    if counts:
        parts = ", ".join(words.format(counts[topic]) for topic, words in _PROGRESS_WORDS.items() if counts[topic])
        yield f"Progress: {parts}."


def _summarize(report: DriftReport, style: Style) -> str:
    checked = f"{count_of(report.checked, 'trade')} checked."
    if not report.alarms:
        return style.paint(f"{NO_DRIFT} {checked}", "bold")
    lost = count_trades(report.of(FindingKind.LOSS))
    edited = count_trades(report.of(FindingKind.DRIFT))
    return style.paint(f"Drift: {lost} lost, {edited} edited outside, {checked}", "bold")


def _list_names(names: Sequence[str]) -> str:
    if len(names) > _LONGEST_LIST:
        return count_of(len(names), "trade")
    return ", ".join(map(printable, names))
