"""The sentences of bad news, as codes; `rendering/news_words.py` has the words."""

from __future__ import annotations

from enum import StrEnum


class NewsCode(StrEnum):
    """A sentence of bad news about one trade."""

    CANCELLED_OUTSIDE = "trade_cancelled_outside"
    CLOSED_OUTSIDE = "trade_closed_outside"
    FAILED = "trade_failed"
    LIQUIDATED = "trade_liquidated"
    COINS_HELD = "unprotected_coins_held"
    BUSY_AND_CHANGED = "busy_and_changed"
    BUSY_AND_IN_NO_FILE = "busy_and_in_no_file"
    UNLISTED = "unlisted_trade"
    UNLISTED_UNREAD = "unlisted_trade_not_read"
    VANISHED = "open_trade_vanished"
    # A sentence of bad news together with its remedy.
    WITH_REMEDY = "news_with_remedy"
