"""Notifications as plain text: a title, and a line for each change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from reconciler.model.alerts import AlertChange, AlertEvent, Due
from reconciler.rendering.style import printable

# A chat room shows so much at once; the rest is counted.
MOST_LINES = 20
MOST_LINE_CHARS = 400
_NOUNS = {
    AlertEvent.LOSS: ("loss", "losses"),
    AlertEvent.INDETERMINATE: ("unknown outcome", "unknown outcomes"),
    AlertEvent.APPLY_FAILED: ("failure of apply", "failures of apply"),
    AlertEvent.GUARDRAIL: ("guardrail", "guardrails"),
    AlertEvent.FREEZE: ("freeze", "freezes"),
    AlertEvent.DRIFT: ("edit outside", "edits outside"),
    AlertEvent.APPLIED: ("apply done", "applies done"),
}
_HEADS = {AlertChange.APPEARED: "", AlertChange.WORSENED: "worse: ", AlertChange.CLEARED: "over: "}
_WORDS = {
    AlertEvent.LOSS: "LOSS",
    AlertEvent.INDETERMINATE: "UNKNOWN OUTCOME",
    AlertEvent.APPLY_FAILED: "APPLY FAILED",
    AlertEvent.GUARDRAIL: "GUARDRAIL",
    AlertEvent.FREEZE: "FREEZE",
    AlertEvent.DRIFT: "DRIFT",
    AlertEvent.APPLIED: "APPLIED",
}
# In a chat room these would notify people or make links; the text comes from outside.
_LIVELY = (("@", "(at)"), ("://", ":/ /"), ("<", "("), ("`", "'"))
_BLANKS = re.compile(r"\s+")


def render_alert_title(place: str, due: Sequence[Due]) -> str:
    """Write the title: where, and how much of what.

    Args:
        place: Workspace, target and mode.
        due: What is notified of.
    """
    counts = Counter((each.change is AlertChange.CLEARED, each.event) for each in due)
    parts = [
        f"{count} {_NOUNS[event][count != 1]}{' over' if is_over else ''}"
        for (is_over, event), count in sorted(counts.items(), key=lambda item: item[0][0])
    ]
    return f"reconciler {place}: {', '.join(parts)}"


def render_alert_body(due: Sequence[Due], origin: str = "") -> str:
    """Write a line for each change, the most severe first.

    Args:
        due: What is notified of.
        origin: Who started the run and where; empty if that is not known.
    """
    lines = [_render_line(each) for each in due[:MOST_LINES]]
    if len(due) > MOST_LINES:
        lines.append(f"and {len(due) - MOST_LINES} more")
    return "\n".join([*lines, *([origin] if origin else [])])


def _render_line(due: Due) -> str:
    subject = f"{calm(due.subject)}: " if due.subject and not due.text.startswith(due.subject) else ""
    line = f"{_HEADS[due.change]}{_WORDS[due.event]} {subject}{calm(due.text)}"
    return line if len(line) <= MOST_LINE_CHARS else f"{line[: MOST_LINE_CHARS - 3]}..."


def calm(text: str) -> str:
    """Write text from outside so that a chat room notifies nobody, links nothing and shows it in one line."""
    shown = printable(_BLANKS.sub(" ", text))
    for lively, replacement in _LIVELY:
        shown = shown.replace(lively, replacement)
    return shown
