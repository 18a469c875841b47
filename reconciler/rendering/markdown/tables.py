"""Parts of Markdown that several views share: tables, alerts, and the signs of tones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.phrases import Phrase, Tone
from reconciler.model.views import FieldView, LadderView
from reconciler.rendering.markdown.escape import block, code, prose, sentence
from reconciler.rendering.phrases import capitalize, end_sentence
from reconciler.rendering.text.ladder import ladder_text

SIGNS = {
    Tone.DANGER: "🔴",
    Tone.MONEY: "🟠",
    Tone.NEUTRAL: "🔵",
    Tone.GOOD: "🟢",
    Tone.QUIET: "⚪",
    Tone.BLOCKED: "⛔",
    Tone.WARNING: "🟡",
}


def write_alert(kind: str, lines: Sequence[str]) -> str:
    """Write a quotation that stands out.

    Args:
        kind: `CAUTION`, `WARNING` or `NOTE`.
        lines: Markdown; each becomes a line of the quotation.
    """
    return "\n".join([f"> [!{kind}]", *(f"> {line}".rstrip() for line in lines)])


def write_row(cells: Sequence[str]) -> str:
    """Write a row of a table; its cells are Markdown in which bars are escaped."""
    return f"| {' | '.join(cells)} |"


def write_fields(fields: Sequence[FieldView], before: str = "Before", after: str = "After") -> str:
    """Write fields with their values on both sides as a table."""
    rows = [write_row([f"{code(each.path, in_table=True)}", _show(each.before), _show(each.after)]) for each in fields]
    return "\n".join([write_row(["Field", before, after]), "|---|--:|--:|", *rows])


def write_ladder(ladder: LadderView) -> str:
    """Write a price ladder as a diff."""
    return block(list(ladder_text(ladder)), "diff")


def write_sentence(said: Phrase) -> str:
    """Write a sentence with a capital and a full stop."""
    return sentence(end_sentence(capitalize(said)))


def list_items(sentences: Sequence[Phrase], most: int, what: str) -> Iterator[str]:
    """Write sentences as items of a list; those beyond a number are counted.

    Args:
        sentences: The most important first.
        most: How many are shown.
        what: What they are, for the count: `limits`.
    """
    for each in sentences[:most]:
        yield f"- {sentence(each)}"
    if len(sentences) > most:
        yield f"- and {len(sentences) - most} more {prose(what)}"


def _show(value: str | None) -> str:
    return "(none)" if value is None else code(value, in_table=True)
