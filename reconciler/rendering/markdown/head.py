"""The head of a comment: title, verdict, changed rules, and all numbers that a reviewer needs first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.codec.instants import write_second
from reconciler.model.phrases import Phrase, Tone
from reconciler.model.plan_view import LimitsView, LimitView, NoticeView, PlanView, RiskView, VerdictView
from reconciler.model.views import AlertView, OutputView, TitleView
from reconciler.rendering.markdown.escape import block, code, prose, sentence, tag, visible
from reconciler.rendering.markdown.tables import SIGNS, list_items, write_alert, write_row
from reconciler.rendering.phrases import name_values
from reconciler.rendering.words import count_of

_MOST_NAMES = 2
_USED = {Tone.DANGER: "**{}**"}


def write_title(title: TitleView, what: str) -> str:
    """Write what a comment is about.

    Args:
        title: Workspace and target.
        what: `Plan`, `Apply` or `Drift`.
    """
    mode = "real money" if title.is_real else prose(title.mode)
    return f"### {what} for {code(title.workspace)} on {code(title.target)} · {mode}"


def write_verdict(view: PlanView, most: int) -> Iterator[str]:
    """Write why a plan cannot be applied, which rules have changed, and what else stands above all changes."""
    for alert in view.freezes[:most]:
        yield write_alert("CAUTION" if alert.tone is Tone.DANGER else "NOTE", [sentence(alert.text)])
    verdict = view.verdict
    if not verdict.is_applicable:
        reasons = list(list_items(verdict.reasons, most, "reasons"))
        part = _write_part(verdict) if verdict.held else []
        yield write_alert("CAUTION", [f"**{verdict.word}: {prose(verdict.head)}.**", "", *part, *reasons])
    if view.rules is not None:
        rules = [
            f"- {code(each.path)} {_show(each.before)} → {_show(each.after)}"
            + (f" ({sentence(name_values(each.trades, _MOST_NAMES))})" if each.trades else "")
            for each in view.rules.changes[:most]
        ]
        more = len(view.rules.changes) - most
        rules += [f"- and {more} more rules"] if more > 0 else []
        head = f"**The rules change in this plan**, compared with {code(view.rules.base)}:"
        yield write_alert("WARNING", [head, "", *rules])
    for output in verdict.policies:
        yield _write_output(output, most)
    if verdict.notes:
        yield "\n".join(list_items(verdict.notes, most, "notes"))


def _write_part(verdict: VerdictView) -> list[str]:
    """Write which operations would be sent and which would wait."""
    named = [f"- Would be sent: {sentence(verdict.sent)}", f"- **Held back**: {sentence(verdict.held)}"]
    return [*named, "", f"{prose(verdict.cause)}:", ""]


def write_risk(risk: RiskView) -> Iterator[str]:
    """Write the money at risk before and after."""
    if not risk.currencies:
        return
    lines = [write_row(["Risk", "", "Before", "After", "Change"]), "|---|---|--:|--:|--:|"]
    for each in risk.currencies:
        first = f"**{code(each.currency, in_table=True)}**"
        for row in each.sums:
            after = f"**{row.after}**" if row.is_loss else row.after
            lines.append(write_row([first, row.name, row.before, after, row.change.replace("-", "&minus;")]))
            first = ""
    yield "\n".join(lines)
    notes = [note for each in risk.currencies for note in each.notes]
    said = [*notes, *risk.unknown, *risk.notes]
    if said:
        yield "\n".join(list_items(said, len(notes) + 20, "notes"))


def write_limits(limits: LimitsView, most: int) -> Iterator[str]:
    """Write the limits in use, folded unless one is passed."""
    if not limits.rows and not limits.rest:
        return
    over = sum(row.tone is Tone.DANGER for row in limits.rows)
    near = sum(row.tone is Tone.WARNING for row in limits.rows)
    counts = ", ".join(
        text for text in (f"{over} over its limit" if over else "", f"{near} at or near it" if near else "") if text
    )
    rows = [_write_limit(row) for row in limits.rows[:most]]
    rest = len(limits.rows) - most
    table = [write_row(["", "Guardrail", "Plan", "Limit", "Used", "By"]), "|:-:|---|--:|--:|--:|---|", *rows, ""]
    below = [f"and {count_of(rest, 'more limit')} in use.", ""] if rest > 0 else []
    below += [f"Far from: {_write_rest(limits.rest, most)}.", ""] if limits.rest else []
    summary = f"Guardrails: {counts or 'none near its limit'}"
    opened = " open" if over else ""
    head = f"<details{opened}><summary>{summary}</summary>"
    yield "\n".join([head, "", *(table if rows else []), *below, "</details>"])


def _write_rest(rest: Sequence[Phrase], most: int) -> str:
    more = f" and {len(rest) - most} more" if len(rest) > most else ""
    return f"{', '.join(map(sentence, rest[:most]))}{more}"


def write_notices(notices: Sequence[NoticeView], most: int) -> Iterator[str]:
    """Write what to know that asks for no operation."""
    if not notices:
        return
    lines = []
    for each in notices[:most]:
        subject = " ".join(part for part in (each.trade, f"#{each.live_id}" if each.live_id else "") if part)
        named = f" {code(subject)}" if subject else ""
        source = f" ({code(each.source)})" if each.source else ""
        kind = f"**{prose(each.kind)}**" if each.tone is Tone.DANGER else prose(each.kind)
        lines.append(f"- {kind}{named}: {sentence(each.text)}{source}")
    if len(notices) > most:
        lines.append(f"- and {count_of(len(notices) - most, 'more notice')}")
    yield "\n".join(lines)


def write_times(title: TitleView, seen: str = "prices seen") -> str:
    """Write which plan it is, from which commit, and how long it holds.

    Args:
        title: The title.
        seen: What happened at its time.
    """
    if title.against:
        seen = f"compared with {code(title.against)}"
    parts = [f"{seen} {write_second(title.seen_at)}"]
    if title.digest:
        parts.insert(0, f"plan {code(title.digest[:19])}")
    if title.commit:
        parts.append(f"commit {code(title.commit)}{' with uncommitted changes' if title.is_dirty else ''}")
    if title.expires_at:
        parts.append(f"expires {write_second(title.expires_at)}")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}"


def write_alerts(alerts: Sequence[AlertView]) -> str:
    """Write sentences that stand out as items of a list."""
    return "\n".join(f"- {SIGNS[each.tone]} {sentence(each.text)}" for each in alerts)


def _write_limit(row: LimitView) -> str:
    name = code(" ".join(part for part in (row.name, row.scope, row.unit) if part), in_table=True)
    sign = SIGNS[row.tone] if row.tone is not Tone.QUIET else ""
    used = f"**{prose(row.used)}**" if row.tone is Tone.DANGER else prose(row.used)
    trades = sentence(name_values(row.trades, _MOST_NAMES), in_table=True)
    base = f", was {row.base}" if row.base else ""
    return write_row([sign, name, row.value, row.limit, used, f"{trades}{base}".removeprefix(", ")])


def _write_output(output: OutputView, most: int) -> str:
    sign = SIGNS[output.tone]
    lines = [visible(line) for line in output.lines[:most]]
    more = output.more + len(output.lines) - len(lines)
    lines += [f"... and {more} lines more"] if more else []
    head = f"{sign} {tag(''.join(span.text for span in output.head))}: <code>{tag(output.command)}</code>"
    opened = " open" if output.tone is Tone.DANGER else ""
    body = [block(lines), ""] if lines else []
    return "\n".join([f"<details{opened}><summary>{head}</summary>", "", *body, "</details>"])


def _show(value: str | None) -> str:
    return "(none)" if value is None else code(value)
