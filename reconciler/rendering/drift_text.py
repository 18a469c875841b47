"""What was found about live trades as text: losses first, then edits, then one line each for files and market."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from reconciler.model.drift import DriftReport, Finding, FindingKind, Part, Topic, count_trades
from reconciler.model.terms import Step, StopLoss
from reconciler.rendering.style import Style, printable
from reconciler.rendering.terms_text import describe_step, describe_stop
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged

NO_DRIFT = "No drift."
_ADVICE = (
    "To put back what the files say: reconciler plan, then apply. To keep an edit: reconciler import --update NAME."
)

# More names than this in one line are only counted.
_LONGEST_LIST = 8
_PROGRESS_WORDS = {
    Topic.BUSY: "{} busy",
    Topic.FILLING: "{} filling",
    Topic.ENTERED: "{} entered",
    Topic.STEPS_HIT: "{} with steps hit",
    Topic.STOP_MOVED: "{} with a moved stop",
    Topic.LEVELS_SET: "{} with percent become prices",
    Topic.ENDED: "{} ended",
}
_FILE_LINES = {
    Topic.CHANGED: "Changed in the file and not applied yet (reconciler plan)",
    Topic.CHANGED_AND_PERHAPS_EDITED: "Changed in the file, and perhaps edited outside too (reconciler plan)",
    Topic.UNDER_WAY: "A change was begun and is not finished (reconciler apply settles it)",
    Topic.NOT_LIVE: "In a file and not live (reconciler plan)",
}


def render_drift(report: DriftReport, style: Style | None = None, *, is_verbose: bool = False) -> str:
    """A report as text with a line feed at its end.

    Args:
        report: What to show.
        style: Colours; plain when left out.
        is_verbose: Whether to tell the progress of every trade.
    """
    return "\n".join(_report_lines(report, style or Style(), is_verbose=is_verbose)) + "\n"


def describe_finding(finding: Finding) -> str:
    """A finding in one line, without its trade."""
    if finding.kind is FindingKind.DRIFT and finding.path:
        return f"{_shorten(finding.path)}  {_describe_change(finding)}"
    return printable(finding.text)


def subject_of(finding: Finding) -> str:
    """The trade of a finding, with the id of its live trade."""
    return f"{printable(finding.trade)} #{finding.live_id}" if finding.live_id else printable(finding.trade)


def _report_lines(report: DriftReport, style: Style, *, is_verbose: bool) -> Iterator[str]:
    context = report.context
    head = f"Workspace {context.workspace}, target {context.target} ({context.mode})"
    yield style.paint(printable(head), "bold")
    yield ""
    by_trade: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.alarms:
        by_trade[finding.trade].append(finding)
    for trade, findings in by_trade.items():
        yield from _trade_lines(findings, report.pairs.get(trade, ""), style)
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


def _trade_lines(mine: Sequence[Finding], pair: str, style: Style) -> Iterator[str]:
    """What was found of one trade."""
    is_loss = any(finding.kind is FindingKind.LOSS for finding in mine)
    symbol, word, color = ("!", "LOSS", "red") if is_loss else ("~", "edited outside the files", "yellow")
    head = f"  {symbol} {subject_of(mine[0])}  {printable(pair)}  {word}"
    yield style.paint(head, color, "bold")
    for finding in mine:
        if finding.kind is FindingKind.LOSS or not finding.path:
            yield "      " + style.paint(
                printable(finding.text), *(["red"] if finding.kind is FindingKind.LOSS else [])
            )
    edits = [finding for finding in mine if finding.kind is FindingKind.DRIFT and finding.path]
    width = max((len(_shorten(finding.path)) for finding in edits), default=0)
    for finding in edits:
        yield f"      {_shorten(finding.path)}:".ljust(width + 7) + f"  {_describe_change(finding)}"


def _describe_change(finding: Finding) -> str:
    filed = ""
    if finding.filed != finding.applied and finding.kind is FindingKind.DRIFT:
        filed = f"  (the file says {_describe_part(finding.filed)})"
    return f"{_describe_part(finding.applied)} -> {_describe_part(finding.live)}{filed}"


def _describe_part(part: Part) -> str:
    if isinstance(part, Step):
        return describe_step(part)
    if isinstance(part, StopLoss):
        return describe_stop(part)
    return "(none)" if not part else printable(part)


def _file_lines(findings: Sequence[Finding]) -> Iterator[str]:
    for topic, words in _FILE_LINES.items():
        names = [finding.trade for finding in findings if finding.topic is topic]
        if names:
            yield f"{words}: {_list_names(names)}"


def _progress_lines(report: DriftReport, *, is_verbose: bool) -> Iterator[str]:
    findings = report.of(FindingKind.PROGRESS)
    if is_verbose:
        for finding in findings:
            yield f"  {subject_of(finding)}: {printable(finding.text)}"
    counts = Counter(finding.topic for finding in findings)
    if counts:
        told = ", ".join(words.format(counts[topic]) for topic, words in _PROGRESS_WORDS.items() if counts[topic])
        yield f"Progress: {told}."


def _summarize(report: DriftReport, style: Style) -> str:
    if not report.alarms:
        return style.paint(f"{NO_DRIFT} {_count(report.checked, 'trade')} looked at.", "bold")
    lost = count_trades(report.of(FindingKind.LOSS))
    edited = count_trades(report.of(FindingKind.DRIFT))
    line = f"Drift: {lost} lost, {edited} edited outside, {_count(report.checked, 'trade')} looked at."
    return style.paint(line, "bold")


def _list_names(names: Sequence[str]) -> str:
    if len(names) > _LONGEST_LIST:
        return _count(len(names), "trade")
    return ", ".join(map(printable, names))


def _shorten(path: str) -> str:
    """A path as the short form of a plan file has it."""
    return printable(path).replace("take_profit.steps", "take_profit").removesuffix(".value")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
