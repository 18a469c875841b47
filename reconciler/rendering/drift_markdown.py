"""A drift report as Markdown, for the summary of a step, an issue or a message."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.codec.instants import write_second
from reconciler.model.drift_view import DriftCard, DriftView
from reconciler.model.phrases import Tone
from reconciler.rendering.markdown.budget import SUMMARY_BYTES, Piece, choose, measure
from reconciler.rendering.markdown.escape import code, prose, sentence, tag
from reconciler.rendering.markdown.head import write_alerts, write_title
from reconciler.rendering.markdown.tables import SIGNS, write_alert, write_ladder, write_row, write_sentence
from reconciler.rendering.phrases import phrase
from reconciler.rendering.words import count_of

_ALERTS = {Tone.DANGER: "CAUTION", Tone.WARNING: "WARNING", Tone.GOOD: "NOTE"}
_EDIT_HEAD = "\n".join([write_row(["Field", "Applied", "Live", "File"]), "|---|--:|--:|--:|"])


def render_drift_markdown(view: DriftView, *, budget: int = SUMMARY_BYTES) -> str:
    """Write a report as Markdown with a line feed at its end; losses first.

    Args:
        view: The report.
        budget: Bytes of UTF-8; trades that do not fit are counted.
    """
    head = [write_title(view.title, "Drift"), write_alert(_ALERTS[view.tone], [f"**{prose(view.head)}**"])]
    head += [write_alerts(view.freezes)] if view.freezes else []
    end = [*(["\n".join(f"- {sentence(each)}" for each in view.lines)] if view.lines else []), _write_end(view)]
    pieces = [Piece(row="", block=_write_card(card), is_dangerous=card.tone is Tone.DANGER) for card in view.cards]
    fixed = sum(measure(part) + 2 for part in (*head, *end))
    choice = choose(pieces, budget - fixed)
    rest = len(pieces) - len(choice.blocks)
    counted = [f"and {count_of(rest, 'more trade')} with findings."] if rest else []
    return "\n\n".join([*head, *(pieces[place].block for place in choice.blocks), *counted, *end]) + "\n"


def _write_card(card: DriftCard) -> str:
    subject = f"{card.trade} #{card.live_id}" if card.live_id else card.trade
    sign = SIGNS[card.tone]
    summary = f"{sign} <code>{tag(subject)}</code> {tag(card.pair)} <b>{tag(card.word)}</b>"
    opened = " open" if card.tone is Tone.DANGER else ""
    return "\n\n".join([f"<details{opened}><summary>{summary}</summary>", *_write_parts(card), "</details>"])


def _write_parts(card: DriftCard) -> Iterator[str]:
    if card.findings:
        yield "\n".join(f"- {sentence(each.text)}" for each in card.findings)
    if card.edits:
        rows = [
            write_row([code(each.path, in_table=True), _show(each.applied), _show(each.live), _show_filed(each.filed)])
            for each in card.edits
        ]
        yield "\n".join([_EDIT_HEAD, *rows])
    if card.risk:
        said = write_sentence(phrase("risk: ", card.risk))
        yield f"**{said}**" if card.is_worse else said
    if card.unknown:
        yield "\n".join(f"- {SIGNS[Tone.WARNING]} {sentence(each)}" for each in card.unknown)
    if card.ladder is not None:
        yield write_ladder(card.ladder)


def _write_end(view: DriftView) -> str:
    closing = " ".join(sentence(each) for each in view.closing)
    commit = f", commit {code(view.title.commit)}" if view.title.commit else ""
    return f"{closing}\n\n<sub>Checked {write_second(view.title.seen_at)}{commit}.</sub>"


def _show(value: str | None) -> str:
    return "(none)" if value is None else code(value, in_table=True)


def _show_filed(value: str | None) -> str:
    return "as applied" if value is None else code(value, in_table=True)
