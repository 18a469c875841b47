"""The numbers of requests that the readings of a run took."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.live.history import HistoryReading


@dataclass(slots=True, kw_only=True)
class ReadingCounts:
    """Requests that readings took, so that it is known what the same readings will take again.

    Attributes:
        active: All active trades.
        whole_history: The history to its end; 0 if it was not read to its end.
        last_search: The last search of the history.
        reached_end: Whether that one reached its end.
    """

    active: int = 0
    whole_history: int = 0
    last_search: int = 0
    reached_end: bool = False

    def add_search(self, requests: int, reading: HistoryReading) -> None:
        """Remember a search of the history."""
        self.last_search, self.reached_end = requests, reading.reached_end and not reading.is_tied
        if self.reached_end:
            self.whole_history = requests
