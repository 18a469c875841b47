"""The view of a check of drift: losses first, then edits, then files and market."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from reconciler.guardrails.freeze import explain_freezes
from reconciler.model.drift import DriftReport, Finding, FindingKind, Part, Topic, count_trades
from reconciler.model.drift_view import DriftCard, DriftView, EditView
from reconciler.model.phrases import Phrase, Tone
from reconciler.model.risk import OperationRisk
from reconciler.model.terms import Step, StopLoss
from reconciler.model.views import AlertView
from reconciler.rendering.finding_text import is_field_edit
from reconciler.rendering.phrases import join, phrase, value
from reconciler.rendering.reasons import say
from reconciler.rendering.risk_text import describe_risk_change, name_part
from reconciler.rendering.terms_text import describe_step, describe_stop
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged
from reconciler.rendering.views.fields import shorten_path
from reconciler.rendering.views.ladders import view_ladder
from reconciler.rendering.views.titles import view_title
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


def view_drift(report: DriftReport) -> DriftView:
    """Make the view of a report."""
    by_trade: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.alarms:
        by_trade[finding.trade].append(finding)
    return DriftView(
        title=view_title(report.context),
        freezes=tuple(
            AlertView(tone=Tone.DANGER, text=phrase("FROZEN by ", say(each)))
            for each in explain_freezes(report.freezes)
        ),
        head=_summarize(report),
        tone=_find_tone(report),
        cards=tuple(_view_card(findings, report) for findings in _sort_trades(by_trade, report)),
        lines=(*_say_files(report.of(FindingKind.FILE)), *_say_progress(report)),
        details=tuple(
            phrase(_name(finding), ": ", _say_finding(finding)) for finding in report.of(FindingKind.PROGRESS)
        ),
        closing=tuple(_say_closing(report)),
    )


def _sort_trades(by_trade: Mapping[str, Sequence[Finding]], report: DriftReport) -> list[Sequence[Finding]]:
    """Sort trades: losses first, then by how much more can be lost; what is not known counts as the most."""
    return sorted(by_trade.values(), key=lambda findings: _rank(findings, report.risks.get(findings[0].trade)))


def _rank(mine: Sequence[Finding], risk: OperationRisk | None) -> tuple[bool, Decimal]:
    growth = Decimal(0) if risk is None else find_loss_growth(risk)
    is_lost = any(finding.kind is FindingKind.LOSS for finding in mine)
    return not is_lost, Decimal("-Infinity") if growth is None else -growth


def _view_card(mine: Sequence[Finding], report: DriftReport) -> DriftCard:
    """Make the card of the findings about one trade."""
    first = mine[0]
    is_loss = any(finding.kind is FindingKind.LOSS for finding in mine)
    risk = report.risks.get(first.trade)
    side = (risk.after or risk.before) if risk else None
    pair = report.pairs.get(first.trade, "")
    return DriftCard(
        trade=first.trade,
        live_id=first.live_id,
        pair=pair,
        tone=Tone.DANGER if is_loss else Tone.WARNING,
        word="LOSS" if is_loss else "edited outside the files",
        findings=tuple(_view_finding(each) for each in mine if not is_field_edit(each)),
        edits=tuple(_view_edit(each) for each in mine if is_field_edit(each)),
        risk=phrase(describe_risk_change(risk)) if risk else (),
        is_worse=risk is not None and _is_worse(risk),
        unknown=tuple(
            phrase(f"not known: {name_part(each.part)}: ", say(each.reason)) for each in (side.unknown if side else ())
        ),
        ladder=view_ladder(risk, pair.partition("_")[2]) if risk else None,
    )


def _is_worse(risk: OperationRisk) -> bool:
    growth = find_loss_growth(risk)
    return (growth is not None and growth > 0) or (risk.after is not None and not risk.after.has_stop)


def _view_finding(finding: Finding) -> AlertView:
    is_loss = finding.kind is FindingKind.LOSS
    return AlertView(tone=Tone.DANGER if is_loss else Tone.QUIET, text=_say_finding(finding))


def _say_finding(finding: Finding) -> Phrase:
    return join([say(each) for each in (finding.reason, finding.hint) if each], ": ")


def _view_edit(finding: Finding) -> EditView:
    return EditView(
        path=shorten_path(finding.path),
        applied=_show_part(finding.applied),
        live=_show_part(finding.live),
        filed=_show_part(finding.filed) or "(none)" if finding.filed != finding.applied else None,
    )


def _show_part(part: Part) -> str | None:
    if isinstance(part, Step):
        return describe_step(part)
    if isinstance(part, StopLoss):
        return describe_stop(part)
    return part or None


def _name(finding: Finding) -> Phrase:
    return phrase(value(finding.trade), f" #{finding.live_id}" if finding.live_id else "")


def _say_files(findings: Sequence[Finding]) -> Iterator[Phrase]:
    for topic, words in _FILE_LINES.items():
        names = [finding.trade for finding in findings if finding.topic is topic]
        if len(names) > _LONGEST_LIST:
            yield phrase(f"{words}: {count_of(len(names), 'trade')}")
        elif names:
            yield phrase(f"{words}: ", join(((value(name),) for name in names), ", "))


def _say_progress(report: DriftReport) -> Iterator[Phrase]:
    counts = Counter(finding.topic for finding in report.of(FindingKind.PROGRESS))
    if counts:
        parts = ", ".join(words.format(counts[topic]) for topic, words in _PROGRESS_WORDS.items() if counts[topic])
        yield phrase(f"Progress: {parts}.")


def _summarize(report: DriftReport) -> str:
    checked = f"{count_of(report.checked, 'trade')} checked."
    if not report.alarms:
        return f"{NO_DRIFT} {checked}"
    lost = count_trades(report.of(FindingKind.LOSS))
    edited = count_trades(report.of(FindingKind.DRIFT))
    return f"Drift: {lost} lost, {edited} edited outside, {checked}"


def _find_tone(report: DriftReport) -> Tone:
    if report.of(FindingKind.LOSS):
        return Tone.DANGER
    return Tone.WARNING if report.alarms else Tone.GOOD


def _say_closing(report: DriftReport) -> Iterator[Phrase]:
    if report.of(FindingKind.DRIFT):
        yield phrase(_ADVICE)
    outside = [each.live_id for each in report.of(FindingKind.INFORMATION) if each.live_id is not None]
    yield from (phrase(text) for text in (describe_unmanaged(report.unmanaged), describe_outside(outside)) if text)
    yield phrase(f"Requests: {report.requests} used.")
