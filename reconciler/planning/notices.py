"""The notices of a plan that need somebody's attention: bad news, and losses that nothing in the plan ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reconciler.model.drift import Topic
from reconciler.model.news import News
from reconciler.model.operations import Action, Operation
from reconciler.model.plan import Notice, NoticeKind

# What else is said about a trade that ended, or that is between two phases.
_SAID_BY_NEWS = (NoticeKind.ENDED, NoticeKind.BUSY)
# What sends the stop of a trade again, or ends the trade.
_ENDING_A_LOSS = (Action.UPDATE, Action.REPLACE, Action.CANCEL, Action.CLOSE)


def add_news(notices: Iterable[Notice], planned: Iterable[Operation], news: Sequence[News]) -> list[Notice]:
    """Add bad news to the notices of a plan, and mark what needs attention.

    Args:
        notices: The other notices.
        planned: The operations.
        news: Bad news; it replaces other notices about the same end.
    """
    reported = {each.live_id for each in news}
    mended = {
        operation.precondition.live_id
        for operation in planned
        if operation.precondition is not None and operation.action in _ENDING_A_LOSS
    }
    kept = [notice for notice in notices if not (notice.live_id in reported and notice.kind in _SAID_BY_NEWS)]
    marked = [
        replace(notice, needs_attention=notice.kind is NoticeKind.LOSS and notice.live_id not in mended)
        for notice in kept
    ]
    return [*marked, *map(_notice, news)]


def _notice(news: News) -> Notice:
    kind = NoticeKind.BUSY if news.topic is Topic.BUSY else NoticeKind.LOSS
    return Notice(kind=kind, trade=news.trade, live_id=news.live_id, reason=news.reason_with_hint, needs_attention=True)
