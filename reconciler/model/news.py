"""Bad news about a trade: `plan`, `drift` and `status` report it on every run until somebody has dealt with it."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.drift import Topic
from reconciler.model.live import LiveTrade
from reconciler.model.news_codes import NewsCode
from reconciler.model.reasons import Reason, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One piece of bad news.

    Attributes:
        topic: Its subject; `BUSY` if a change in the files waits for a trade between two phases.
        trade: Name of the trade.
        live_id: SmartTrade id.
        reason: The news as a code of `NewsCode` with values.
        hint: The remedy as a code of `Remedy` with values.
        live: The trade as it was read, or None.
    """

    topic: Topic
    trade: str
    live_id: int
    reason: Reason
    hint: Reason
    live: LiveTrade | None = None

    @property
    def reason_with_hint(self) -> Reason:
        """The news and its remedy as one reason."""
        return reason(NewsCode.WITH_REMEDY, found=self.reason, remedy=self.hint)
