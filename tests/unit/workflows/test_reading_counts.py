"""What readings took, so that it is known what the same readings will take again."""

from __future__ import annotations

from dataclasses import replace

from reconciler.live.history import HistoryReading
from reconciler.workflows.reading_counts import ReadingCounts

READING = HistoryReading(newest={}, unreadable=(), reached_end=True, workspaces=frozenset({"test"}), elsewhere={})


def test_only_a_search_that_reached_the_end_without_a_tie_counts_as_the_whole_history() -> None:
    counts = ReadingCounts()
    counts.add_search(3, replace(READING, reached_end=False))
    assert (counts.last_search, counts.reached_end, counts.whole_history) == (3, False, 0)
    counts.add_search(4, replace(READING, is_tied=True))
    assert (counts.last_search, counts.reached_end, counts.whole_history) == (4, False, 0)
    counts.add_search(5, READING)
    assert (counts.last_search, counts.reached_end, counts.whole_history) == (5, True, 5)
