"""The head of a plan as text: what it is for, the verdict, the words that allow it, and which rules have changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.codec.instants import write_second
from reconciler.model.phrases import Tone
from reconciler.model.plan_view import PlanView, RulesView, VerdictView
from reconciler.model.views import AlertView, OutputView, TitleView
from reconciler.rendering.phrases import name_values, phrase, value
from reconciler.rendering.style import printable
from reconciler.rendering.text.lines import Screen, pad, show_value, widest

_MOST_NAMES = 3
_REAL = "REAL MONEY"
# A longer path pushes its values to the right, and not those of others.
_LONGEST_PATH = 40


def title_lines(title: TitleView, screen: Screen) -> Iterator[str]:
    """Write what a view is about."""
    mode = _REAL if title.is_real else title.mode
    commit = phrase(", commit ", value(title.commit)) if title.commit else ()
    dirty = " with uncommitted changes" if title.is_dirty else ""
    head = phrase("Workspace ", value(title.workspace), ", target ", value(title.target), f" ({mode})", commit, dirty)
    for line in screen.wrap(head):
        before, real, after = line.rpartition(_REAL) if title.is_real else (line, "", "")
        yield screen.paint_line(before, "bold") + screen.paint(real, "red", "bold") + screen.paint(after, "bold")


def time_lines(title: TitleView, screen: Screen) -> Iterator[str]:
    """Write when prices were read, and how long a plan holds."""
    expires = f", expires {write_second(title.expires_at)}" if title.expires_at else ""
    seen = phrase("Compared with ", value(title.against)) if title.against else phrase("Prices seen")
    yield from screen.wrap((*seen, *phrase(f" {write_second(title.seen_at)}{expires}")))


def alert_lines(alerts: Sequence[AlertView], screen: Screen, indent: int = 0) -> Iterator[str]:
    """Write sentences that stand out."""
    for alert in alerts:
        yield from screen.wrap(alert.text, indent=indent, tone=alert.tone)


def verdict_lines(view: PlanView, screen: Screen) -> Iterator[str]:
    """Write whether a plan can be applied, and why not; nothing of one that does nothing."""
    verdict = view.verdict
    if not verdict.is_applicable:
        if verdict.held:
            yield from _part_lines(verdict, screen)
        yield screen.paint(verdict.cause or f"NOT APPLICABLE: {verdict.head}", "red", "bold")
        for reason in verdict.reasons:
            first, *others = screen.wrap(reason, indent=4)
            yield f"  {screen.paint('!', 'red', 'bold')} {first[4:]}"
            yield from others
    elif view.cards:
        yield screen.paint(f"Applicable: {verdict.head}.", "bold")
    yield from _note_lines(verdict, screen)


def _part_lines(verdict: VerdictView, screen: Screen) -> Iterator[str]:
    """Write which operations would be sent and which would wait."""
    for line in screen.wrap(f"{verdict.word}: {verdict.head}."):
        yield screen.paint_line(line, "yellow", "bold")
    yield from screen.wrap(phrase("Would be sent: ", verdict.sent), indent=2)
    yield from screen.wrap(phrase("Held back: ", verdict.held), indent=2)


def rule_lines(rules: RulesView | None, screen: Screen) -> Iterator[str]:
    """Write the rules that differ from the base of the review."""
    if rules is None:
        return
    yield from screen.wrap(phrase("Rules changed against ", value(rules.base), ":"), tone=Tone.DANGER)
    width = widest(printable(each.path) for each in rules.changes)
    for each in rules.changes:
        before, after = (show_value(side) for side in (each.before, each.after))
        trades = phrase("  (", name_values(each.trades, _MOST_NAMES), ")") if each.trades else ()
        lead = pad(f"{printable(each.path)}  ", min(width, _LONGEST_PATH) + 2)
        yield from screen.wrap(phrase(before, " -> ", after, trades), indent=2, lead=lead)


def _note_lines(verdict: VerdictView, screen: Screen) -> Iterator[str]:
    for note in verdict.notes:
        yield from screen.wrap(note, indent=2, tone=Tone.WARNING)


def output_lines(outputs: Sequence[OutputView], screen: Screen) -> Iterator[str]:
    """Write the verdicts of the user's own rules, each with what its program printed."""
    for output in outputs:
        yield from screen.wrap(phrase(output.head, ":"), tone=output.tone)
        yield from screen.wrap((value(output.command),), indent=2)
        for line in output.lines:
            yield from screen.wrap((value(line),), lead="    | ", deeper=6)
        if output.more:
            yield f"    | ... and {output.more} lines more"
