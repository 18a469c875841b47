"""A plan in the format that the user asks for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from reconciler.cli.console import print_result, print_text, use_color
from reconciler.cli.terminal import find_width

if TYPE_CHECKING:
    from reconciler.model.plan import Plan

# Where all of a plan is, if a comment has no room for it.
_ELSEWHERE = "the saved plan and its page"
# Wide enough for every line of a file or a pipe.
_UNWRAPPED = 2000
# Longer lines are hard to read.
_WIDEST = 160


def print_plan(plan: Plan, format_: str = "text", *, is_brief: bool = False, max_bytes: int | None = None) -> None:
    """Print a plan on standard output.

    Args:
        plan: The plan.
        format_: `text`, `json`, `markdown` or `html`.
        is_brief: Whether text has verdict and index only.
        max_bytes: Largest Markdown in bytes of UTF-8; by default what a step summary takes.
    """
    if format_ == "text":
        print_text(render_text(plan, is_brief=is_brief))
    else:
        print_result(_render(plan, format_, max_bytes))


def render_text(plan: Plan, stream: TextIO | None = None, *, is_brief: bool = False) -> str:
    """Write a plan as text for a stream, by default standard output: as wide as its terminal, else unwrapped."""
    from reconciler.rendering.plan_text import render_plan
    from reconciler.rendering.style import Style

    shown_on = stream or sys.stdout
    return render_plan(plan, Style(use_color(shown_on)), width=find_text_width(shown_on), is_brief=is_brief)


def find_text_width(stream: TextIO | None) -> int:
    """Return the width of text on a stream: that of its terminal, or of COLUMNS if it is exported.

    A file or a pipe gets whole lines, so that a sentence can be found in them and a note copied.
    """
    width = find_width(stream)
    if width is not None:
        return min(width, _WIDEST)
    exported = os.environ.get("COLUMNS", "")
    return min(int(exported), _WIDEST) if exported.isascii() and exported.isdigit() else _UNWRAPPED


def _render(plan: Plan, format_: str, max_bytes: int | None) -> str:
    from reconciler.saved_plan.files import digest_plan, write_plan

    if format_ == "json":
        return write_plan(plan)
    from reconciler.rendering.views.plan_view import view_plan

    view = view_plan(plan, digest_plan(plan))
    if format_ == "html":
        from reconciler.rendering.html.pages import render_plan_page

        return render_plan_page(view)
    from reconciler.rendering.markdown.budget import SUMMARY_BYTES
    from reconciler.rendering.plan_markdown import render_plan_markdown

    budget = SUMMARY_BYTES if max_bytes is None else max_bytes
    return render_plan_markdown(view, budget=budget, elsewhere=_ELSEWHERE)
