"""Notices: what to know that asks for no operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reconciler.model.phrases import Phrase, Tone
from reconciler.model.plan import Notice, NoticeKind, Plan
from reconciler.model.plan_view import NoticeView
from reconciler.model.problems import Problem
from reconciler.rendering.phrases import join, phrase, value
from reconciler.rendering.reasons import say
from reconciler.rendering.views.fields import find_source
from reconciler.rendering.words import count_of

# Trades that have ended as they should are history: more of them than this are only counted.
_LONGEST_ENDED_LIST = 5
_WORDS = {
    NoticeKind.LOSS: "LOSS",
    NoticeKind.NOT_OPENED: "not opened",
    NoticeKind.ENDED: "ended",
    NoticeKind.BUSY: "busy",
    NoticeKind.IGNORED: "ignored",
    NoticeKind.WARNING: "warning",
    NoticeKind.LATER: "later",
}
# The most urgent first.
_ORDER = (
    NoticeKind.LOSS,
    NoticeKind.BUSY,
    NoticeKind.WARNING,
    NoticeKind.NOT_OPENED,
    NoticeKind.IGNORED,
    NoticeKind.LATER,
    NoticeKind.ENDED,
)


def view_notices(plan: Plan) -> tuple[NoticeView, ...]:
    """Make the notices of a plan, the most urgent first, and the warnings of its files."""
    ended = [notice for notice in plan.notices if notice.kind is NoticeKind.ENDED]
    is_long = len(ended) > _LONGEST_ENDED_LIST
    shown = [each for each in sorted(plan.notices, key=_rank) if not (is_long and each.kind is NoticeKind.ENDED)]
    counted = [_view_count(ended)] if is_long else []
    return (*(_view_notice(each, plan) for each in shown), *counted, *map(_view_warning, sorted(plan.warnings)))


def _rank(notice: Notice) -> tuple[bool, bool, int, str]:
    is_lost = notice.kind is NoticeKind.LOSS
    return not is_lost, not notice.needs_attention, _ORDER.index(notice.kind), notice.trade


def _view_notice(notice: Notice, plan: Plan) -> NoticeView:
    is_bad = notice.kind is NoticeKind.LOSS or notice.needs_attention
    return NoticeView(
        kind=_WORDS[notice.kind],
        trade=notice.trade,
        live_id=notice.live_id,
        text=say(notice.reason),
        tone=Tone.DANGER if is_bad else Tone.QUIET,
        source=find_source(notice.trade, plan.sources),
    )


def _view_count(ended: list[Notice]) -> NoticeView:
    counts = Counter(say(notice.reason) for notice in ended).most_common()
    text = phrase(f"{count_of(len(ended), 'trade')} (", join(_say_counts(counts), ", "), ")")
    return NoticeView(kind=_WORDS[NoticeKind.ENDED], trade="", live_id=None, text=text, tone=Tone.QUIET)


def _say_counts(counts: list[tuple[Phrase, int]]) -> Iterator[Phrase]:
    return (phrase(f"{count} ", text) for text, count in counts)


def _view_warning(warning: Problem) -> NoticeView:
    about = phrase(value(warning.path), ": ") if warning.path else ()
    return NoticeView(
        kind=_WORDS[NoticeKind.WARNING],
        trade="",
        live_id=None,
        text=phrase(about, value(warning.message)),
        tone=Tone.WARNING,
        source=f"{warning.file}:{warning.line}:{warning.column}",
    )
