"""The plan as text, in the manner of Terraform: the verdict, the index, and one block a trade, danger first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.operations import Operation
from reconciler.model.phrases import Tone
from reconciler.model.plan import Plan
from reconciler.model.plan_view import NoticeView, PlanView
from reconciler.rendering.phrases import capitalize, phrase, value
from reconciler.rendering.style import Style, printable
from reconciler.rendering.text.cards import blocked_lines, card_lines
from reconciler.rendering.text.head import alert_lines, output_lines, rule_lines, time_lines, title_lines, verdict_lines
from reconciler.rendering.text.index import index_lines
from reconciler.rendering.text.lines import LEAST_WIDTH, TONE_COLORS, USUAL_WIDTH, Screen
from reconciler.rendering.text.sums import limit_lines, risk_lines
from reconciler.rendering.views.plan_view import view_plan


def render_plan(plan: Plan, style: Style | None = None, *, width: int = USUAL_WIDTH, is_brief: bool = False) -> str:
    """Write the plan as text with a line feed at its end.

    Args:
        plan: What to show.
        style: Colours; plain when left out.
        width: Cells of a line, at least 60.
        is_brief: Whether the changes themselves are left out, so that verdict and index are all.
    """
    return render_plan_view(view_plan(plan), style, width=width, is_brief=is_brief)


def render_plan_view(
    view: PlanView, style: Style | None = None, *, width: int = USUAL_WIDTH, is_brief: bool = False
) -> str:
    """Write the view of a plan as text; see `render_plan`."""
    screen = Screen(width=max(width, LEAST_WIDTH), style=style or Style())
    return "\n".join(_plan_lines(view, screen, is_brief=is_brief)) + "\n"


def describe_operation(operation: Operation) -> str:
    """Write one line for progress: `btc-dip: create`."""
    return f"{printable(operation.trade)}: {operation.action.value.replace('_', ' ')}"


def _plan_lines(view: PlanView, screen: Screen, *, is_brief: bool) -> Iterator[str]:
    yield from title_lines(view.title, screen)
    yield from time_lines(view.title, screen)
    yield ""
    for part in _parts(view, screen, is_brief=is_brief):
        lines = list(part)
        if lines:
            yield from lines
            yield ""
    yield from _closing_lines(view, screen)


def _parts(view: PlanView, screen: Screen, *, is_brief: bool) -> Iterator[Iterator[str]]:
    """Yield the parts that an empty line ends; one without lines is left out."""
    yield alert_lines(view.freezes, screen)
    yield verdict_lines(view, screen)
    yield rule_lines(view.rules, screen)
    yield output_lines(view.verdict.policies, screen)
    yield index_lines(view, screen, is_whole=is_brief)
    if not is_brief:
        yield risk_lines(view.risk, screen)
        yield limit_lines(view.limits, screen)
    notices = [each for each in view.notices if not is_brief or each.tone is Tone.DANGER]
    yield _notice_lines(notices, screen)
    if not is_brief:
        yield from (card_lines(card, screen) for card in view.cards)
        yield from (blocked_lines(blocked, screen) for blocked in view.blocked)


def _notice_lines(notices: Sequence[NoticeView], screen: Screen) -> Iterator[str]:
    for notice in notices:
        subject = " ".join(part for part in (notice.trade, f"#{notice.live_id}" if notice.live_id else "") if part)
        source = phrase(" ", value(notice.source)) if notice.source and not subject else ()
        head = phrase(notice.kind, phrase(" ", value(subject)) if subject else (), source, ":")
        colors = TONE_COLORS[notice.tone] or ("dim",)
        first, *others = screen.wrap(phrase(head, " ", notice.text), indent=2)
        length = min(len(first), 2 + sum(len(printable(span.text)) for span in head))
        yield f"  {screen.paint(first[2:length], *colors)}{first[length:]}"
        yield from others


def _closing_lines(view: PlanView, screen: Screen) -> Iterator[str]:
    if not view.verdict.is_applicable:
        remedy = view.verdict.remedy or phrase(capitalize(phrase(view.verdict.head)), ".")
        for line in screen.wrap(phrase(f"{view.verdict.word}. ", remedy)):
            yield screen.paint(line, "red", "bold")
    if view.cards or view.blocked:
        yield screen.paint(view.summary, "bold")
    for sentence in view.closing:
        yield from screen.wrap(sentence)
