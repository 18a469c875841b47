"""A drift report as text: losses first, then edits, then one line each for files and market."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.drift import DriftReport
from reconciler.model.drift_view import DriftCard, DriftView
from reconciler.model.phrases import Phrase, Tone
from reconciler.rendering.freeze_text import freeze_lines
from reconciler.rendering.phrases import phrase, value
from reconciler.rendering.style import Style, printable
from reconciler.rendering.text.head import title_lines
from reconciler.rendering.text.ladder import ladder_lines
from reconciler.rendering.text.lines import LEAST_WIDTH, TONE_COLORS, USUAL_WIDTH, Screen, pad, show_value, widest
from reconciler.rendering.views.drift_view import view_drift

_INDENT = 6
# A longer path pushes its values to the right, and not those of others.
_LONGEST_PATH = 40


def render_drift(
    report: DriftReport, style: Style | None = None, *, width: int = USUAL_WIDTH, is_verbose: bool = False
) -> str:
    """Write a report as text with a line feed at its end.

    Args:
        report: The report.
        style: Colours; plain text by default.
        width: Cells of a line, at least 60.
        is_verbose: Whether to show the progress of every trade.
    """
    screen = Screen(width=max(width, LEAST_WIDTH), style=style or Style())
    return "\n".join(_report_lines(view_drift(report), report, screen, is_verbose=is_verbose)) + "\n"


def _report_lines(view: DriftView, report: DriftReport, screen: Screen, *, is_verbose: bool) -> Iterator[str]:
    yield from title_lines(view.title, screen)
    yield from freeze_lines(report.freezes, screen.style)
    yield ""
    for card in view.cards:
        yield from _card_lines(card, screen)
        yield ""
    if is_verbose:
        for detail in view.details:
            yield from screen.wrap(detail, indent=2)
    for line in view.lines:
        yield from screen.wrap(line)
    if view.lines or (is_verbose and view.details):
        yield ""
    yield screen.paint(view.head, "bold")
    for sentence in view.closing:
        yield from screen.wrap(sentence)


def _card_lines(card: DriftCard, screen: Screen) -> Iterator[str]:
    """Write the findings about one trade."""
    colors = ("red", "bold") if card.tone is Tone.DANGER else ("yellow", "bold")
    symbol = "!" if card.tone is Tone.DANGER else "~"
    live_id = f" #{card.live_id}" if card.live_id else ""
    head = phrase(value(card.trade), live_id, "  ", value(card.pair), f"  {card.word}")
    lines = screen.wrap(head, lead=f"  {symbol} ", deeper=_INDENT)
    yield from (screen.paint(line, *colors) for line in lines)
    for finding in card.findings:
        yield from _colored(finding.text, finding.tone, screen)
    yield from _edit_lines(card, screen)
    if card.risk:
        yield from _colored(phrase("risk: ", card.risk), Tone.DANGER if card.is_worse else Tone.QUIET, screen)
    for unknown in card.unknown:
        yield from screen.wrap(unknown, indent=_INDENT, tone=Tone.WARNING)
    if card.ladder is not None:
        yield from ladder_lines(card.ladder, screen)


def _colored(sentence: Phrase, tone: Tone, screen: Screen) -> Iterator[str]:
    """Write a sentence; bad news is red and not bold, since the head of the card is."""
    colors = TONE_COLORS[tone][:1]
    return (screen.paint_line(line, *colors) for line in screen.wrap(sentence, indent=_INDENT))


def _edit_lines(card: DriftCard, screen: Screen) -> Iterator[str]:
    paths = [f"{printable(each.path)}:" for each in card.edits]
    width = min(widest(paths), _LONGEST_PATH)
    for path, each in zip(paths, card.edits, strict=True):
        filed = phrase("  (the file says ", value(each.filed), ")") if each.filed is not None else ()
        change = phrase(show_value(each.applied), " -> ", show_value(each.live), filed)
        yield from screen.wrap(change, indent=_INDENT, lead=f"{pad(path, width)}  ")
