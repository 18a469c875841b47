"""Bad news about a trade: what is said on every run until somebody has taken over."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.drift import Topic
from reconciler.model.live import LiveTrade


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One piece of bad news.

    Attributes:
        topic: What it is about; `BUSY` where a change in the files waits behind a trade between two phases.
        trade: Name of the trade.
        live_id: SmartTrade id.
        text: What was found, for the user.
        hint: What ends it.
        live: The trade as it was read, or None.
    """

    topic: Topic
    trade: str
    live_id: int
    text: str
    hint: str
    live: LiveTrade | None = None

    def __str__(self) -> str:
        return f"{self.text}: {self.hint}"
