"""What an apply did as Markdown, for a comment and for the summary of a step."""

from __future__ import annotations

from reconciler.model.apply_view import ApplyView, OutcomeView
from reconciler.model.phrases import Tone
from reconciler.rendering.markdown.budget import SUMMARY_BYTES, Piece, choose, measure
from reconciler.rendering.markdown.escape import block, code, prose, sentence, visible
from reconciler.rendering.markdown.head import write_times, write_title
from reconciler.rendering.markdown.tables import SIGNS, write_alert, write_row

# More than these are counted.
_MOST = 20
_ALERTS = {Tone.GOOD: "NOTE", Tone.WARNING: "WARNING", Tone.DANGER: "CAUTION"}
_HEAD = "\n".join([write_row(["", "Trade", "Operation", "Outcome", "What happened"]), "|:-:|---|---|---|---|"])


def render_apply_markdown(view: ApplyView, *, budget: int = SUMMARY_BYTES) -> str:
    """Write a run as Markdown with a line feed at its end; what went wrong first.

    Args:
        view: The run.
        budget: Bytes of UTF-8; rows that do not fit are counted.
    """
    head = [write_title(view.title, "Apply"), *_write_verdict(view)]
    end = f"<sub>{write_times(view.title, 'planned')}.</sub>"
    pieces = [
        Piece(row=_write_row(row), block=_write_takeover(row), is_dangerous=row.tone is Tone.DANGER)
        for row in view.rows
    ]
    fixed = sum(measure(part) + 2 for part in (*head, _HEAD, end))
    choice = choose(pieces, budget - fixed)
    parts = [*head]
    if choice.rows:
        parts.append("\n".join([_HEAD, *(pieces[place].row for place in choice.rows)]))
    rest = len(pieces) - len(choice.rows)
    parts += [f"and {rest} more operations."] if rest else []
    parts += [pieces[place].block for place in choice.blocks]
    return "\n\n".join([*parts, end]) + "\n"


def _write_verdict(view: ApplyView) -> list[str]:
    lines = [f"**{prose(view.head)}** {prose(view.summary)}"]
    if view.others:
        lines += ["", f"Operations: {prose(view.others)}. {prose(view.rest)}"]
    if view.error:
        lines += ["", f"Error: {sentence(view.error)}"]
    if view.unsettled:
        lines += ["", *(f"- {sentence(each)}" for each in view.unsettled[:_MOST])]
        lines += [f"- and {len(view.unsettled) - _MOST} more"] if len(view.unsettled) > _MOST else []
    lines += ["", *(sentence(each) for each in view.blocked)] if view.blocked else []
    return [write_alert(_ALERTS[view.tone], lines)]


def _write_row(row: OutcomeView) -> str:
    name = code(f"{row.trade} #{row.live_id}" if row.live_id else row.trade, in_table=True)
    ending = f"**{prose(row.ending)}**" if row.tone is not Tone.GOOD else prose(row.ending)
    operation = f"{prose(row.action)} ({prose(row.effect.name)})"
    sign = f"{SIGNS[row.tone]} `{row.symbol}`"
    return write_row([sign, name, operation, ending, sentence(row.text, in_table=True)])


def _write_takeover(row: OutcomeView) -> str:
    if not row.takeover:
        return ""
    head = f"This plan file manages what {code(row.trade)} has left:"
    return f"{head}\n\n{block([visible(line) for line in row.takeover.splitlines()], 'yaml')}"
