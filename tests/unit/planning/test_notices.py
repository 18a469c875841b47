"""Notices that need attention."""

from __future__ import annotations

from reconciler.model.drift import Topic
from reconciler.model.live import Phase
from reconciler.model.news import News
from reconciler.model.news_codes import NewsCode
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.reasons import reason
from reconciler.model.remedies import Remedy
from reconciler.planning.notices import add_news
from reconciler.rendering.reasons import describe
from tests.support import builders, planning

LOSS = Notice(kind=NoticeKind.LOSS, trade="btc-dip", live_id=7, reason=reason(NoticeReason.STOP_GONE))
ENDED = Notice(kind=NoticeKind.ENDED, trade="btc-dip", live_id=7, reason=reason(NoticeReason.ENDED, status="failed"))
NEWS = News(
    topic=Topic.ENDED,
    trade="btc-dip",
    live_id=7,
    reason=reason(NewsCode.FAILED),
    hint=reason(Remedy.PLAN_AGAIN_LATER),
)
UPDATE = planning.only(
    planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [builders.live(phase=Phase.OPEN)])
)


def test_a_loss_needs_attention_until_something_in_the_plan_ends_it() -> None:
    assert [each.needs_attention for each in add_news([LOSS], [], [])] == [True]
    assert [each.needs_attention for each in add_news([LOSS], [UPDATE], [])] == [False]


def test_news_replace_what_is_said_about_the_same_end() -> None:
    (news,) = add_news([ENDED], [], [NEWS])

    assert (news.kind, news.live_id, news.needs_attention) == (NoticeKind.LOSS, 7, True)
    assert describe(news.reason) == "it failed: plan again later"


def test_an_end_without_news_needs_no_attention() -> None:
    assert add_news([ENDED], [], []) == [ENDED]
