"""Bad news about a trade."""

from __future__ import annotations

from reconciler.model.drift import Topic
from reconciler.model.news import News
from reconciler.model.news_codes import NewsCode
from reconciler.model.reasons import reason
from reconciler.model.remedies import Remedy


def test_news_and_its_remedy_can_be_said_as_one_reason() -> None:
    found, remedy = reason(NewsCode.VANISHED, live_id=7), reason(Remedy.LIST_VANISHED, live_id=7)
    news = News(topic=Topic.VANISHED, trade="btc-dip", live_id=7, reason=found, hint=remedy)
    assert news.reason_with_hint == reason(NewsCode.WITH_REMEDY, found=found, remedy=remedy)
