"""The plan as Markdown: for a comment on a pull request, and for the summary of a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.plan_view import IndexRow, PlanView
from reconciler.rendering.markdown.budget import SUMMARY_BYTES, Choice, Piece, choose, measure
from reconciler.rendering.markdown.cards import INDEX_HEAD, is_always_shown, write_blocked, write_card, write_index_row
from reconciler.rendering.markdown.escape import prose, sentence
from reconciler.rendering.markdown.head import (
    write_limits,
    write_notices,
    write_risk,
    write_times,
    write_title,
    write_verdict,
)
from reconciler.rendering.views.rest import count_rows

# How much of each list of the head is shown; the next one if the head alone leaves no room for changes.
_MOST = (40, 10, 3, 1)
# The head takes at most this share of the budget.
_SHARE = 2


def render_plan_markdown(view: PlanView, *, budget: int = SUMMARY_BYTES, elsewhere: str = "") -> str:
    """Write a plan as Markdown with a line feed at its end, never larger than a budget.

    The head, dangerous rows and their blocks come first. Then rows, then blocks from the most dangerous on, whole ones
    only; what is left out is counted with its money.

    Args:
        view: The plan.
        budget: Bytes of UTF-8; with less than the shortest head needs, the head alone.
        elsewhere: Where all of it is, for the sentence about what is left out: `the step summary and plan.html`.
    """
    end = _write_end(view)
    head, numbers = _fit_head(view, budget, end)
    pieces = _make_pieces(view)
    fixed = sum(measure(part) + 2 for part in (*head, *numbers, end, INDEX_HEAD))
    choice = choose(pieces, budget - fixed)
    parts = [*head, *_write_index(view, pieces, choice, elsewhere), *numbers]
    parts += [pieces[place].block for place in choice.blocks]
    parts += _write_rest(view, choice, elsewhere)
    return "\n\n".join([*parts, end]) + "\n"


def _fit_head(view: PlanView, budget: int, end: str) -> tuple[Sequence[str], Sequence[str]]:
    """Write what stands before and behind the index, with as much of its lists as leaves room for the changes."""
    head: Sequence[str] = ()
    numbers: Sequence[str] = ()
    for most in _MOST:
        head = list(_write_head(view, most))
        numbers = [*write_risk(view.risk), *write_limits(view.limits, most), *write_notices(view.notices, most)]
        if sum(map(measure, (*head, *numbers, end))) <= budget // _SHARE:
            break
    return head, numbers


def _write_head(view: PlanView, most: int) -> Iterator[str]:
    yield write_title(view.title, "Plan")
    yield from write_verdict(view, most)
    if view.cards or view.blocked:
        yield view.summary


def _write_end(view: PlanView) -> str:
    closing = [sentence(each) for each in view.closing]
    applies = "Applies exactly as shown, or not at all. " if view.cards and not view.title.against else ""
    if view.verdict.held:
        applies = "Of this plan only what is named as sent would be applied, exactly as shown. "
    last = f"{applies}{write_times(view.title)}."
    return "\n\n".join([" ".join(closing), f"<sub>{last}</sub>"])


def _make_pieces(view: PlanView) -> list[Piece]:
    blocks = {card.row: write_card(card) for card in view.cards}
    blocks |= {blocked.row: write_blocked(blocked) for blocked in view.blocked}
    return [
        Piece(row=write_index_row(row), block=blocks.get(row, ""), is_dangerous=is_always_shown(row))
        for row in view.rows
    ]


def _write_index(view: PlanView, pieces: Sequence[Piece], choice: Choice, elsewhere: str) -> list[str]:
    if not pieces:
        return []
    shown = frozenset(choice.rows)
    lines = [INDEX_HEAD, *(pieces[place].row for place in choice.rows)]
    rest = [row for place, row in enumerate(view.rows) if place not in shown]
    return ["\n".join(lines), *_count_rest(rest, f"and {len(rest)} more: ", elsewhere)]


def _write_rest(view: PlanView, choice: Choice, elsewhere: str) -> list[str]:
    """Count the changes that have a row and no block."""
    shown = frozenset(choice.blocks)
    rest = [view.rows[place] for place in choice.rows if place not in shown and view.rows[place].action]
    return _count_rest(rest, f"{len(rest)} without details here: ", elsewhere)


def _count_rest(rows: Sequence[IndexRow], lead: str, elsewhere: str) -> list[str]:
    if not rows:
        return []
    dangerous = sum(row.is_dangerous for row in rows)
    warning = f" **{dangerous} of them {'is' if dangerous == 1 else 'are'} dangerous.**" if dangerous else ""
    place = f"; all of it: {prose(elsewhere)}" if elsewhere else ""
    return [f"{lead}{sentence(count_rows(rows))}{place}.{warning}"]
